//! Answers.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::{problem::Problem, work::Reply};

/// A handler's result.
pub type Answered = Result<Reply, Problem>;

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
