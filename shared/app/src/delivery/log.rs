//! Row of the delivery log, written for each attempt.

use std::time::Duration;

use domain::{
    Environment, PayloadFormat, Redacted, Timestamp,
    delivery::{FailureCode, Trigger},
    id::{EventId, LogId, WebhookId},
    redaction::KnownSecrets,
    webhook::EventType,
};
use ports::{
    queue::Message,
    sender::Outcome,
    store::{Condition, Document, IndexEntry, Write},
};
use serde::{Deserialize, Serialize};

use super::{event::AcceptedEvent, payload::Layout};
use crate::{
    Backend,
    documents::{Form, Number, Stored, Unreadable},
    lateness::Lateness,
    views::{
        Spread,
        collections::{self, LoggedAttempt},
        to_body,
    },
};

/// Minimum duration of an attempt that is listed as slow for the operator.
const SLOW: Duration = Duration::from_secs(1);

/// Maximum number of bytes of an answer's body that are stored.
const EXCERPT: usize = 1024;
/// Maximum number of bytes of each header value that are stored.
const MOST_OF_HEADER: usize = 256;

/// Row of the delivery log, as it is stored. The request's body is not stored: it is built again
/// from the event when somebody looks at the row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeliveryRow {
    pub(crate) format: Number<Self>,
    pub(crate) created_at: Timestamp,
    pub(crate) environment: Environment,
    pub(crate) event: EventId,
    pub(crate) event_type: EventType,
    pub(crate) webhook: WebhookId,
    pub(crate) webhook_url: Redacted,
    pub(crate) include_object: bool,
    #[serde(default, skip_serializing_if = "PayloadFormat::is_usual")]
    pub(crate) payload_format: PayloadFormat,
    pub(crate) attempt: u32,
    pub(crate) trigger: Trigger,
    pub(crate) succeeded: bool,
    pub(crate) response_status: Option<u16>,
    pub(crate) error: Option<Fault>,
    pub(crate) duration_ms: u64,
    pub(crate) next_attempt_at: Option<Timestamp>,
    pub(crate) request_headers: Vec<(String, Redacted)>,
    pub(crate) response_headers: Vec<(Redacted, Redacted)>,
    pub(crate) body_excerpt: Redacted,
    #[serde(default, skip_serializing_if = "Lateness::is_none")]
    pub(crate) written_at: Lateness,
}

/// Failure of an attempt, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) code: FailureCode,
    pub(crate) message: Redacted,
}

/// Result of an attempt: the part of a row that tallies read, without request and response.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct AttemptResult {
    #[expect(dead_code, reason = "reading it checks it")]
    format: Number<Self>,
    pub(crate) created_at: Timestamp,
    pub(crate) environment: Environment,
    pub(crate) webhook: WebhookId,
    pub(crate) succeeded: bool,
    pub(crate) duration_ms: u64,
    pub(crate) next_attempt_at: Option<Timestamp>,
}

impl Form for DeliveryRow {
    const NAME: &'static str = "delivery_row";
    const NUMBER: u16 = 1;
}

impl Stored for DeliveryRow {
    type Form = Self;
}

impl Form for AttemptResult {
    const NAME: &'static str = DeliveryRow::NAME;
    const NUMBER: u16 = DeliveryRow::NUMBER;
}

impl Stored for AttemptResult {
    type Form = Self;
}

impl DeliveryRow {
    /// Makes the row for the attempt that `message` asks for, before its outcome is known.
    pub(super) fn begun(event: &AcceptedEvent, message: &Message, now: Timestamp) -> Self {
        Self {
            format: Number::default(),
            created_at: now,
            environment: event.environment,
            event: event.id,
            event_type: event.event_type.clone(),
            webhook: message.webhook,
            webhook_url: Redacted::default(),
            include_object: false,
            payload_format: PayloadFormat::default(),
            attempt: 0,
            trigger: message.task.trigger,
            succeeded: false,
            response_status: None,
            error: None,
            duration_ms: 0,
            next_attempt_at: None,
            request_headers: vec![],
            response_headers: vec![],
            body_excerpt: Redacted::default(),
            written_at: Lateness::default(),
        }
    }

    /// Returns the layout of the attempt's body.
    pub(crate) const fn layout(&self) -> Layout {
        Layout { format: self.payload_format, include_object: self.include_object }
    }

    /// Returns the write that stores the row, now. It may be written again, with another number.
    pub(super) fn put(&mut self, backend: &Backend, event: &AcceptedEvent, id: LogId) -> Write {
        self.written_at = Lateness::now(backend, self.created_at);
        let index = self.listed(backend, event, id);
        let list = if self.succeeded {
            collections::delivery_logs(event.account, event.environment)
        } else {
            collections::failed_attempts(event.account, event.environment)
        };
        Write::Put {
            key: Spread::of(&*backend.store).key(&list, id),
            body: to_body(self),
            expires_at: Some(self.created_at.plus(backend.settings.log_retention)),
            index,
            condition: Condition::None,
        }
    }

    /// Returns the write that replaces the row, which was `read`, by one without what the receiver
    /// answered; none if that was nothing. The request's body is not in it.
    pub(super) fn without_bodies(
        mut self,
        backend: &Backend,
        event: &AcceptedEvent,
        read: &Document,
    ) -> Result<Option<Write>, Unreadable> {
        if self.body_excerpt.as_str().is_empty() {
            return Ok(None);
        }
        self.body_excerpt = Redacted::default();
        let id: LogId = read.key.sort.parse().map_err(Unreadable::damaged::<Self>)?;
        let mut index = self.listed(backend, event, id);
        let usual = collections::delivery_logs(event.account, event.environment);
        if !self.succeeded && read.key.partition.whole() == *usual.first() {
            let failed = collections::delivery_logs_failed(event.account, event.environment);
            index.push(Spread::of(&*backend.store).entry(&failed, id));
        }
        Ok(Some(Write::Put {
            key: read.key.clone(),
            body: to_body(&self),
            expires_at: read.expires_at,
            index,
            condition: Condition::Revision(read.revision),
        }))
    }

    /// Returns every index entry of the row.
    fn listed(&self, backend: &Backend, event: &AcceptedEvent, id: LogId) -> Vec<IndexEntry> {
        let to = (event.account, self.webhook);
        let spread = Spread::of(&*backend.store);
        let mut index = collections::delivery_log_index(to, id, self.as_logged(), spread);
        let late = collections::delivery_logs_late(event.account, event.environment);
        index.extend(self.written_at.sort(backend).map(|sort| spread.entry(&late, sort)));
        index
    }

    /// Returns the properties by which the attempt is listed.
    pub(super) fn as_logged(&self) -> LoggedAttempt {
        LoggedAttempt {
            failed: !self.succeeded,
            first: self.is_first(),
            slow: Duration::from_millis(self.duration_ms) >= SLOW,
        }
    }

    /// Returns whether the attempt is the first of an event's delivery: neither a retry nor
    /// requested by somebody. A resend before the first attempt takes that one's place, so a
    /// delivery never has two first attempts.
    fn is_first(&self) -> bool {
        self.attempt == 1 && self.trigger == Trigger::Schedule
    }

    /// Adds the outcome of the attempt. A receiver may repeat what it was sent, so the webhook's
    /// `own` credentials are masked; that happens before anything is cut, so that no part of one is
    /// left.
    pub(super) fn add_outcome(&mut self, outcome: &Outcome, took: Duration, own: &KnownSecrets) {
        self.duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        match outcome {
            Outcome::Failed(failure) => {
                let message = Redacted::with(own, &failure.message);
                self.error = Some(Fault { code: failure.code, message });
            }
            Outcome::Answered(answer) => {
                let header = |(name, value): &(String, String)| {
                    let value = Redacted::with(own, value).cut(MOST_OF_HEADER);
                    (Redacted::with(own, name), value)
                };
                self.succeeded = (200..300).contains(&answer.status);
                self.response_status = Some(answer.status);
                self.response_headers = answer.headers.iter().map(header).collect();
                self.body_excerpt = Redacted::with(own, &answer.body_excerpt).cut(EXCERPT);
                self.error = (!self.succeeded).then(|| Fault {
                    code: FailureCode::Status,
                    message: Redacted::new(&format!(
                        "The receiver answered {}, not a 2xx.",
                        answer.status
                    )),
                });
            }
        }
    }
}
