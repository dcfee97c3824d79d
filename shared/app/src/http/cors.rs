//! Cross-origin requests: what browsers let a page of another origin do with the API.
//!
//! Routes for publishable keys answer pages of every origin, since those keys ship in them. All
//! others say nothing of origins, and browsers keep pages of other origins from them: a key that
//! may do more does not belong in a browser. No route ever takes a cookie, so none allows
//! credentials.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};

/// The methods of routes for publishable keys: none of them changes anything.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// The headers that a page may send, those of clients that send them with every request included.
const SENT: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key");
/// The headers of an answer that a page may read beside those that it may always read.
const READ: HeaderValue = HeaderValue::from_static(
    "X-Request-Id, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Reset, Retry-After, \
     WWW-Authenticate",
);
/// How long a browser may go by a preflight's answer, in seconds: a day, of which it takes what it
/// sees fit.
const REMEMBERED: HeaderValue = HeaderValue::from_static("86400");

/// Says of every answer, refusals included, that a page of any origin may read it.
pub(super) async fn readable(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// Answers `OPTIONS`, a browser's question before it sends what a page asks for. Browsers ask
/// without a credential.
pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS")),
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
