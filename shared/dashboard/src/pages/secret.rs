//! A secret that was asked for: to a script as JSON, to everybody else as a page.

use askama::Template;
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use domain::{Revealed, Secret};
use http::{HeaderMap, StatusCode, header};

use crate::{
    client::resources::Shown,
    html::{Frame, page},
};

/// A secret, shown.
#[derive(Template)]
#[template(path = "secret.html")]
pub(crate) struct SecretPage<'a> {
    pub(crate) frame: Frame<'a>,
    /// What kind of secret.
    pub(crate) what: &'a str,
    /// Whose.
    pub(crate) of: &'a str,
    /// How to keep it.
    pub(crate) advice: &'a str,
    pub(crate) secret: &'a Secret,
    /// Where it is hidden again.
    pub(crate) back: String,
}

impl SecretPage<'_> {
    /// The answer to whoever asked.
    pub(crate) fn answer(self, headers: &HeaderMap) -> Response {
        if wants_json(headers) {
            return Json(Shown { secret: Revealed(self.secret.clone()) }).into_response();
        }
        page(StatusCode::OK, &self)
    }
}

/// Whether a script asks.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}
