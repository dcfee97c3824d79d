//! Lambda function for the dashboard and the service's own pages, behind an API Gateway.

use std::sync::Arc;

use app::{
    App,
    http::{ClientIp, parts::SERVICE},
};
use dashboard::{Branding, Options, SignInWays};
use lambda::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    // The page calls the API in this process, so its reader can do no more than the API allows.
    lambda::http::serve_with(SERVICE, |app, settings, branding| {
        let api = app.clone();
        let options = options(app, settings, branding);
        dashboard::router(move || api.router().merge(api.page_router()), options)
    })
    .await
}

fn options(app: &App, settings: &Settings, branding: &Branding) -> Options {
    let backend = &app.backend;
    Options {
        secure: !backend.settings.public_url.starts_with("http://"),
        frame_ancestors: settings.frame_ancestors.clone(),
        jurisdictions: settings.jurisdictions.clone(),
        envelope: settings.envelope.clone(),
        branding: branding.clone(),
        clock: Arc::clone(&backend.clock),
        ids: Arc::clone(&backend.ids),
        vault: Arc::clone(&backend.vault),
        sign_in: SignInWays::default(),
        carry: ClientIp::carry,
    }
}
