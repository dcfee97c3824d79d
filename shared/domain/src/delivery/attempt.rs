//! What an attempt is made for, and how it can fail.

use serde::{Deserialize, Serialize};

use crate::{
    id::EventId,
    kinds::{Environment, vocabulary},
};

vocabulary! {
    /// Why an attempt is made.
    Trigger {
        /// The event's acceptance, or its retry schedule.
        Schedule = "schedule",
        /// Somebody asked for one extra attempt.
        Resend = "resend",
        /// Somebody asked for undelivered deliveries to be queued again.
        Recover = "recover",
        /// Somebody asked for a test event.
        Ping = "ping",
    }
}

/// What a queue message asks for: one attempt of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The event.
    pub event: EventId,
    /// The event's environment, part of where it is kept.
    pub environment: Environment,
    /// Which run of the schedule: 0, and one more each time it is recovered. A message of an older
    /// run is stale.
    pub run: u32,
    /// Which slot of the schedule; not used by a resend.
    pub slot: u16,
    /// Why.
    pub trigger: Trigger,
}

vocabulary! {
    /// What kept an attempt from being answered; stable, for logs and filters.
    FailureCode {
        /// The host's name did not resolve.
        Dns = "dns_error",
        /// The network guard forbids where the host led.
        Forbidden = "address_not_public",
        /// No connection, or it broke.
        Connection = "connection_error",
        /// The TLS handshake failed.
        Tls = "tls_error",
        /// The time-out for a whole attempt passed.
        Timeout = "timeout",
        /// The answer was not HTTP.
        Protocol = "protocol_error",
        /// SNS refused the message.
        Sns = "sns_error",
        /// The webhook's secrets could not be read.
        Secrets = "secrets_unavailable",
        /// An answer that is not a 2xx.
        Status = "bad_status",
        /// The message is larger than SNS takes; it was not sent.
        TooLarge = "message_too_large",
        /// The related object can be read in more ways than one, and was accepted before that was
        /// refused; it was not sent.
        Ambiguous = "ambiguous_object",
    }
}

impl FailureCode {
    /// Whether every further attempt would fail the same way: it lies in what is to be sent.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::TooLarge | Self::Ambiguous)
    }
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable.
    pub code: FailureCode,
    /// For people; names no secret and no internal address.
    pub message: String,
}
