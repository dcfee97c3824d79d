//! Answers to requests.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::Serialize;

use crate::{problem::Problem, work::Reply};

/// Result of a handler.
pub type Answered = Result<Reply, Problem>;

/// Serializes the body of a JSON answer. It ends in a newline, so that a terminal's prompt stands
/// on a line of its own after `curl`.
#[must_use]
pub fn json_line(resource: &impl Serialize) -> Bytes {
    // Types of answers, like those of documents, are structs of texts, numbers and lists, whose
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

/// Attaches the problem as an extension; the [gate](super::gate) writes the body, which names the
/// request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
