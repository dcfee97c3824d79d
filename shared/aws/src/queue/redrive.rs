//! Redrive of dead letters.

use std::collections::HashSet;

use aws_sdk_sqs::types::{Message, QueueAttributeName};
use ports::{Queue as _, Unavailable};
use serde::Deserialize;

use super::{BATCH, SqsQueue, message};
use crate::failure::unavailable;

/// Time for which a call waits for dead letters, in seconds: one that does not wait may ask servers
/// that have none (SQS Developer Guide, "short and long polling").
const WAIT: i32 = 1;

/// Result of a redrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redriven {
    /// Number of messages sent again.
    pub returned: u64,
    /// Number of messages left in the dead-letter queue because no version of this program wrote
    /// them.
    pub unreadable: u64,
}

/// Redrive policy of a queue, as far as it is read.
#[derive(Deserialize)]
struct Policy {
    #[serde(rename = "deadLetterTargetArn")]
    target: String,
}

impl SqsQueue {
    /// Sends every message of the dead-letter queue as if it were new: to its lane, or to wait. The
    /// dead-letter queue is the one that the queue of first attempts names.
    ///
    /// A message that was sent and could not be deleted from the dead-letter queue exists twice
    /// then; the delivery's state tells workers so.
    ///
    /// # Errors
    /// When there is no dead-letter queue, or the backend is unavailable; messages that were sent
    /// by then stay sent.
    pub async fn redrive(&self) -> Result<Redriven, Unavailable> {
        let dead_letters = self.dead_letters().await?;
        let mut unreadable = HashSet::new();
        let mut returned = 0;
        loop {
            let receive = self.client.receive_message().queue_url(&dead_letters);
            let receive = receive.max_number_of_messages(i32::try_from(BATCH).unwrap_or(1));
            let received = receive.wait_time_seconds(WAIT).send().await;
            let received =
                received.map_err(|error| unavailable("receiving dead letters", error))?;
            let mut is_news = false;
            for letter in received.messages.unwrap_or_default() {
                if self.give_back(&dead_letters, &letter).await? {
                    (returned, is_news) = (returned + 1, true);
                } else {
                    is_news |= unreadable.insert(letter.message_id.unwrap_or_default());
                }
            }
            if !is_news {
                return Ok(Redriven { returned, unreadable: unreadable.len() as u64 });
            }
        }
    }

    /// Sends a dead letter again and deletes it; returns false if it can't be read.
    async fn give_back(&self, dead_letters: &str, letter: &Message) -> Result<bool, Unavailable> {
        let Ok(message) = message(letter.body().unwrap_or_default()) else { return Ok(false) };
        self.send(&[message]).await?;
        let delete = self.client.delete_message().queue_url(dead_letters);
        let deleted = delete.receipt_handle(letter.receipt_handle().unwrap_or_default());
        let deleted = deleted.send().await;
        deleted.map_err(|error| unavailable("deleting a dead letter", error))?;
        Ok(true)
    }

    /// Returns the URL of the dead-letter queue.
    async fn dead_letters(&self) -> Result<String, Unavailable> {
        const WHAT: &str = "finding the dead-letter queue";
        let ask = self.client.get_queue_attributes().queue_url(&self.queues.deliveries);
        let answer = ask.attribute_names(QueueAttributeName::RedrivePolicy).send().await;
        let answer = answer.map_err(|error| unavailable(WHAT, error))?;
        let policy =
            answer.attributes().and_then(|all| all.get(&QueueAttributeName::RedrivePolicy));
        let policy = policy.ok_or_else(|| Unavailable::new(WHAT, "the queue has none"))?;
        let policy: Policy =
            serde_json::from_str(policy).map_err(|why| Unavailable::new(WHAT, why))?;
        let name = policy.target.rsplit(':').next().unwrap_or_default();
        let url = self.client.get_queue_url().queue_name(name).send().await;
        let url = url.map_err(|error| unavailable(WHAT, error))?.queue_url;
        url.ok_or_else(|| Unavailable::new(WHAT, "it has no URL"))
    }
}
