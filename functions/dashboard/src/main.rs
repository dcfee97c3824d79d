//! Lambda function for the dashboard and the service's own pages, behind an API Gateway.

use std::sync::Arc;

use app::{
    App,
    http::{ClientIp, parts::SERVICE},
};
use dashboard::{Branding, Options, SIGN_IN_CALLBACK, SignInWays};
use lambda::{
    Settings,
    http::{Start, serve_with},
    identity::{Identity, SignInSettings},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    serve_with(SERVICE, |start: Start<'_, (Branding, SignInSettings)>| {
        let (branding, sign_in) = start.own;
        let clock = &start.backend.clock;
        let identity = Identity::new(&sign_in, start.settings, clock, start.secrets)?;
        let provider = sign_in.ways.provider.map(|provider| provider.options.name);
        let ways = SignInWays { token: sign_in.ways.token, provider };
        // The page calls the API in this process, so its reader can do no more than the API allows.
        Ok(move |app: &App, settings: &Settings| {
            let api = identity.complete(app, SIGN_IN_CALLBACK);
            let options = options(&api, settings, &branding, &ways);
            dashboard::router(move || api.router().merge(api.page_router()), options)
        })
    })
    .await
}

fn options(app: &App, settings: &Settings, branding: &Branding, ways: &SignInWays) -> Options {
    let backend = &app.backend;
    Options {
        secure: !backend.settings.public_url.starts_with("http://"),
        frame_ancestors: settings.frame_ancestors.clone(),
        jurisdictions: settings.jurisdictions.clone(),
        envelope: settings.envelope.clone(),
        retried_for: settings.retry_schedule.length(),
        branding: branding.clone(),
        clock: Arc::clone(&backend.clock),
        ids: Arc::clone(&backend.ids),
        vault: Arc::clone(&backend.vault),
        sign_in: ways.clone(),
        carry: ClientIp::carry,
    }
}
