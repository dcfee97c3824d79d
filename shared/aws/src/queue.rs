//! Implementation of the [`Queue`] port on three SQS queues.
//!
//! SQS delays a message by 15 minutes at most. A message that is due sooner waits in the queue of
//! its lane; one that is due later waits in `retry_hours` for one hop, is then [passed
//! on](SqsQueue::relay), and so comes to its lane's queue with less than a hop to go. A delay is
//! rounded up, so no message is early except by a difference of clocks.
//!
//! Each account is a message group, by which SQS keeps one account's backlog from delaying others'.
//! Messages can come twice and in any order, which deliveries allow for.

mod gathered;
mod receipt;
mod redrive;
mod send;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_sdk_sqs::{Client, types::DeleteMessageBatchRequestEntry};
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use ports::{
    Chain, Clock, Queue, ReadError, Unavailable,
    queue::{Lane, Leased, Message, Receipt},
};

use self::{gathered::Gathered, receipt::Lease};
pub use self::{receipt::kept_by_lambda, redrive::Redriven};
use crate::failure::{incomplete, refused, unavailable};

/// Largest number of messages of one call (SQS API reference).
const BATCH: usize = 10;
/// Longest delay of a message (SQS API reference, `DelaySeconds`).
const LONGEST_DELAY: Duration = Duration::from_mins(15);
/// Codes of receipts whose lease has ended.
const ENDED: &[&str] = &["ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight"];

/// URLs of the queues.
#[derive(Debug, Clone)]
pub struct Queues {
    /// Queue of first attempts.
    pub deliveries: String,
    /// Queue of retries that are due within a hop.
    pub retry_minutes: String,
    /// Queue of messages that are due later.
    pub retry_hours: String,
}

/// Implementation of [`Queue`] on three queues. Sending to it is not part of a commit.
pub struct SqsQueue {
    client: Client,
    queues: Queues,
    hop_limit: Duration,
    clock: Arc<dyn Clock>,
    gathered: Gathered,
}

/// Error for a message body that this queue did not write.
#[derive(Debug, thiserror::Error)]
#[error("it is not the JSON of a message")]
pub struct NotAMessage(#[from] serde_json::Error);

/// Reads the body of a received message.
///
/// # Errors
/// When it was not sent by [`SqsQueue`].
pub fn message(body: &str) -> Result<Message, NotAMessage> {
    Ok(serde_json::from_str(body)?)
}

impl SqsQueue {
    /// Creates a queue whose messages wait for `hop_limit` at most before they are passed on: whole
    /// seconds, from 1 to the 15 minutes that SQS allows.
    #[must_use]
    pub fn new(client: Client, queues: Queues, hop_limit: Duration, clock: Arc<dyn Clock>) -> Self {
        let seconds = hop_limit.as_secs().clamp(1, LONGEST_DELAY.as_secs());
        let (hop_limit, gathered) = (Duration::from_secs(seconds), Gathered::default());
        Self { client, queues, hop_limit, clock, gathered }
    }

    /// Passes a message on: to its lane's queue when it is due within a hop, or for another hop.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then to be received again.
    pub async fn relay(&self, message: Message) -> Result<(), Unavailable> {
        self.send(&[message]).await
    }

    /// Deletes the messages of `receipts`. Those that can't be deleted are received again.
    pub(crate) async fn acknowledge_all(&self, receipts: &[Receipt]) -> Result<(), Unavailable> {
        let leases: Vec<Lease<'_>> = receipts.iter().filter_map(Lease::of).collect();
        for lane in [Lane::First, Lane::Retry] {
            let handles: Vec<&str> = leases
                .iter()
                .filter_map(|lease| match lease {
                    Lease::Ours { lane: of, handle } if *of == lane => Some(*handle),
                    Lease::Ours { .. } | Lease::Lambdas => None,
                })
                .collect();
            for some in handles.chunks(BATCH) {
                self.delete(lane, some).await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, lane: Lane, handles: &[&str]) -> Result<(), Unavailable> {
        let entry = |(number, handle): (usize, &&str)| {
            DeleteMessageBatchRequestEntry::builder()
                .id(number.to_string())
                .receipt_handle(*handle)
                .build()
                .map_err(incomplete)
        };
        let entries: Vec<_> = handles.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        let delete = self.client.delete_message_batch().queue_url(self.url(lane));
        let deleted = delete.set_entries(Some(entries)).send().await;
        let deleted = deleted.map_err(|error| unavailable("ending messages", error))?;
        let left = deleted.failed().iter().find(|failed| !ENDED.contains(&failed.code()));
        left.map_or(Ok(()), |failed| {
            let why = refused(failed.code(), failed.message());
            Err(Unavailable::new("ending messages", why))
        })
    }

    /// Hides the message of a lease for `seconds` from now.
    async fn hide(&self, lane: Lane, handle: &str, seconds: i32) -> Result<(), Unavailable> {
        let change = self.client.change_message_visibility().queue_url(self.url(lane));
        match change.receipt_handle(handle).visibility_timeout(seconds).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.as_service_error().and_then(|error| error.code());
                let ended =
                    code.is_some_and(|code| ENDED.iter().any(|ended| code.ends_with(ended)));
                if ended { Ok(()) } else { Err(unavailable("releasing a message", error)) }
            }
        }
    }

    /// Returns a received message with its lease, unless it is not due yet; then hides it until it
    /// is. A message that can't be read is left to become a dead letter.
    async fn leased(
        &self,
        lane: Lane,
        received: aws_sdk_sqs::types::Message,
    ) -> Result<Option<Leased>, Unavailable> {
        let handle = received.receipt_handle().unwrap_or_default();
        let message = match message(received.body().unwrap_or_default()) {
            Ok(message) => message,
            Err(why) => {
                let id = received.message_id().unwrap_or_default();
                tracing::error!(error = %Chain(&why), id, "a message can't be read");
                return Ok(None);
            }
        };
        let early = message.due.since(self.clock.now());
        if !early.is_zero() {
            self.hide(lane, handle, whole_seconds(early.min(self.hop_limit))).await?;
            return Ok(None);
        }
        Ok(Some(Leased { message, receipt: receipt::of(lane, handle) }))
    }

    fn url(&self, lane: Lane) -> &str {
        match lane {
            Lane::First => &self.queues.deliveries,
            Lane::Retry => &self.queues.retry_minutes,
        }
    }
}

#[async_trait]
impl Queue for SqsQueue {
    fn is_transactional(&self) -> bool {
        false
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        self.send_gathered(messages).await
    }

    /// Receives messages in one call, so ten at most. For tests and tools: Lambda receives by
    /// itself.
    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        if most == 0 {
            return Ok(Vec::new());
        }
        let most = i32::try_from(most.min(BATCH)).unwrap_or(1);
        let receive = self.client.receive_message().queue_url(self.url(lane));
        let received = receive.max_number_of_messages(most).wait_time_seconds(0).send().await;
        let received = received.map_err(|error| unavailable("receiving messages", error))?;
        let mut leased = Vec::new();
        for message in received.messages.unwrap_or_default() {
            leased.extend(self.leased(lane, message).await?);
        }
        Ok(leased)
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.acknowledge_all(std::slice::from_ref(receipt)).await
    }

    /// Releases a message. For a message that Lambda received this is an error, because only the
    /// answer to Lambda can give it back: a caller that returns the error as the message's failure
    /// does so.
    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        match Lease::of(receipt) {
            None => Ok(()),
            Some(Lease::Ours { lane, handle }) => self.hide(lane, handle, 0).await,
            Some(Lease::Lambdas) => Err(Unavailable::new(
                "releasing a message",
                "only Lambda can release it, when the invocation fails",
            )),
        }
    }
}

/// Returns `duration` in seconds, rounded up.
fn whole_seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis().div_ceil(1000)).unwrap_or(i32::MAX)
}
