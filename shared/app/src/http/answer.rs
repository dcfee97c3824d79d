//! Answers to requests.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{problem::Problem, work::Reply};

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut response = (status(self.status), [json], self.body).into_response();
        if self.is_replayed {
            let replayed = HeaderValue::from_static("true");
            response.headers_mut().insert("idempotent-replayed", replayed);
        }
        response
    }
}

/// Attaches the problem as an extension; the [gate](super::gate) writes the body, which names the
/// request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(self.code.status()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Returns the status with that number; 500 for a number that is none.
fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
