//! Messages that become visible when they are due.

use async_trait::async_trait;
use domain::{
    Timestamp,
    delivery::Task,
    id::{AccountId, MessageId, WebhookId},
};
use serde::{Deserialize, Serialize};

use crate::Unavailable;

/// Which workers serve a message: a storm of retries never delays fresh events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// First attempts.
    First,
    /// Everything after.
    Retry,
}

/// One attempt that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Names the message for ever; a delivery's state records which message made its last attempt.
    pub id: MessageId,
    /// Whose it is; backends keep one account's load from delaying another's.
    pub account: AccountId,
    /// The endpoint it goes to; backends keep one endpoint's slowness from delaying another's.
    pub webhook: WebhookId,
    /// Which workers serve it.
    pub lane: Lane,
    /// Not visible before this.
    pub due: Timestamp,
    /// What is to be attempted.
    pub task: Task,
}

/// Proof of a lease, to acknowledge or release a received message with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

/// A message that was received and is hidden from everybody else until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The message.
    pub message: Message,
    /// For [`Queue::acknowledge`], [`Queue::release`] and `Commit::acknowledge`.
    pub receipt: Receipt,
}

/// Delivers each message at least once, not before it is due.
///
/// Messages are usually sent and acknowledged as part of a [`Commit`](crate::Commit); this trait is
/// for the rest.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Whether the messages of a commit are as durable as the commit: sent if it happens, and only
    /// then. Where they are not, a commit can have happened whose messages were not sent, because
    /// sending failed ([`Store::commit`](crate::Store::commit) then says so) or the process died;
    /// whoever commits keeps what it takes to send them again.
    fn is_transactional(&self) -> bool;

    /// Makes `messages` durable, all or none.
    ///
    /// # Errors
    /// When the backend is unavailable; then none was sent as far as the caller may rely on it, and
    /// sending again can duplicate some.
    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable>;

    /// Up to `most` messages of `lane` that are due, each leased to the caller. Does not wait.
    ///
    /// A lease that is neither acknowledged nor released ends after the backend's visibility
    /// time-out, and at once when the backend restarts; the message is then received again.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, Unavailable>;

    /// Removes a message for good. A receipt of an ended lease, or a second time: no effect.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable>;

    /// Gives a message back, to be received again at once.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable>;
}
