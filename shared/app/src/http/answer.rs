//! Answers.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::Serialize;

use crate::{problem::Problem, work::Reply};

/// A handler's result.
pub type Answered = Result<Reply, Problem>;

/// The body of a JSON answer. It ends in a newline, so that a terminal's prompt stands on a line of
/// its own after `curl`.
#[must_use]
pub fn json_line(resource: &impl Serialize) -> Bytes {
    // Like the types of documents, those of answers are structs of texts, numbers and lists, whose
    // serialization can't fail.
    let mut body = serde_json::to_vec(resource).unwrap_or_default();
    body.push(b'\n');
    body.into()
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        (self.status, [json], self.body).into_response()
    }
}

/// Leaves as an extension; the [gate](super::gate) writes the body, which names the request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
