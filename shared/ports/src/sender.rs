//! Sender port: attempts to deliver.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Secret, delivery::Failure, id::AccountId, webhook::WebhookUrl};

/// Reason why the network guard refused an endpoint's host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The host is, or resolves to, an address in a network that deliveries must not reach.
    #[error("the host is not publicly reachable")]
    NotPublic,
}

/// Signed delivery, ready to be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// HTTP headers besides `accept`, `content-type`, `content-length`, `host`, `user-agent` and
    /// `authorization`, which the sender sets; over SNS, the message attributes. Names are
    /// lowercase.
    pub headers: Vec<(Arc<str>, String)>,
    /// HTTP headers of the webhook's own; one of ours takes precedence. Not sent over SNS.
    pub webhook_headers: Vec<(String, Secret)>,
    /// An extra header with a name of the operator's choice (the legacy signature).
    pub extra_header: Option<(String, String)>,
    /// The event's type, a message attribute over SNS.
    pub event_type: String,
    /// The JSON body.
    pub body: Bytes,
}

/// Outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered.
    Answered(Answer),
    /// There was no answer.
    Failed(Failure),
}

/// Lack of sockets: the machine has no descriptor or no port left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this machine has no socket left")]
pub struct OutOfSockets;

impl OutOfSockets {
    /// Returns whether `error` is one of the operating system that means this.
    #[must_use]
    pub fn is(error: &std::io::Error) -> bool {
        /// `ENFILE`, `EMFILE`, `EADDRNOTAVAIL` and `ENOBUFS`, on Linux and elsewhere.
        const ERRORS: [i32; 4] =
            if cfg!(target_os = "linux") { [23, 24, 99, 105] } else { [23, 24, 49, 55] };
        error.raw_os_error().is_some_and(|code| ERRORS.contains(&code))
    }
}

/// Answer of an endpoint, cut to what the log keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// HTTP status; over SNS the status of the service's answer.
    pub status: u16,
    /// Header lines in their order, bounded in number and length. Bytes that are not UTF-8 are
    /// escaped as `\xE9`, a backslash as `\\`.
    pub headers: Vec<(String, String)>,
    /// First 1024 bytes of the body, cut at a character; bytes that are not UTF-8 are replaced.
    pub body_excerpt: String,
    /// `Retry-After` in seconds, from either of its forms.
    pub retry_after_seconds: Option<u32>,
}

/// Network guard's check of endpoints, before anything is sent there.
#[async_trait]
pub trait Vetting: Send + Sync {
    /// Checks an endpoint when `account` registers it: the network guard must allow its address, or
    /// each address to which its name resolves. A name that does not resolve passes, and so does
    /// one that can't be looked up because the account has too many look-ups under way.
    ///
    /// # Errors
    /// [`Refused`] when the guard forbids the host.
    async fn vet(&self, account: AccountId, url: &WebhookUrl) -> Result<(), Refused>;
}

/// Sender of deliveries through the network guard. Never follows a redirect.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Makes one attempt for `account`, within the configured time-out from name resolution to the
    /// end of the excerpt. Failures are an [`Outcome`] too. Accounts share neither connections nor
    /// look-ups.
    ///
    /// # Errors
    /// [`OutOfSockets`] when nothing was sent for want of a socket. That says nothing about the
    /// endpoint and is not an attempt.
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets>;
}
