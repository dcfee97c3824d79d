//! Messages that become visible when they are due.

use async_trait::async_trait;
use domain::{
    Timestamp,
    delivery::{Status, Task},
    id::{AccountId, MessageId, WebhookId},
    limits::OwnRate,
};
use serde::{Deserialize, Serialize};

use crate::{ReadError, Unavailable, limiter::Turn, trace::TraceContext};

/// Queue of its own workers. There are two, so that many retries never delay fresh events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// First attempts.
    First,
    /// All later attempts.
    Retry,
}

/// Request to make one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Identifier, never used twice; a delivery's state records which message made its last
    /// attempt.
    pub id: MessageId,
    /// Account; backends keep one account's load from delaying another's.
    pub account: AccountId,
    /// Endpoint; backends keep one endpoint's slowness from delaying another's.
    pub webhook: WebhookId,
    /// Lane whose workers serve it.
    pub lane: Lane,
    /// Time before which it is not visible.
    pub due: Timestamp,
    /// Attempt to make.
    pub task: Task,
    /// Larger work that it continues instead of making the attempt, or the turn that the attempt waited
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chore: Option<Chore>,
    /// Place in the trace of the request that asked for it, if that was traced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceContext>,
}

/// Rest of work that is larger than a request may be, which continues by itself, a part at a time, each
/// asked for by a message that says where to begin; or the turn that an attempt waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chore {
    /// Recovery of the webhook's deliveries.
    Recover(Box<Recovery>),
    /// First attempts at further webhooks, side by side with that at the message's own.
    Together {
        /// The further webhooks.
        webhooks: Vec<WebhookId>,
    },
    /// First attempts of an event's deliveries, of which there are too many to ask for at once.
    FanOut {
        /// Number of the first delivery that is left.
        from: usize,
    },
    /// Events of a batch that was accepted as a whole: putting them in place, and their first
    /// attempts.
    Unfold {
        /// Batch, named by the first message that asked for this.
        batch: MessageId,
    },
    /// Erasure of what is kept beside the event itself, whose data was erased.
    Erase {
        /// Number of the first delivery that is left.
        from: usize,
        /// True of the first time. The second is for attempts that were under way at the first.
        is_first: bool,
    },
    /// The attempt itself, which waits for its turn under the webhook's rate.
    Wait {
        /// The turn.
        turn: Turn,
        /// Rate of the webhook when it was given.
        rate: OwnRate,
    },
}

/// Recovery of a webhook's deliveries that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Time at which it was asked for.
    pub asked_at: Timestamp,
    /// First sort key of the deliveries that are left, in the list that is gone through now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First sort key after the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// First sort key of the window, where the second list begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Statuses of the deliveries that are recovered.
    pub include: Vec<Status>,
    /// True if deliveries that were never attempted are gone through: the second list.
    pub is_unattempted: bool,
    /// Number of deliveries recovered so far.
    pub count: u64,
}

/// Proof of a lease, to acknowledge or release a received message with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

impl Receipt {
    /// Receipt of a part of what a message asks for, which is acknowledged or released as a whole.
    #[must_use]
    pub const fn of_a_part() -> Self {
        Self(String::new())
    }
}

/// Message that was received and is hidden from everybody else until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// Message.
    pub message: Message,
    /// Proof of the lease, for [`Queue::acknowledge`], [`Queue::release`] and
    /// `Commit::acknowledge`.
    pub receipt: Receipt,
}

impl Leased {
    /// Returns the receipt by which whoever has done what the message asks for acknowledges it; none of a
    /// [part](Receipt::of_a_part).
    #[must_use]
    pub fn acknowledged(&self) -> Option<Receipt> {
        (self.receipt != Receipt::of_a_part()).then(|| self.receipt.clone())
    }
}

/// Message queue: delivers each message at least once, not before it is due.
///
/// Messages are usually sent and acknowledged as part of a [`Commit`](crate::Commit); this trait is
/// for the rest.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Returns whether the messages of a commit are as durable as the commit: sent if it happens,
    /// and only then. If they are not, a commit can happen without its messages being sent, because
    /// sending failed ([`Store::commit`](crate::Store::commit) then returns an error) or because
    /// the process died; the caller keeps what it takes to send them again.
    fn is_transactional(&self) -> bool;

    /// Makes `messages` durable, all or none.
    ///
    /// # Errors
    /// When the backend is unavailable; then none was sent as far as the caller may rely on it, and
    /// sending again can duplicate some.
    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable>;

    /// Receives up to `most` messages of `lane` that are due, each leased to the caller. Does not
    /// wait.
    ///
    /// A lease that is neither acknowledged nor released ends after the backend's visibility
    /// time-out, and at once when the backend restarts; the message is then received again.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError>;

    /// Removes a message for good. Has no effect if the lease has ended or the message is gone
    /// already.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable>;

    /// Releases a message, to be received again at once.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable>;
}
