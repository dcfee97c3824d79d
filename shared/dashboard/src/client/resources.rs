//! Representations that the API answers with, as far as pages show them.
//!
//! Identifiers are texts here: the page only hands them back to the API.

#![expect(clippy::struct_field_names, reason = "they are the API's")]

mod sessions;
mod trouble;

use std::collections::BTreeMap;

use domain::{Revealed, Secret, Timestamp};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

pub(crate) use self::sessions::{
    BegunOperatorSession, BegunSession, Invitation, OpenedSession, PortalSession, Terms,
};
pub(crate) use self::trouble::{FailingOwn, Trouble};

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
    pub(crate) count: Option<u64>,
    pub(crate) next_href: Option<String>,
}

impl<T> List<T> {
    /// Cursor of the next page, if there is one.
    pub(crate) fn next(&self) -> Option<String> {
        let query = self.next_href.as_deref()?.split_once('?')?.1;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.into_owned())
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) external_id: Option<String>,
    pub(crate) credentialed: bool,
    pub(crate) credentialed_at: Option<Timestamp>,
    pub(crate) webhook_quota: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) environment: String,
    pub(crate) name: Option<String>,
    pub(crate) redacted: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) status: String,
    pub(crate) replaced_by: Option<String>,
}

impl ApiKey {
    /// Name to show: the key's own, or a general one.
    pub(crate) fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("Unnamed key")
    }

    /// Returns whether the key is active.
    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }
}

/// Answer to revealing a key.
#[derive(Deserialize)]
pub(crate) struct KeySecret {
    pub(crate) key: Secret,
}

/// Answer with a webhook's revealed or new signing secret.
#[derive(Deserialize)]
pub(crate) struct WebhookSecret {
    pub(crate) signing_secret: Secret,
}

/// JSON answer to a script that asked for a secret.
#[derive(serde::Serialize)]
pub(crate) struct Shown {
    pub(crate) secret: Revealed,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) environment: String,
    pub(crate) jurisdiction: String,
    pub(crate) webhook_url: String,
    pub(crate) include_object: bool,
    pub(crate) event_types: Vec<String>,
    pub(crate) description: Option<String>,
    pub(crate) status: String,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Webhook {
    /// Returns whether the webhook is enabled.
    pub(crate) fn is_enabled(&self) -> bool {
        self.status == "enabled"
    }

    /// Subscribed event types, in words.
    pub(crate) fn hears(&self) -> String {
        match self.event_types.as_slice() {
            [all] if all == "*" => "All events".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => "Nothing".to_owned(),
        }
    }

    /// Reason why the webhook is disabled, in words.
    pub(crate) fn why_disabled(&self) -> &'static str {
        match self.disabled_reason.as_deref() {
            Some("gone") => "Its receiver answered 410 Gone, so deliveries were stopped.",
            Some("failing") => "Everything failed for 60 days, so deliveries were stopped.",
            _ => "Somebody disabled it.",
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) environment: String,
    pub(crate) created_at: Timestamp,
    pub(crate) data: EventData,
    pub(crate) deliveries: Vec<Delivery>,
}

/// Object that an event is about.
#[derive(Debug, Deserialize)]
pub(crate) struct EventData {
    /// JSON of the related object, as it was posted.
    pub(crate) object: Box<RawValue>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) webhook_id: String,
    pub(crate) status: String,
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at: Option<Timestamp>,
}

impl Delivery {
    /// Returns whether attempts are still to come.
    pub(crate) fn is_open(&self) -> bool {
        self.status == "pending" || self.status == "retrying"
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct RetrySchedule {
    pub(crate) offsets_ms: Vec<u64>,
}

/// An attempt of a delivery.
#[derive(Debug, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) environment: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    #[serde(default)]
    pub(crate) object_id: Option<String>,
    pub(crate) webhook_id: String,
    pub(crate) webhook_url: String,
    pub(crate) attempt: u32,
    pub(crate) trigger: String,
    pub(crate) status: String,
    pub(crate) response_status: Option<u16>,
    pub(crate) error: Option<AttemptError>,
    pub(crate) duration_ms: u64,
    pub(crate) next_attempt_at: Option<Timestamp>,
    pub(crate) request: Sent,
    pub(crate) response: Option<Received>,
}

impl Attempt {
    /// Returns whether the receiver acknowledged.
    pub(crate) fn succeeded(&self) -> bool {
        self.status == "succeeded"
    }

    /// Result in a few letters, such as the response status.
    pub(crate) fn outcome(&self) -> String {
        match (self.response_status, &self.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.code.replace('_', " "),
            (None, None) => "no answer".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct AttemptError {
    pub(crate) code: String,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Received {
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body_excerpt: String,
}

/// A request made with an API key.
#[derive(Debug, Deserialize)]
pub(crate) struct ApiRequest {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) environment: String,
    pub(crate) api_key_id: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: Option<u16>,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) error_code: Option<String>,
}

impl ApiRequest {
    /// Returns whether the answer was a success.
    pub(crate) fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| status < 400) && self.error_code.is_none()
    }

    /// Response status.
    pub(crate) fn outcome(&self) -> String {
        self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string())
    }
}

/// Row of either log.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Log {
    WebhookDelivery(Box<Attempt>),
    ApiRequest(Box<ApiRequest>),
}

/// Delivery statistics: attempts over time.
#[derive(Debug, Deserialize)]
pub(crate) struct DeliveryStats {
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) waiting: Waiting,
    pub(crate) failing: Vec<FailingOwn>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) since: Timestamp,
    pub(crate) attempts: u64,
    pub(crate) succeeded: u64,
    pub(crate) retrying: u64,
    pub(crate) failed: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) count: u64,
    pub(crate) sampled: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EventType {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// JSON of the schema, as it was put.
    pub(crate) schema: Option<Box<RawValue>>,
    pub(crate) updated_at: Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AuditEvent {
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) created_at: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) ip: Option<String>,
    pub(crate) subject: String,
    pub(crate) data: Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Actor {
    pub(crate) r#type: String,
    pub(crate) id: Option<String>,
}

/// Number of deliveries that a recovery queued.
#[derive(Debug, Deserialize)]
pub(crate) struct Recovered {
    pub(crate) count: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeliveryHealth {
    pub(crate) failing: Vec<Failing>,
    pub(crate) most_failing: Vec<MostFailing>,
    pub(crate) slowest: Vec<Slow>,
}

/// Webhook of any account, as the operator sees it.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    pub(crate) account_id: String,
    pub(crate) account_name: Option<String>,
    pub(crate) webhook_id: String,
    pub(crate) webhook_url: Option<String>,
    pub(crate) environment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Failing {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    #[serde(flatten)]
    pub(crate) trouble: Trouble,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MostFailing {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    pub(crate) failed_first_attempts: u64,
    pub(crate) last_at: Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Slow {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    pub(crate) slow_attempts: u64,
    pub(crate) slowest_ms: u64,
    pub(crate) last_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_customers_is_kept_as_it_was_written() {
        let written = r#"{"z":1.10,"a":12345678901234567890123,"u":"\u0041"}"#;
        let event = format!(
            r#"{{"id":"evt_1","type":"a","environment":"test","deliveries":[],
            "created_at":"2026-01-31T09:30:00.000Z","data":{{"object":{written}}}}}"#
        );
        let event: Event = serde_json::from_str(&event).unwrap();
        assert_eq!(event.data.object.get(), written);
        let event_type = format!(
            r#"{{"name":"a","description":null,"schema":{written},
            "updated_at":"2026-01-31T09:30:00.000Z"}}"#
        );
        let event_type: EventType = serde_json::from_str(&event_type).unwrap();
        assert_eq!(event_type.schema.unwrap().get(), written);
    }
}
