//! Answer with a revealed secret: JSON for a script, otherwise a page.

use std::borrow::Cow;

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

/// Page that shows a secret.
#[derive(Template)]
#[template(path = "secret.html")]
pub(crate) struct SecretPage<'a> {
    pub(crate) frame: Frame<'a>,
    /// Kind of secret, in words.
    pub(crate) what: Cow<'a, str>,
    /// Name of its owner, a key or webhook.
    pub(crate) of: Cow<'a, str>,
    /// Advice on how to keep it.
    pub(crate) advice: Cow<'a, str>,
    pub(crate) secret: &'a Secret,
    /// Link back to the page on which it is hidden.
    pub(crate) back: String,
}

impl SecretPage<'_> {
    /// Builds the answer.
    pub(crate) fn answer(self, headers: &HeaderMap) -> Response {
        if wants_json(headers) {
            return Json(Shown { secret: Revealed(self.secret.clone()) }).into_response();
        }
        page(StatusCode::OK, &self)
    }
}

/// Returns whether a script asks.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}
