//! Row of the delivery log, written for each attempt.

use std::time::Duration;

use domain::{
    Environment, Redacted, Timestamp,
    delivery::{FailureCode, Trigger},
    id::{EventId, LogId, WebhookId},
    redaction::KnownSecrets,
    webhook::EventType,
};
use ports::{
    queue::Message,
    sender::Outcome,
    store::{Condition, Write},
};
use serde::{Deserialize, Serialize};

use super::event::AcceptedEvent;
use crate::{
    Backend,
    documents::{Form, Number, Stored},
    lateness::Lateness,
    views::{
        collections::{self, LoggedAttempt, LoggedWebhook},
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

    /// Returns the write that stores the row, now.
    pub(super) fn put(&mut self, backend: &Backend, event: &AcceptedEvent, id: LogId) -> Write {
        let to = LoggedWebhook {
            account: event.account,
            environment: event.environment,
            webhook: self.webhook,
        };
        let mut index = collections::delivery_log_index(to, id, self.as_logged());
        self.written_at = Lateness::now(backend, self.created_at);
        let late = collections::delivery_logs_late(event.account, event.environment);
        index.extend(self.written_at.entry(backend, late));
        Write::Put {
            key: collections::delivery_logs(event.account, event.environment).key(id),
            body: to_body(self),
            expires_at: Some(self.created_at.plus(backend.settings.log_retention)),
            index,
            condition: Condition::Absent,
        }
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
