//! Spans: what log lines and traces say of the work that they belong to. There is one a request and
//! one an attempt; [`Traced`] makes one around each call of a port.

mod traced;

use axum::extract::MatchedPath;
use domain::id::{AccountId, RequestId};
use http::{Method, Request};
use ports::{
    queue::{Chore, Message},
    store::Actor,
    trace::TraceContext,
};
use tracing::{
    Span,
    field::{Empty, display},
};

pub use self::traced::{Traced, traced_sender};
use crate::{App, Backend, auth::Caller};

/// Route whose callers may continue a trace of their own: the events it accepts are the operator's.
const CONTINUES: (Method, &str) = (Method::POST, "/v1/events");

impl Backend {
    /// Returns the place of the current span in its trace; none if nothing is traced.
    #[must_use]
    pub fn trace(&self) -> Option<TraceContext> {
        self.traces.as_ref().and_then(|traces| traces.place_of(&Span::current()))
    }

    fn adopt(&self, span: &Span, parent: Option<TraceContext>) {
        if let (Some(traces), Some(parent)) = (&self.traces, parent) {
            traces.adopt(span, parent);
        }
    }
}

/// Makes the span of a request. Account and actor are [added](is_of) once they are known.
pub(crate) fn of_request<B>(backend: &Backend, request: &Request<B>, id: RequestId) -> Span {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        request_id = %id,
        method = %request.method(),
        route,
        account = Empty,
        actor = Empty,
        status = Empty,
    );
    if route == Some(CONTINUES.1) && *request.method() == CONTINUES.0 {
        let parent = request.headers().get("traceparent");
        backend.adopt(&span, parent.and_then(|text| text.to_str().ok()?.parse().ok()));
    }
    span
}

/// Adds the account and the caller, as far as they are known, to the current span, which is a
/// request's.
pub(crate) fn is_of(account: Option<AccountId>, caller: Option<&Caller>) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    if let Some(account) = account {
        span.record("account", display(account));
    }
    if let Some(Actor { kind, id, .. }) = caller.map(Caller::actor) {
        span.record("actor", id.as_deref().unwrap_or(kind.as_str()));
    }
}

impl App {
    /// Makes the span of the attempt that `message` asks for, or of several that have spans of their own:
    /// whoever calls [`deliver`](App::deliver) does so inside it, and so its own lines are in it too.
    #[must_use]
    pub fn attempt_span(&self, message: &Message) -> Span {
        let Message { account, webhook, task, chore, .. } = message;
        if matches!(chore, Some(Chore::Together { .. })) {
            return tracing::info_span!("attempts", %account, event = %task.event);
        }
        let span = tracing::info_span!(
            "attempt",
            %account,
            event = %task.event,
            %webhook,
            attempt = Empty,
            trigger = task.trigger.as_str(),
            status = Empty,
        );
        self.backend.adopt(&span, message.trace);
        span
    }
}
