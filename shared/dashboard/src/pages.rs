//! Pages, one file each: its routes, and the handlers of its forms.

mod again;
mod confirm;
mod curl;
mod events;
pub(crate) mod expiry;
mod export;
mod files;
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

pub use operator::SIGN_IN_CALLBACK;

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use http::{HeaderMap, StatusCode};

use crate::{
    assets::{ASSETS, Assets},
    brand::Brand,
    client::Refusal,
    html::{Failure, page, see_other},
    session::{Portal, cookie::Whose, portal},
    state::Page,
};

/// Adds the routes of every page and form. One router is passed along instead of merging routers:
/// axum registers every route again when it merges, which a cold start would notice.
pub(crate) fn routes() -> Router<Page> {
    let common = Router::new()
        .route("/", get(root))
        .route("/dashboard", get(portal::enter).post(portal::sign_in))
        .route("/dashboard/", get(home))
        .route("/dashboard/signed-out", get(signed_out))
        .route("/dashboard/sign-out", post(portal::leave))
        .route("/dashboard/assets/{name}", get(files::serve))
        .route("/dashboard/{*rest}", any(nothing))
        .route("/operator/{*rest}", any(nothing));
    [keys::add, webhooks::add, logs::add, again::add, events::add, history::add, operator::add]
        .into_iter()
        .fold(common, |all, add| add(all))
        .method_not_allowed_fallback(nothing)
}

/// Answers "not found" at the pages that the operator leaves out.
pub(crate) async fn leave_out(State(page): State<Page>, request: Request, next: Next) -> Response {
    if page.brand().of.parts.have(request.uri().path()) {
        next.run(request).await
    } else {
        nothing().await
    }
}

/// Leads from the bare address to the pages, or to the documentation whoever is not signed in.
async fn root(State(dashboard): State<Page>, headers: HeaderMap) -> Response {
    let docs = dashboard.brand().of.docs_url.as_deref();
    match (dashboard.cookie(&headers, Whose::Portal), docs) {
        (Some(_), _) => see_other("/dashboard/"),
        (None, Some(docs)) => see_other(docs),
        (None, None) => see_other("/dashboard/signed-out"),
    }
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
struct SignedOut<'a> {
    assets: &'static Assets,
    brand: &'a Brand,
    title: Cow<'a, str>,
    text: Cow<'a, str>,
    next: Option<(Cow<'a, str>, Cow<'a, str>)>,
    is_bare: bool,
}

async fn signed_out(State(dashboard): State<Page>, headers: HeaderMap) -> Response {
    let (brand, say) = (dashboard.brand(), dashboard.say());
    let (title, text) = (say.messages.signed_out(), say.messages.signed_out_what());
    let (next, is_bare) = (None, brand.is_bare(&headers));
    page(StatusCode::OK, &SignedOut { assets: &ASSETS, brand, title, text, next, is_bare })
}
