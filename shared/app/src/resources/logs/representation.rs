//! Rows of the logs as the API shows them.

use std::collections::BTreeMap;

use domain::{
    Environment, Redacted, Timestamp,
    delivery::Trigger,
    id::{EventId, KeyId, LogId, WebhookId},
    webhook::EventType,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::rows::LogRow;
use crate::{
    delivery::{
        event::AcceptedEvent,
        log::{DeliveryRow, Fault},
        payload,
    },
    documents::{self, RequestRow},
    http::openapi::vocabulary,
};

/// Row of either log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Log, discriminator(property_name = "kind", mapping(
    ("api_request" = "#/components/schemas/RequestLog"),
    ("webhook_delivery" = "#/components/schemas/DeliveryLog")
)))]
pub(crate) enum Resource {
    /// A request made with an API key.
    Request(Box<RequestLog>),
    /// An attempt of a delivery.
    Delivery(Box<DeliveryLog>),
}

/// A request made with an API key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestLog {
    #[schema(value_type = String, example = "log_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: LogId,
    #[schema(example = "log")]
    object: &'static str,
    #[schema(example = "api_request")]
    kind: &'static str,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = Option<String>)]
    api_key_id: Option<KeyId>,
    /// Number of requests that the row stands for, where it stands for all of a minute: those that
    /// were refused for their key, or that are beyond the account's log quota. The rest of the row
    /// is about the first of them; the status and the code are the latest's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1200)]
    count: Option<u64>,
    #[serde(flatten)]
    details: RequestRowDetails,
}

/// Details of a request; masked, whatever was passed in.
#[derive(Debug, Serialize, ToSchema)]
struct RequestRowDetails {
    /// HTTP method.
    #[schema(value_type = String, example = "GET")]
    method: Redacted,
    /// Path, without the query.
    #[schema(value_type = String, example = "/v1/webhooks")]
    path: Redacted,
    /// HTTP status of the answer.
    #[schema(example = 200)]
    status: Option<u16>,
    /// Duration until the answer, in milliseconds.
    duration_ms: Option<u64>,
    /// IP address of the caller.
    #[schema(value_type = Option<String>)]
    ip: Option<Redacted>,
    /// User agent of the caller.
    #[schema(value_type = Option<String>)]
    user_agent: Option<Redacted>,
    /// Identifier of the request.
    #[schema(value_type = Option<String>)]
    request_id: Option<Redacted>,
    /// Code of the error in the answer.
    #[schema(value_type = Option<String>)]
    error_code: Option<Redacted>,
}

/// An attempt of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryLog {
    #[schema(value_type = String, example = "log_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: LogId,
    #[schema(example = "log")]
    object: &'static str,
    #[schema(example = "webhook_delivery")]
    kind: &'static str,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = String)]
    event_id: EventId,
    #[schema(value_type = String, example = "report.completed")]
    event_type: EventType,
    /// Identifier of the related object; `null` once the event is no longer stored.
    #[schema(value_type = Option<String>, example = "4722c07dd9a10c3985ae432a")]
    object_id: Option<Redacted>,
    #[schema(value_type = String)]
    webhook_id: WebhookId,
    /// URL with its credentials masked.
    #[schema(value_type = String)]
    webhook_url: Redacted,
    /// Number of the attempt within its delivery, from 1.
    attempt: u32,
    /// `schedule`, `resend`, `recover` or `ping`.
    #[schema(value_type = vocabulary::Trigger)]
    trigger: Trigger,
    /// `succeeded` or `failed`.
    #[schema(value_type = vocabulary::AttemptStatus)]
    status: &'static str,
    #[schema(example = 200)]
    response_status: Option<u16>,
    error: Option<AttemptError>,
    duration_ms: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    request: SentRequest,
    response: Option<ReceivedResponse>,
}

/// Failure of an attempt.
#[derive(Debug, Serialize, ToSchema)]
struct AttemptError {
    /// Stable code.
    #[schema(example = "bad_status")]
    code: String,
    #[schema(value_type = String)]
    message: Redacted,
}

/// Request that was sent.
#[derive(Debug, Serialize, ToSchema)]
struct SentRequest {
    #[schema(value_type = BTreeMap<String, String>)]
    headers: BTreeMap<String, Redacted>,
    /// Body; `null` once the event is erased or no longer stored, and if no body could be made.
    body: Option<String>,
}

/// Response that was received.
#[derive(Debug, Serialize, ToSchema)]
struct ReceivedResponse {
    /// Headers: the first 64 lines, 256 characters of each. Values of a repeated header are joined
    /// by commas; bytes that are not UTF-8 and control characters are escaped as `\xE9`, a
    /// backslash as `\\`.
    #[schema(value_type = BTreeMap<String, String>)]
    headers: BTreeMap<String, Redacted>,
    /// First KiB of the body; `null` once the event is erased.
    #[schema(value_type = Option<String>)]
    body_excerpt: Option<Redacted>,
}

impl From<LogRow> for Resource {
    fn from(row: LogRow) -> Self {
        match row {
            LogRow::Request(id, row) => Self::Request(Box::new(RequestLog::new(id, *row))),
            LogRow::Delivery(id, row, event) => {
                Self::Delivery(Box::new(DeliveryLog::new(id, *row, event.as_deref())))
            }
        }
    }
}

impl RequestLog {
    fn new(id: LogId, row: RequestRow) -> Self {
        let RequestRow { api_key_id, environment, created_at, count, details } = row;
        let (object, kind, details) = ("log", "api_request", details.into());
        Self { id, object, kind, created_at, environment, api_key_id, count, details }
    }
}

impl From<documents::RequestRowDetails> for RequestRowDetails {
    fn from(details: documents::RequestRowDetails) -> Self {
        Self {
            method: details.method,
            path: details.path,
            status: details.status,
            duration_ms: details.duration_ms,
            ip: details.ip,
            user_agent: details.user_agent,
            request_id: details.request_id,
            error_code: details.error_code,
        }
    }
}

impl DeliveryLog {
    /// Makes the representation, with the request's body built again from the event.
    fn new(id: LogId, row: DeliveryRow, event: Option<&AcceptedEvent>) -> Self {
        let is_erased = event.is_some_and(|event| event.erased_at.is_some());
        let body = event.filter(|_| !is_erased).and_then(|event| {
            let body = payload::body(event, row.webhook_url.as_str(), row.layout()).ok()?;
            String::from_utf8(body).ok()
        });
        let mut headers: BTreeMap<String, Redacted> = row.request_headers.into_iter().collect();
        headers.insert("content-type".to_owned(), Redacted::new("application/json"));
        if row.webhook_url.as_str().starts_with("http") {
            headers.insert("accept".to_owned(), Redacted::new("*/*"));
        }
        let received = ReceivedResponse {
            headers: combined(row.response_headers),
            body_excerpt: (!is_erased).then_some(row.body_excerpt),
        };
        Self {
            id,
            object: "log",
            kind: "webhook_delivery",
            created_at: row.created_at,
            environment: row.environment,
            event_id: row.event,
            event_type: row.event_type,
            object_id: event.and_then(AcceptedEvent::object_id),
            webhook_id: row.webhook,
            webhook_url: row.webhook_url,
            attempt: row.attempt,
            trigger: row.trigger,
            status: if row.succeeded { "succeeded" } else { "failed" },
            response_status: row.response_status,
            error: row.error.map(AttemptError::from),
            duration_ms: row.duration_ms,
            next_attempt_at: row.next_attempt_at,
            request: SentRequest { headers, body },
            response: row.response_status.is_some().then_some(received),
        }
    }
}

impl From<Fault> for AttemptError {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code.to_string(), message: fault.message }
    }
}

/// Combines headers by name, with the values of repeated lines in order, as RFC 9110, section 5.3,
/// says.
fn combined(lines: Vec<(Redacted, Redacted)>) -> BTreeMap<String, Redacted> {
    let mut headers = BTreeMap::<String, Redacted>::new();
    for (name, value) in lines {
        let values = match headers.remove(name.as_str()) {
            Some(before) => Redacted::new(&format!("{before}, {value}")),
            None => value,
        };
        headers.insert(name.into_string(), values);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_repeated_header_are_all_shown() {
        let lines = [("via", "1.1 a"), ("server", "x"), ("via", "1.1 b"), ("via", "1.1 c")];
        let lines = lines.map(|(name, value)| (Redacted::new(name), Redacted::new(value)));
        let headers = combined(lines.into());
        assert_eq!(headers["via"].as_str(), "1.1 a, 1.1 b, 1.1 c");
        assert_eq!(headers["server"].as_str(), "x");
    }
}
