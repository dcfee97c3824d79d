//! Attempts: what triggers one, and the ways in which one can fail.

use serde::{Deserialize, Serialize};

use crate::{
    id::EventId,
    kinds::{Environment, vocabulary},
};

vocabulary! {
    /// Trigger of an attempt.
    Trigger {
        /// The event's acceptance, or the retry schedule.
        Schedule = "schedule",
        /// A request for one extra attempt.
        Resend = "resend",
        /// A request to queue undelivered deliveries again.
        Recover = "recover",
        /// A request for a test event.
        Ping = "ping",
    }
}

/// Content of a queue message: the request to make one attempt of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Event to deliver.
    pub event: EventId,
    /// Environment of the event; part of the key it is stored under.
    pub environment: Environment,
    /// Run of the delivery: 0 at first, one more with each recovery, and with each attempt that is made
    /// ahead of its time. A message of an older run is stale.
    pub run: u32,
    /// Slot of the schedule; not used by a resend.
    pub slot: u16,
    /// Trigger of the attempt.
    pub trigger: Trigger,
}

vocabulary! {
    /// Stable code of a failed attempt, for logs and filters.
    FailureCode {
        /// The host name did not resolve.
        Dns = "dns_error",
        /// The network guard forbids the host's address.
        Forbidden = "address_not_public",
        /// No connection could be made, or it broke.
        Connection = "connection_error",
        /// The TLS handshake failed.
        Tls = "tls_error",
        /// The time limit for a whole attempt passed.
        Timeout = "timeout",
        /// The answer was not valid HTTP.
        Protocol = "protocol_error",
        /// SNS refused the message.
        Sns = "sns_error",
        /// The webhook's secrets could not be read.
        Secrets = "secrets_unavailable",
        /// The answer's status was not a 2xx.
        Status = "bad_status",
        /// The message is larger than SNS accepts and was not sent.
        TooLarge = "message_too_large",
        /// The related object is ambiguous JSON, accepted before such objects were refused; it was
        /// not sent.
        Ambiguous = "ambiguous_object",
    }
}

impl FailureCode {
    /// Returns whether every further attempt would fail the same way, because the fault lies in the
    /// message itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::TooLarge | Self::Ambiguous)
    }
}

/// Failure of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Stable code.
    pub code: FailureCode,
    /// Message for people; contains no secret and no internal address.
    pub message: String,
}
