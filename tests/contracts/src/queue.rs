//! Contract suite of [`Queue`].

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::{any::Any, collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
    kinds::Environment,
};
use ports::{
    Clock, Commit, Queue, Store,
    queue::{Lane, Leased, Message, Receipt},
};

use crate::ManualClock;

/// Fixture of the suite: an empty queue.
pub struct Fixture {
    /// Queue under test.
    pub queue: Arc<dyn Queue>,
    /// Store whose commits send and acknowledge messages of the queue.
    pub store: Arc<dyn Store>,
    /// Clock of the queue.
    pub time: Arc<dyn Time>,
    /// Time after which a lease ends by itself.
    pub visibility_timeout: Duration,
    /// Resources that must live as long as the fixture.
    pub keeper: Box<dyn Any + Send + Sync>,
}

/// Clock of a queue: one that the test moves, or that of a service, which can only be waited for.
#[async_trait]
pub trait Time: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;

    /// Waits until `duration` has passed.
    async fn pass(&self, duration: Duration);
}

#[async_trait]
impl Time for ManualClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }

    async fn pass(&self, duration: Duration) {
        self.advance(duration);
    }
}

/// Generates the suite's tests.
#[macro_export]
macro_rules! queue_suite {
    ($fixture:path) => {
        $crate::promises! { $fixture, queue:
            a_message_is_received_as_it_was_sent
            a_message_is_not_received_before_it_is_due
            a_received_message_is_hidden_until_its_lease_ends
            a_released_message_is_received_again
            an_unacknowledged_message_comes_back_after_the_visibility_timeout
            an_acknowledged_message_is_gone
            a_commit_sends_and_acknowledges
            a_receipt_of_an_ended_lease_has_no_effect
            lanes_are_received_apart
            a_receive_returns_at_most_the_requested_number
            many_messages_are_each_received_once
        }
    };
}

const SECOND: Duration = Duration::from_secs(1);

/// A message is received with every field as it was sent.
pub async fn a_message_is_received_as_it_was_sent(backend: &Fixture) {
    let sent = message(1, Lane::Retry, backend.time.now());
    backend.queue.send(std::slice::from_ref(&sent)).await.unwrap();
    assert_eq!(only(backend.receive(Lane::Retry).await).message, sent);
}

/// A message is never received before it is due, and does not block one that is.
pub async fn a_message_is_not_received_before_it_is_due(backend: &Fixture) {
    let now = backend.time.now();
    let later = message(1, Lane::First, now.plus(2 * SECOND));
    backend.queue.send(&[later.clone(), message(2, Lane::First, now)]).await.unwrap();
    assert_eq!(ids(&backend.receive(Lane::First).await), [2].into());
    backend.time.pass(2 * SECOND).await;
    assert_eq!(only(backend.receive(Lane::First).await).message, later);
}

/// A leased message is received by nobody else.
pub async fn a_received_message_is_hidden_until_its_lease_ends(backend: &Fixture) {
    backend.send(1).await;
    assert_eq!(backend.receive(Lane::First).await.len(), 1);
    assert!(backend.receive(Lane::First).await.is_empty());
}

/// A released message is received again at once, with a new receipt.
pub async fn a_released_message_is_received_again(backend: &Fixture) {
    backend.send(1).await;
    let first = only(backend.receive(Lane::First).await);
    backend.queue.release(&first.receipt).await.unwrap();
    let second = only(backend.receive(Lane::First).await);
    assert_eq!(second.message, first.message);
    assert_ne!(second.receipt, first.receipt);
}

/// A message that is neither acknowledged nor released comes back after the visibility time-out,
/// and not much before.
pub async fn an_unacknowledged_message_comes_back_after_the_visibility_timeout(backend: &Fixture) {
    backend.send(1).await;
    let first = only(backend.receive(Lane::First).await);
    backend.time.pass(backend.visibility_timeout / 2).await;
    assert!(backend.receive(Lane::First).await.is_empty());
    backend.time.pass(backend.visibility_timeout / 2 + SECOND).await;
    assert_eq!(only(backend.receive(Lane::First).await).message, first.message);
}

/// An acknowledged message never comes back.
pub async fn an_acknowledged_message_is_gone(backend: &Fixture) {
    backend.send(1).await;
    let leased = only(backend.receive(Lane::First).await);
    backend.queue.acknowledge(&leased.receipt).await.unwrap();
    backend.time.pass(backend.visibility_timeout + SECOND).await;
    assert!(backend.receive(Lane::First).await.is_empty());
}

/// A commit sends and acknowledges messages atomically with its writes.
pub async fn a_commit_sends_and_acknowledges(backend: &Fixture) {
    backend.send(1).await;
    let leased = only(backend.receive(Lane::First).await);
    let next = message(2, Lane::Retry, backend.time.now().plus(SECOND));
    let commit = Commit {
        messages: vec![next.clone()],
        acknowledge: vec![leased.receipt],
        ..Commit::default()
    };
    backend.store.commit(commit).await.unwrap();
    assert!(backend.receive(Lane::Retry).await.is_empty());
    backend.time.pass(backend.visibility_timeout + SECOND).await;
    assert!(backend.receive(Lane::First).await.is_empty());
    assert_eq!(only(backend.receive(Lane::Retry).await).message, next);
}

/// The receipt of an ended lease affects neither the message nor a later lease of it; nor does an
/// unknown receipt.
pub async fn a_receipt_of_an_ended_lease_has_no_effect(backend: &Fixture) {
    backend.send(1).await;
    let old = only(backend.receive(Lane::First).await).receipt;
    backend.queue.release(&old).await.unwrap();
    let new = only(backend.receive(Lane::First).await).receipt;
    for stale in [old, Receipt("first/0/nothing".to_owned()), Receipt(String::new())] {
        backend.queue.release(&stale).await.unwrap();
        backend.queue.acknowledge(&stale).await.unwrap();
        assert!(backend.receive(Lane::First).await.is_empty(), "{stale:?} released it");
    }
    backend.queue.release(&new).await.unwrap();
    let again = only(backend.receive(Lane::First).await);
    for _ in 0..2 {
        backend.queue.acknowledge(&again.receipt).await.unwrap();
    }
    assert!(backend.receive(Lane::First).await.is_empty());
}

/// Receiving from one lane never returns messages of another.
pub async fn lanes_are_received_apart(backend: &Fixture) {
    let now = backend.time.now();
    let sent = [message(1, Lane::First, now), message(2, Lane::Retry, now)];
    backend.queue.send(&sent).await.unwrap();
    assert_eq!(ids(&backend.receive(Lane::Retry).await), [2].into());
    assert_eq!(ids(&backend.receive(Lane::First).await), [1].into());
}

/// A receive returns at most as many messages as were asked for; the rest waits.
pub async fn a_receive_returns_at_most_the_requested_number(backend: &Fixture) {
    for number in 1..=5 {
        backend.send(number).await;
    }
    let mut received = BTreeSet::new();
    for most in [0, 2, 2, 2] {
        let some = backend.queue.receive(Lane::First, most).await.unwrap();
        assert!(some.len() <= most);
        received.extend(ids(&some));
    }
    assert_eq!(received, (1..=5).collect());
}

/// Each of many messages is received once: more than any backend keeps in memory.
pub async fn many_messages_are_each_received_once(backend: &Fixture) {
    let now = backend.time.now();
    let numbers = 1..=400;
    for some in numbers.clone().collect::<Vec<_>>().chunks(10) {
        let messages: Vec<_> =
            some.iter().map(|&number| message(number, Lane::First, now)).collect();
        backend.queue.send(&messages).await.unwrap();
    }
    let mut received = Vec::new();
    loop {
        let some = backend.queue.receive(Lane::First, 10).await.unwrap();
        if some.is_empty() {
            break;
        }
        for leased in some {
            backend.queue.acknowledge(&leased.receipt).await.unwrap();
            received.push(leased.message.id.0.random());
        }
    }
    received.sort_unstable();
    assert_eq!(received, numbers.collect::<Vec<_>>());
}

impl Fixture {
    async fn send(&self, number: u128) {
        self.queue.send(&[message(number, Lane::First, self.time.now())]).await.unwrap();
    }

    async fn receive(&self, lane: Lane) -> Vec<Leased> {
        self.queue.receive(lane, 10).await.unwrap()
    }
}

fn message(number: u128, lane: Lane, due: Timestamp) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: AccountId(Ulid::from(1)),
        webhook: WebhookId(Ulid::from(number % 3)),
        lane,
        due,
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(number)),
            environment: Environment::Test,
            run: 1,
            slot: 2,
            trigger: Trigger::Recover,
        },
    }
}

fn ids(leased: &[Leased]) -> BTreeSet<u128> {
    leased.iter().map(|leased| leased.message.id.0.random()).collect()
}

fn only(mut leased: Vec<Leased>) -> Leased {
    assert_eq!(leased.len(), 1, "{leased:?}");
    leased.remove(0)
}
