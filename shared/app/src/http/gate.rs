//! Gate: the middleware that runs before every route.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::{KeyType, Redacted, Timestamp, id::RequestId, key::ApiKey, redaction};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ports::limiter::{Allowance, Use};
use serde::Serialize;
use tracing::Instrument as _;

use super::{
    about::About, body::BodyOwner, compatibility, leftover::Leftover, media::CONTENT_ENCODING,
};
use crate::{
    App,
    auth::{Admission, Authority, Caller, Demand, Denied, authenticate},
    budgets::Drawn,
    problem::{Code, Param, Problem},
    resources::logs::{RequestRow, RequestRowDetails},
    spans,
    tally::REFUSED_CREDENTIALS,
    work::{Asked, Work, json_line},
};

/// Maximum size of a request's headers in bytes, names and values.
const LARGEST_HEAD: usize = 64 * 1024;

/// IP address that a request came from; inserted by the backend's server.
#[derive(Debug, Clone, Copy)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// Returns the address that `request` came from, if the server knows it.
    fn of(request: &Request) -> Option<IpAddr> {
        request.extensions().get::<Self>().map(|ip| ip.0)
    }

    /// Copies the address to a request that is made on behalf of another.
    pub fn carry(from: &http::Extensions, to: &mut http::Extensions) {
        if let Some(ip) = from.get::<Self>() {
            to.insert(*ip);
        }
    }
}

/// Session of one request: its authority and its origin. An extension of every request behind
/// [`admit`].
#[derive(Clone)]
pub struct Session {
    /// Authority of the caller.
    pub authority: Arc<Admission>,
    /// Origin of the request: actor, request id, address.
    pub asked: Asked,
}

impl Session {
    fn of(request: &Request, admission: Admission) -> Self {
        let id = request.extensions().get::<RequestId>().copied();
        let by = admission.caller().actor();
        let asked = Asked { by, request: id, ip: ClientIp::of(request) };
        Self { authority: Arc::new(admission), asked }
    }

    /// Returns the work of the request, which begins now.
    #[must_use]
    pub fn work(&self, app: &App) -> Work {
        let authority = Authority::Caller(self.authority.clone());
        Work::of(app.backend.clone(), self.asked.clone(), authority)
    }
}

/// Gives the request an identifier, and writes the body of a problem. The outermost layer.
pub async fn envelope(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.backend.new_request_id();
    request.extensions_mut().insert(id);
    let span = spans::of_request(&app.backend, &request, id);
    answer(app, id, request, next).instrument(span).await
}

async fn answer(app: App, id: RequestId, request: Request, next: Next) -> Response {
    let (request, leftover) = Leftover::of(request);
    let mut response = if head_is_too_large(request.headers()) {
        let sentence = "The request's headers are larger than 64 KiB.";
        Problem::from(Code::PayloadTooLarge).saying(sentence).into_response()
    } else {
        next.run(request).await
    };
    tracing::Span::current().record("status", response.status().as_u16());
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        app.backend.tally.answered(problem.code);
        response = explained(&problem, id, response);
    }
    if !leftover.drain(app.backend.clock.as_ref()).await {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn head_is_too_large(headers: &HeaderMap) -> bool {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>()
        > LARGEST_HEAD
}

/// Body of a problem.
#[derive(Serialize)]
struct Explanation<'a> {
    error: &'a str,
    code: &'static str,
    param: Option<&'a str>,
    request_id: RequestId,
}

/// Writes the body of a problem. A field name that is really a secret is not repeated, because
/// answers end up in logs.
fn explained(problem: &Problem, id: RequestId, bare: Response) -> Response {
    let body = json_line(&Explanation {
        error: &redaction::redact(&problem.message),
        code: problem.code.as_str(),
        param: problem.param.as_ref().map(Param::as_str),
        request_id: id,
    });
    let (mut parts, _) = bare.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    match problem.code {
        Code::BadAuthentication | Code::KeyExpired => {
            let challenge = HeaderValue::from_static("Bearer realm=\"latchhook\"");
            parts.headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        // RFC 9110 wants this header when a content coding was refused, and at no other time.
        Code::UnsupportedMediaType
            if problem.param.as_ref().is_some_and(|param| param.as_str() == CONTENT_ENCODING) =>
        {
            parts.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        _ => {}
    }
    let unavailable = (problem.code == Code::Unavailable).then_some(1);
    if let Some(seconds) = problem.retry_after.or(unavailable) {
        parts.headers.insert(header::RETRY_AFTER, seconds.into());
    }
    Response::from_parts(parts, axum::body::Body::from(body))
}

/// Kinds of keys that a route accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Secret keys only.
    Secret,
    /// Publishable keys too.
    All,
}

/// Admits callers: authentication, the key's rate limit, the API log.
pub async fn admit(
    State((app, keys)): State<(App, Keys)>,
    request: Request,
    next: Next,
) -> Response {
    let arrival = Arrival::of_now(&app);
    let admission = authenticate(&app, request.headers(), ClientIp::of(&request)).await;
    let about = About::of(&admission, request.headers());
    spans::is_of(about.map(|about| about.0), admission.as_ref().ok().map(Admission::caller));
    let mut response = answered(app, keys, admission, arrival, request, next).await;
    if let Some(about) = about {
        response.extensions_mut().insert(about);
    }
    response
}

async fn answered(
    app: App,
    keys: Keys,
    admission: Result<Admission, Denied>,
    arrival: Arrival,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(key) = known_key(&admission) {
        return keyed(app, (key, keys), admission, arrival, request, next).await;
    }
    if let Ok(admission) = &admission
        && let Caller::Portal { session, account, .. } = admission.caller()
        && let Err(problem) =
            app.backend.spend_session(account.state.id, *session, arrival.now).await
    {
        return problem.into_response();
    }
    let admission = admission.map_err(|denied| denied.problem);
    match admission.and_then(|admission| admission.with(demand(&request))) {
        Ok(admission) => {
            app.note_use(admission.caller(), arrival.now).await;
            own_body(&request, admission.caller());
            let session = Session::of(&request, admission);
            request.extensions_mut().insert(session);
            compatibility::run(&app, request, next).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Returns what the route of `request` asks of its callers.
fn demand(request: &Request) -> Demand {
    let path = request.extensions().get::<MatchedPath>();
    path.map_or(Demand::UNKNOWN, |path| Demand::at(request.method(), path.as_str()))
}

/// Tells the backend's server whose body the request has.
fn own_body(request: &Request, caller: &Caller) {
    if let Some(owner) = request.extensions().get::<BodyOwner>() {
        owner.set(caller.into());
    }
}

/// Handles requests that match no route: callers need not authenticate, but a key's requests count
/// and are logged wherever they go.
pub async fn miss(State(app): State<App>, request: Request, next: Next) -> Response {
    let arrival = Arrival::of_now(&app);
    let admission = authenticate(&app, request.headers(), ClientIp::of(&request)).await;
    let about = About::of(&admission, request.headers());
    spans::is_of(about.map(|about| about.0), admission.as_ref().ok().map(Admission::caller));
    match known_key(&admission) {
        Some(key) => keyed(app, (key, Keys::All), admission, arrival, request, next).await,
        None => next.run(request).await,
    }
}

/// Returns the key that was sent, valid or not.
fn known_key(admission: &Result<Admission, Denied>) -> Option<Arc<ApiKey>> {
    match admission.as_ref().map(Admission::caller) {
        Ok(Caller::Key { key, .. }) => Some(key.clone()),
        Ok(_) => None,
        Err(denied) => denied.key.clone(),
    }
}

/// Handles a request with a known key: it is counted, logged, and answered if the key is valid.
async fn keyed(
    app: App,
    (key, taken): (Arc<ApiKey>, Keys),
    admission: Result<Admission, Denied>,
    arrival: Arrival,
    mut request: Request,
    next: Next,
) -> Response {
    let now = arrival.now;
    let visit = Visit::of(&request);
    let Drawn { allowance, problem } = match app.backend.draw_key(&key, now).await {
        Ok(drawn) => drawn,
        Err(why) => return Problem::from(why).into_response(),
    };
    let admitted = match (admission, problem) {
        (Err(denied), _) => Err(denied.problem),
        (Ok(_), Some(problem)) => Err(problem),
        (Ok(_), None) if taken == Keys::Secret && key.key_type == KeyType::Publishable => {
            Err(Code::PermissionDenied.into())
        }
        // Only now, so that keys which are refused use up nothing of the account's.
        (Ok(admission), None) => {
            app.backend.spend(key.account, Use::Requests, now).await.map(|()| admission)
        }
    };
    let response = match admitted {
        Err(problem) => problem.into_response(),
        Ok(admission) => {
            own_body(&request, admission.caller());
            let session = Session::of(&request, admission);
            request.extensions_mut().insert(session);
            compatibility::run(&app, request, next).await
        }
    };
    let response = visit.logged(&app, arrival, &key, response).await;
    limited(&app, response, allowance)
}

/// Writes the `X-Ratelimit-…` headers.
fn limited(app: &App, mut response: Response, allowance: Allowance) -> Response {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", allowance.limit.into());
    headers.insert("x-ratelimit-remaining", allowance.remaining.into());
    // Rounded up, so that the budget is whole at that second.
    let resets_at = allowance.resets_at.plus(Duration::from_millis(999));
    headers.insert("x-ratelimit-reset", compatibility::reset(app, resets_at));
    response
}

/// Arrival of a request, by the wall clock and the monotonic clock.
#[derive(Clone, Copy)]
struct Arrival {
    now: Timestamp,
    began: Duration,
}

impl Arrival {
    fn of_now(app: &App) -> Self {
        Self { now: app.backend.now(), began: app.backend.clock.monotonic() }
    }
}

/// Properties of a request for the API log.
struct Visit {
    id: Option<RequestId>,
    method: Redacted,
    path: Redacted,
    ip: Option<IpAddr>,
    user_agent: Option<Redacted>,
}

/// Maximum number of bytes of a path and of a user agent in the API log.
const MOST_OF_PATH: usize = 512;
const MOST_OF_USER_AGENT: usize = 256;

impl Visit {
    fn of(request: &Request) -> Self {
        let user_agent = request.headers().get(header::USER_AGENT);
        Self {
            id: request.extensions().get::<RequestId>().copied(),
            method: Redacted::new(request.method().as_str()),
            path: Redacted::path(request.uri().path()).cut(MOST_OF_PATH),
            ip: ClientIp::of(request),
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(|value| Redacted::new(value).cut(MOST_OF_USER_AGENT)),
        }
    }

    /// Adds the request to the log of the key's account before answering, so that the log is
    /// complete when the answer is seen. One that was refused is only counted.
    async fn logged(
        self,
        app: &App,
        arrival: Arrival,
        key: &ApiKey,
        response: Response,
    ) -> Response {
        let code = response.extensions().get::<Problem>().map(|problem| problem.code);
        let row = self.row(app, arrival, key, (response.status(), code));
        if code.is_some_and(is_refusal) {
            app.count_refusal(key.account, key.id, row).await;
            return response;
        }
        match app.log_key_use(key.account, key.id, arrival.now, vec![row]).await {
            Ok(()) => response,
            // The request itself may have succeeded: a missing log row must not turn it into an
            // error.
            Err(problem) => {
                tracing::warn!(code = problem.code.as_str(), "a request could not be logged");
                response
            }
        }
    }

    fn row(
        self,
        app: &App,
        Arrival { now, began }: Arrival,
        key: &ApiKey,
        (status, code): (StatusCode, Option<Code>),
    ) -> RequestRow {
        RequestRow {
            api_key_id: Some(key.id),
            environment: key.environment,
            created_at: now,
            count: None,
            details: RequestRowDetails {
                method: self.method,
                path: self.path,
                status: Some(status.as_u16()),
                duration_ms: Some(millis(app.backend.clock.monotonic().saturating_sub(began))),
                ip: self.ip.map(|ip| Redacted::new(&ip.to_string())),
                user_agent: self.user_agent,
                request_id: self.id.map(|id| Redacted::new(&id.to_string())),
                error_code: code.map(|code| Redacted::new(code.as_str())),
            },
        }
    }
}

/// Returns whether a request is refused for its credential, or for how often that was used.
fn is_refusal(code: Code) -> bool {
    code == Code::RateLimited || REFUSED_CREDENTIALS.contains(&code)
}

/// Returns milliseconds, rounded down.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
