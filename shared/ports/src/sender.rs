//! What leaves the house.

use async_trait::async_trait;
use bytes::Bytes;
use domain::{delivery::Failure, id::AccountId, webhook::WebhookUrl};

/// Why an endpoint's host was refused by the network guard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The host is, or resolves to, an address in a network that deliveries must not reach.
    #[error("the host is not publicly reachable")]
    NotPublic,
}

/// A signed delivery, ready to leave.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// HTTP headers besides `accept`, `content-type`, `content-length`, `host`, `user-agent` and
    /// `authorization`, which the sender sets; over SNS, the message attributes. Names are
    /// lowercase.
    pub headers: Vec<(&'static str, String)>,
    /// An extra header with a name of the operator's choice (the legacy signature).
    pub extra_header: Option<(String, String)>,
    /// The event's type, a message attribute over SNS.
    pub event_type: String,
    /// The JSON body.
    pub body: Bytes,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered.
    Answered(Answer),
    /// There was no answer.
    Failed(Failure),
}

/// An endpoint's answer; no more than is kept in the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The HTTP status; over SNS the status of the service's answer.
    pub status: u16,
    /// Its header lines in their order, bounded in number and length. What is not UTF-8 is escaped
    /// as `\xE9`, a backslash as `\\`.
    pub headers: Vec<(String, String)>,
    /// The first 1024 bytes of its body, cut at a character; what is not UTF-8 is replaced.
    pub body_excerpt: String,
    /// `Retry-After` in seconds, from either of its forms.
    pub retry_after_seconds: Option<u32>,
}

/// Looks at endpoints before anything is sent there.
#[async_trait]
pub trait Vetting: Send + Sync {
    /// Checks an endpoint when `account` registers it: an address is held against the network
    /// guard, a name is resolved and each of its addresses is. A name that does not resolve passes,
    /// one that there is no room to look up included: what an account can have under way is
    /// bounded.
    ///
    /// # Errors
    /// [`Refused`] when the guard forbids the host.
    async fn vet(&self, account: AccountId, url: &WebhookUrl) -> Result<(), Refused>;
}

/// Sends deliveries through the network guard. Never follows a redirect.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Makes one attempt for `account`, within the configured time-out from name resolution to the
    /// end of the excerpt. Whatever happens is an [`Outcome`]. Connections and look-ups are the
    /// account's own.
    async fn send(&self, account: AccountId, url: &WebhookUrl, outgoing: Outgoing) -> Outcome;
}
