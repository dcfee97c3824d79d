//! Lambda function for the dashboard and the service's own pages, behind an API Gateway.

use std::sync::Arc;

use app::{
    App,
    http::{ClientIp, parts::SERVICE},
};
use dashboard::Options;
use lambda::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    // The page calls the API in this process, so its reader can do no more than the API allows.
    lambda::http::serve_with(SERVICE, |app, settings| {
        let api = app.clone();
        dashboard::router(move || api.router().merge(api.page_router()), options(app, settings))
    })
    .await
}

fn options(app: &App, settings: &Settings) -> Options {
    let backend = &app.backend;
    Options {
        secure: !backend.settings.public_url.starts_with("http://"),
        frame_ancestors: settings.frame_ancestors.clone(),
        clock: Arc::clone(&backend.clock),
        ids: Arc::clone(&backend.ids),
        vault: Arc::clone(&backend.vault),
        carry: ClientIp::carry,
    }
}
