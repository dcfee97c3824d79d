//! Answers as clients of the modelled service expect them, where the operator asks for that.
//!
//! They are those of its public API description: `POST /v1/webhooks` refuses with 400 and four sentences,
//! and `X-Ratelimit-Reset` is a time. Our `code` and `param` are there all the same. Numbered pages are
//! in [`list`](super::list).

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use domain::Timestamp;
use http::{HeaderValue, Method, StatusCode};

use crate::{
    App,
    problem::{Code, Problem},
};

/// Route whose refusals have the modelled service's form.
pub(crate) const NEW_WEBHOOK: &str = "/v1/webhooks";

/// Codes of a new webhook that is refused for what it is.
pub(crate) const BAD_WEBHOOK: &[Code] = &[
    Code::MissingField,
    Code::InvalidField,
    Code::UrlNotPublic,
    Code::UrlSchemeNotAllowed,
    Code::InvalidSnsUrl,
    Code::InvalidFilter,
    Code::UnknownEventType,
    Code::UrlTaken,
    Code::QuotaLimitExceeded,
];

const MISSING_URL: &str = "webhook_url is missing.";
const TOO_MANY: &str = "Allowed webhook API limit exceeded.";
const BAD_URL: &str =
    "Url is not valid. Please use a publicly available host and the HTTPS or SNS protocol.";

/// Runs the route of `request`, and words its refusal as the modelled service does.
pub(super) async fn run(app: &App, request: Request, next: Next) -> Response {
    let is_worded = app.backend.settings.compatibility.is_checkr() && is_of_new_webhook(&request);
    let mut response = next.run(request).await;
    if is_worded
        && let Some(problem) = response.extensions_mut().get_mut::<Problem>()
        && BAD_WEBHOOK.contains(&problem.code)
    {
        if let Some(sentence) = sentence(problem) {
            problem.message = sentence.into();
        }
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

fn is_of_new_webhook(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    request.method() == Method::POST && path.is_some_and(|path| path.as_str() == NEW_WEBHOOK)
}

/// Returns the modelled service's sentence, where it has one that is other than ours.
fn sentence(problem: &Problem) -> Option<&'static str> {
    let is_of_url = problem.param.as_ref().is_some_and(|param| param.as_str() == "webhook_url");
    match problem.code {
        Code::MissingField if is_of_url => Some(MISSING_URL),
        Code::QuotaLimitExceeded => Some(TOO_MANY),
        Code::UrlNotPublic | Code::UrlSchemeNotAllowed | Code::InvalidSnsUrl => Some(BAD_URL),
        Code::InvalidField if is_of_url => Some(BAD_URL),
        _ => None,
    }
}

/// Returns the value of `X-Ratelimit-Reset`: `at` in seconds since 1970, or as a time in ISO 8601.
pub(super) fn reset(app: &App, at: Timestamp) -> HeaderValue {
    let seconds = at.as_seconds();
    if app.backend.settings.compatibility.is_checkr() {
        let time = Timestamp::from_millis(seconds * 1000).to_string().replace(".000Z", "Z");
        if let Ok(time) = HeaderValue::try_from(time) {
            return time;
        }
    }
    seconds.into()
}
