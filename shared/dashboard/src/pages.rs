//! Pages, one file each: its routes, and the handlers of its forms.

mod confirm;
mod curl;
mod events;
pub(crate) mod expiry;
mod export;
mod history;
mod keys;
mod logs;
mod operator;
mod retries;
mod search;
mod secret;
mod snippets;
mod subscriptions;
mod timeline;
mod webhooks;

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use http::StatusCode;

use crate::{
    assets::{self, ASSETS, Assets},
    client::Refusal,
    html::{Failure, page, see_other},
    session::{Portal, portal},
    state::Page,
};

/// Adds the routes of every page and form. One router is passed along instead of merging routers:
/// axum registers every route again when it merges, which a cold start would notice.
pub(crate) fn routes() -> Router<Page> {
    let common = Router::new()
        .route("/dashboard", get(portal::enter).post(portal::sign_in))
        .route("/dashboard/", get(home))
        .route("/dashboard/signed-out", get(signed_out))
        .route("/dashboard/sign-out", post(portal::leave))
        .route("/dashboard/assets/{name}", get(assets::serve))
        .route("/dashboard/{*rest}", any(nothing))
        .route("/operator/{*rest}", any(nothing));
    [keys::add, webhooks::add, logs::add, events::add, history::add, operator::add]
        .into_iter()
        .fold(common, |all, add| add(all))
        .method_not_allowed_fallback(nothing)
}

/// Leads to the first page that the session may see.
async fn home(portal: Portal) -> Result<Response, Failure> {
    portal.terms.home().map(see_other).ok_or(Failure::Nothing)
}

async fn nothing() -> Response {
    Failure::from(Refusal::not_found()).into_response()
}

/// Page with a message.
#[derive(Template)]
#[template(path = "message.html")]
struct SignedOut {
    assets: &'static Assets,
    title: &'static str,
    text: &'static str,
    next: Option<(&'static str, &'static str)>,
}

async fn signed_out() -> Response {
    let text = "To come back, open Developer settings from the product that you use.";
    let signed_out = SignedOut { assets: &ASSETS, title: "You are signed out", text, next: None };
    page(StatusCode::OK, &signed_out)
}
