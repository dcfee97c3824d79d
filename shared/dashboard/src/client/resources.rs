//! Representations that the API answers with, as far as pages show them.
//!
//! Identifiers are texts here: the page only hands them back to the API.

#![expect(clippy::struct_field_names, reason = "they are the API's")]

mod health;
mod overview;
mod retries;
mod secrets;
mod sessions;
mod statement;
mod trouble;

use std::{borrow::Cow, collections::BTreeMap};

use domain::{Jurisdiction, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

pub(crate) use self::health::DeliveryHealth;
pub(crate) use self::overview::{FoundKind, Overview, Searched};
pub(crate) use self::retries::{Recovered, Recovery, Undelivered};
pub(crate) use self::secrets::{KeySecret, Shown, WebhookSecret};
pub(crate) use self::sessions::{
    AskedProvider, BegunOperatorSession, BegunSession, Invitation, OpenedSession, OperatorMay,
    OperatorToken, PageFrame, Person, PortalSession, Terms,
};
pub(crate) use self::statement::Statement;
pub(crate) use self::trouble::{FailingOwn, Trouble};
use self::trouble::{advice, capitalized};
use crate::words::{CommonWords, KeyWords, TroubleWords};

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
    pub(crate) imported: bool,
    pub(crate) revealable: bool,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) rate_limit: Option<OwnRate>,
    pub(crate) allowed_networks: Option<Vec<String>>,
}

/// Rate limit of one key's or webhook's own.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
pub(crate) struct OwnRate {
    pub(crate) limit: u64,
    pub(crate) period_seconds: u64,
}

impl ApiKey {
    /// Name to show: the key's own, or a general one.
    pub(crate) fn title<'a>(&'a self, say: &'a KeyWords) -> Cow<'a, str> {
        self.name.as_deref().map_or_else(|| say.unnamed(), Cow::Borrowed)
    }

    /// Returns whether the key is active.
    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    /// Environment; empty of an operational webhook, which is not shown with one.
    #[serde(default)]
    pub(crate) environment: String,
    /// Code of the jurisdiction, where there are several.
    #[serde(default)]
    pub(crate) jurisdiction: Option<Jurisdiction>,
    pub(crate) webhook_url: String,
    pub(crate) include_object: bool,
    pub(crate) event_types: Vec<String>,
    pub(crate) description: Option<String>,
    /// Event pattern, or null.
    pub(crate) filter: Value,
    /// Headers of its own, masked.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) signing: String,
    pub(crate) rate_limit: Option<OwnRate>,
    pub(crate) status: String,
    pub(crate) disabled_reason: Option<String>,
    /// Recovery that went on after its answer, where there was one.
    #[serde(default)]
    pub(crate) recovery: Option<Recovery>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Webhook {
    /// Returns whether the webhook is enabled.
    pub(crate) fn is_enabled(&self) -> bool {
        self.status == "enabled"
    }

    /// Returns whether deliveries are verified by a public key.
    pub(crate) fn is_asymmetric(&self) -> bool {
        self.signing == "ed25519"
    }

    /// Subscribed event types, in words.
    pub(crate) fn hears<'a>(&'a self, say: &'a CommonWords) -> Cow<'a, str> {
        match self.event_types.as_slice() {
            [all] if all == "*" => say.all_events(),
            [one] => Cow::Borrowed(one),
            [first, rest @ ..] => say.and_more(first, rest.len()),
            [] => say.nothing(),
        }
    }

    /// Reason why the webhook is disabled, in words.
    pub(crate) fn why_disabled<'a>(&self, say: &'a TroubleWords) -> Cow<'a, str> {
        match self.disabled_reason.as_deref() {
            Some("gone") => say.gone(),
            Some("failing") => say.failed_long(),
            _ => say.disabled(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) environment: String,
    pub(crate) created_at: Timestamp,
    /// Data, as it was posted; null once it is erased.
    pub(crate) data: Box<RawValue>,
    /// Time at which the data was erased.
    #[serde(default)]
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) deliveries: Vec<Delivery>,
}

impl Event {
    /// JSON of the related object, as it was posted; none if the event has none.
    pub(crate) fn object(&self) -> Option<&RawValue> {
        #[derive(Deserialize)]
        struct Data<'a> {
            #[serde(borrow)]
            object: &'a RawValue,
        }
        serde_json::from_str::<Data<'_>>(self.data.get()).ok().map(|data| data.object)
    }
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

    /// Reason why the attempt failed, and what to look at, in sentences.
    pub(crate) fn why(&self, say: &TroubleWords) -> Option<String> {
        let AttemptError { code, message } = self.error.as_ref()?;
        let why = || capitalized(message.trim_end_matches('.'));
        let told = match (self.response_status, code.as_str()) {
            (Some(status), "bad_status") => say.answered(status),
            (_, "dns_error") => say.no_host(why(), crate::html::host(&self.webhook_url)),
            _ => say.failed(why()),
        };
        Some(match advice(self.response_status, code, say) {
            Some(advice) => format!("{told} {advice}"),
            None => told.into_owned(),
        })
    }

    /// Result in a few letters, such as the response status.
    pub(crate) fn outcome<'a>(&'a self, say: &'a TroubleWords) -> Cow<'a, str> {
        match (self.response_status, &self.error) {
            (Some(status), _) => Cow::Owned(status.to_string()),
            (None, Some(error)) => say.short(&error.code),
            (None, None) => say.no_answer(),
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
    /// Beginning of the body; none once the event is erased.
    pub(crate) body_excerpt: Option<String>,
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
    pub(crate) fn outcome<'a>(&self, say: &'a TroubleWords) -> Cow<'a, str> {
        self.status.map_or_else(|| say.no_answer(), |status| Cow::Owned(status.to_string()))
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

#[derive(Debug, Clone, Copy, Deserialize)]
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
    /// Name of an operator token, or of the operator's person who signed in.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Person behind a session, where the operator told who that is.
    #[serde(default)]
    pub(crate) person: Option<Person>,
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
        assert_eq!(event.object().unwrap().get(), written);
        let event_type = format!(
            r#"{{"name":"a","description":null,"schema":{written},
            "updated_at":"2026-01-31T09:30:00.000Z"}}"#
        );
        let event_type: EventType = serde_json::from_str(&event_type).unwrap();
        assert_eq!(event_type.schema.unwrap().get(), written);
    }
}
