//! Sending of messages: choice of queue and delay, in batches of ten.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_sqs::types::{BatchResultErrorEntry, SendMessageBatchRequestEntry};
use backon::RetryableWithContext as _;
use domain::Timestamp;
use futures_util::{StreamExt as _, stream};
use ports::{Unavailable, clock::sleeper, queue::Message};

use super::{BATCH, SqsQueue, whole_seconds};
use crate::{
    failure::{incomplete, refused, unavailable},
    pauses::backoff,
};

const WHAT: &str = "sending messages";

/// Number of batches sent at once.
const AT_ONCE: usize = 8;
/// Time before it is due at which a message has made its last hop, so that none is late because many
/// are passed on together: longer than the batching window of the function that does, in the template.
const IN_TIME: Duration = Duration::from_secs(45);

type Entries = Vec<SendMessageBatchRequestEntry>;

/// Reason why messages of a batch were not sent.
enum NotSent {
    /// Another try is of no use.
    Final(Unavailable),
    /// The failure may be temporary.
    Passing(Unavailable),
}

impl SqsQueue {
    /// Sends messages, or passes them on: each to its lane's queue when it is due within a hop, or for another
    /// hop. Returns the places of those that could not be sent, with the reasons.
    pub async fn relay_all(&self, messages: &[Message]) -> Vec<(usize, Unavailable)> {
        let now = self.clock.now();
        let (mut by_queue, mut failed) = (BTreeMap::<&str, Entries>::new(), Vec::new());
        for (place, message) in messages.iter().enumerate() {
            let (queue, delay) = self.route(message, now);
            match entry(place, message, delay) {
                Ok(entry) => by_queue.entry(queue).or_default().push(entry),
                Err(why) => failed.push((place, why)),
            }
        }
        let batches = by_queue.iter().flat_map(|(queue, entries)| {
            entries.chunks(BATCH).map(move |some| ((*queue).to_owned(), some.to_vec()))
        });
        let jitter = messages.first().map_or(0, |message| message.id.0.to_bytes()[15]);
        let sent = stream::iter(batches.collect::<Vec<_>>())
            .map(|(queue, entries)| async move { self.send_batch(&queue, entries, jitter).await });
        let mut sent = sent.buffer_unordered(AT_ONCE);
        while let Some((left, sent)) = sent.next().await {
            let Err(why) = sent else { continue };
            // The identifiers are those that were given above.
            let places = left.iter().filter_map(|entry| entry.id().parse().ok());
            failed.extend(places.map(|place: usize| (place, why.clone())));
        }
        failed
    }

    /// Returns the queue in which `message` waits at `now`, and for how many seconds.
    fn route(&self, message: &Message, now: Timestamp) -> (&str, i32) {
        let wait = message.due.since(now);
        if wait <= self.hop_limit {
            (self.url(message.lane), whole_seconds(wait))
        } else {
            let spare = IN_TIME.min(self.hop_limit / 2);
            (
                &self.queues.retry_hours,
                whole_seconds(self.hop_limit.min(wait.saturating_sub(spare))),
            )
        }
    }

    /// Sends a batch, and retries its failed messages unless the error says that this is of no use;
    /// returns those that were not sent as well.
    async fn send_batch(
        &self,
        queue: &str,
        entries: Entries,
        jitter: u8,
    ) -> (Entries, Result<(), Unavailable>) {
        let (left, sent) = (|entries| self.try_send(queue, entries))
            .retry(backoff(jitter.into()))
            .sleep(sleeper(&self.clock))
            .context(entries)
            .when(|why| matches!(why, NotSent::Passing(_)))
            .await;
        (left, sent.map_err(|(NotSent::Final(why) | NotSent::Passing(why))| why))
    }

    /// Sends a batch once; returns the `entries` that were not sent.
    async fn try_send(&self, queue: &str, mut entries: Entries) -> (Entries, Result<(), NotSent>) {
        let batch = self.client.send_message_batch().queue_url(queue);
        let sent = match batch.set_entries(Some(entries.clone())).send().await {
            Ok(sent) => sent,
            Err(error) => return (entries, Err(NotSent::Final(unavailable(WHAT, error)))),
        };
        let failed = sent.failed();
        entries.retain(|entry| failed.iter().any(|failed| failed.id() == entry.id()));
        let Some(first) = failed.first() else { return (entries, Ok(())) };
        let why = Unavailable::new(WHAT, refused(first.code(), first.message()));
        // Those of others may be in it, so one's own fault ends nobody else's tries.
        let is_final = failed.iter().all(BatchResultErrorEntry::sender_fault);
        (entries, Err(if is_final { NotSent::Final(why) } else { NotSent::Passing(why) }))
    }
}

fn entry(
    number: usize,
    message: &Message,
    delay: i32,
) -> Result<SendMessageBatchRequestEntry, Unavailable> {
    let body = serde_json::to_string(message).map_err(|why| Unavailable::new(WHAT, why))?;
    SendMessageBatchRequestEntry::builder()
        .id(number.to_string())
        .message_body(body)
        .message_group_id(message.account.to_string())
        .delay_seconds(delay)
        .build()
        .map_err(incomplete)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_sdk_sqs::config::BehaviorVersion;
    use contracts::ManualClock;
    use domain::{
        Environment,
        delivery::{Task, Trigger},
        id::{AccountId, EventId, MessageId, Ulid, WebhookId},
    };
    use ports::{Clock as _, queue::Lane};

    use super::*;
    use crate::queue::{self, Queues};

    fn queue(hop_limit: Duration) -> (SqsQueue, Arc<ManualClock>) {
        let config = aws_sdk_sqs::Config::builder().behavior_version(BehaviorVersion::latest());
        let client = aws_sdk_sqs::Client::from_conf(config.build());
        let clock = Arc::new(ManualClock::default());
        let queues = Queues {
            deliveries: "deliveries".to_owned(),
            retry_minutes: "minutes".to_owned(),
            retry_hours: "hours".to_owned(),
        };
        (SqsQueue::new(client, queues, hop_limit, clock.clone()), clock)
    }

    fn message(lane: Lane, due: Timestamp) -> Message {
        Message {
            id: MessageId(Ulid::from(1)),
            account: AccountId(Ulid::from(2)),
            webhook: WebhookId(Ulid::from(3)),
            lane,
            due,
            chore: None,
            trace: None,
            task: Task {
                event: EventId(Ulid::from(4)),
                environment: Environment::Test,
                run: 1,
                slot: 2,
                trigger: Trigger::Schedule,
            },
        }
    }

    const MINUTE: Duration = Duration::from_mins(1);
    const HOP: Duration = Duration::from_mins(15);

    #[test]
    fn a_message_waits_in_its_lane_when_it_is_due_within_a_hop() {
        let (queue, clock) = queue(HOP);
        let now = clock.now();
        let millis = Duration::from_millis;
        for (lane, wait, expected) in [
            (Lane::First, millis(0), ("deliveries", 0)),
            (Lane::Retry, millis(0), ("minutes", 0)),
            (Lane::Retry, millis(1), ("minutes", 1)),
            (Lane::Retry, millis(60_000), ("minutes", 60)),
            (Lane::Retry, millis(60_001), ("minutes", 61)),
            (Lane::First, HOP, ("deliveries", 900)),
            (Lane::Retry, HOP, ("minutes", 900)),
            // The last hop ends before the time that passing on may take.
            (Lane::Retry, HOP + millis(1), ("hours", 856)),
            (Lane::Retry, HOP + IN_TIME, ("hours", 900)),
            (Lane::Retry, 60 * MINUTE, ("hours", 900)),
        ] {
            assert_eq!(queue.route(&message(lane, now.plus(wait)), now), expected, "{wait:?}");
        }
        assert_eq!(queue.route(&message(Lane::Retry, now.minus(MINUTE)), now), ("minutes", 0));
    }

    #[test]
    fn no_delay_is_longer_than_sqs_allows() {
        for (limit, delay) in [(Duration::from_hours(1), 900), (Duration::ZERO, 1)] {
            let (queue, clock) = queue(limit);
            let later = message(Lane::Retry, clock.now().plus(60 * MINUTE));
            assert_eq!(queue.route(&later, clock.now()), ("hours", delay));
        }
    }

    #[test]
    fn a_message_reaches_its_due_time_hop_by_hop() {
        let (queue, clock) = queue(HOP);
        let retry =
            message(Lane::Retry, clock.now().plus(60 * MINUTE).plus(Duration::from_millis(1)));
        let mut hops = 0;
        loop {
            let (to, delay) = queue.route(&retry, clock.now());
            clock.advance(Duration::from_secs(u64::try_from(delay).unwrap()));
            if to == "minutes" {
                break;
            }
            hops += 1;
        }
        assert_eq!(hops, 4);
        let late = clock.now().since(retry.due);
        assert!(clock.now() >= retry.due && late < Duration::from_secs(1), "{late:?}");
    }

    #[test]
    fn a_message_is_sent_in_the_group_of_its_account() {
        let sent = message(Lane::Retry, Timestamp::from_millis(1_770_000_000_123));
        let entry = entry(7, &sent, 60).unwrap();
        assert_eq!(entry.message_group_id(), Some(&*sent.account.to_string()));
        assert_eq!((entry.id(), entry.delay_seconds()), ("7", Some(60)));
        assert_eq!(queue::message(entry.message_body()).unwrap(), sent);
        assert!(queue::message("{}").is_err());
    }
}
