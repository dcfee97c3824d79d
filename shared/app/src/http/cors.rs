//! Cross-origin requests: which calls browsers allow to pages of other origins.
//!
//! Routes for publishable keys answer pages of every origin, since those keys are shipped in pages.
//! All other routes send no CORS headers, so browsers keep pages of other origins from them: a key
//! that may do more does not belong in a browser. No route takes a cookie, so none allows
//! credentials.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};

/// Methods of routes for publishable keys: none of them changes anything.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// Headers that a page may send, including those that clients send with every request.
const SENT: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key");
/// Headers of an answer that a page may read, besides those that are always readable.
const READ: HeaderValue = HeaderValue::from_static(
    "X-Request-Id, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Reset, Retry-After, \
     WWW-Authenticate",
);
/// Seconds for which a browser may cache a preflight's answer: a day, which browsers shorten as
/// they like.
const REMEMBERED: HeaderValue = HeaderValue::from_static("86400");

/// Marks every answer, refusals included, as readable by pages of any origin.
pub(super) async fn readable(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// Answers `OPTIONS`, the preflight request of a browser. Preflights carry no credential.
pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS")),
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
