//! Order and time in which workers get messages.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use common::{SECOND, message, number, open, send, small, take_all, webhook};
use contracts::ManualClock;
use futures_util::FutureExt as _;
use latchhook_embedded::{Concurrency, Embedded, Options};
use ports::{
    Clock as _, Commit, Queue as _, Store as _,
    queue::{Lane, Leased},
};
use tempfile::TempDir;

fn backend(options: &Options) -> (Embedded, Arc<ManualClock>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    (open(folder.path(), options, &clock), clock, folder)
}

#[tokio::test]
async fn a_message_goes_to_a_waiting_worker() {
    let (backend, clock, _folder) = backend(&small());
    let waiting = tokio::spawn({
        let backend = backend.clone();
        async move { backend.next(Lane::First).await }
    });
    // The worker waits, and not for this lane's message.
    clock.slept_on(30 * SECOND).await;
    backend.send(&[message(1, 1, Lane::Retry, clock.now())]).await.unwrap();
    assert!(!waiting.is_finished());
    send(&backend, &clock, 1, [2]).await;
    assert_eq!(number(&waiting.await.unwrap()), 2);
}

#[tokio::test]
async fn a_message_is_handed_out_at_its_due_time_by_one_timer() {
    let (backend, clock, _folder) = backend(&small());
    let due = |after| clock.now().plus(after * SECOND);
    let messages =
        [(1, 20), (2, 10), (3, 15)].map(|(n, after)| message(n, n, Lane::Retry, due(after)));
    backend.send(&messages).await.unwrap();
    let begun = clock.now();
    let waiting = tokio::spawn({
        let (backend, clock) = (backend.clone(), clock.clone());
        async move {
            let mut times = Vec::new();
            for _ in 0..3 {
                let leased = backend.next(Lane::Retry).await;
                times.push((number(&leased), clock.now().since(begun)));
            }
            times
        }
    });
    for step in [10, 5, 5] {
        clock.slept_on(step * SECOND).await;
        clock.advance(step * SECOND);
    }
    let expected = [(2, 10), (3, 15), (1, 20)].map(|(n, after)| (n, after * SECOND));
    assert_eq!(waiting.await.unwrap(), expected);
}

#[tokio::test]
async fn an_earlier_message_brings_the_timer_forward() {
    let (backend, clock, _folder) = backend(&small());
    backend.send(&[message(1, 1, Lane::First, clock.now().plus(20 * SECOND))]).await.unwrap();
    let waiting = tokio::spawn({
        let backend = backend.clone();
        async move { number(&backend.next(Lane::First).await) }
    });
    clock.slept_on(20 * SECOND).await;
    backend.send(&[message(2, 1, Lane::First, clock.now().plus(5 * SECOND))]).await.unwrap();
    clock.slept_on(5 * SECOND).await;
    clock.advance(5 * SECOND);
    assert_eq!(waiting.await.unwrap(), 2);
}

#[tokio::test]
async fn endpoints_take_turns() {
    let (backend, clock, _folder) = backend(&Options::default());
    send(&backend, &clock, 1, 0..30).await;
    send(&backend, &clock, 2, 100..103).await;
    let order: Vec<_> = take_all(&backend, Lane::First).iter().map(webhook).collect();
    assert_eq!(order[..7], [1, 2, 1, 2, 1, 2, 1]);
    assert_eq!(order.len(), 33);
}

#[tokio::test]
async fn an_endpoint_at_its_limit_does_not_block_others() {
    let (backend, clock, _folder) = backend(&small());
    send(&backend, &clock, 1, 0..50).await;
    send(&backend, &clock, 2, 100..102).await;
    let mut out = take_all(&backend, Lane::First);
    assert_eq!(count(&out), [(1, 4), (2, 2)].into());
    let done = out.remove(0);
    assert_eq!(webhook(&done), 1);
    backend.acknowledge(&done.receipt).await.unwrap();
    assert_eq!(count(&take_all(&backend, Lane::First)), [(1, 1)].into());
}

#[tokio::test]
async fn a_backlog_is_handed_out_oldest_first_and_once_each() {
    let (backend, clock, _folder) = backend(&small());
    let now = clock.now();
    // The older messages are sent in descending order, more than fit in memory, while others are
    // worked on.
    for numbers in (0..600_u32).rev().collect::<Vec<_>>().chunks(100) {
        let older = |&number: &u32| {
            message(number.into(), 1, Lane::First, now.minus(SECOND * (1000 - number)))
        };
        backend.send(&numbers.iter().map(older).collect::<Vec<_>>()).await.unwrap();
    }
    let mut order = Vec::new();
    loop {
        let some = take_all(&backend, Lane::First);
        if some.is_empty() {
            break;
        }
        order.extend(some.iter().map(number));
        finish(&backend, some).await;
    }
    // Messages that were buffered before the older ones arrived go first; the rest is ordered by
    // age.
    let (buffered, rest) = order.split_at(64);
    assert_eq!(buffered, (536..600).rev().collect::<Vec<_>>());
    assert_eq!(rest, (0..536).collect::<Vec<_>>());
}

#[tokio::test]
async fn leased_messages_are_handed_out_again_after_a_restart() {
    let (backend, clock, folder) = backend(&small());
    send(&backend, &clock, 1, 0..3).await;
    backend.send(&[message(9, 2, Lane::First, clock.now().plus(SECOND))]).await.unwrap();
    let out = take_all(&backend, Lane::First);
    assert_eq!(out.len(), 3);
    backend.acknowledge(&out[0].receipt).await.unwrap();
    drop(backend);
    let backend = open(folder.path(), &small(), &clock);
    // A receipt from before the restart has no effect.
    backend.acknowledge(&out[1].receipt).await.unwrap();
    assert_eq!(take_all(&backend, Lane::First).iter().map(number).collect::<Vec<_>>(), [1, 2]);
    clock.advance(SECOND);
    assert_eq!(take_all(&backend, Lane::First).iter().map(number).collect::<Vec<_>>(), [9]);
}

#[tokio::test]
async fn a_thousand_hanging_endpoints_leave_room_for_a_working_one() {
    let options = Options { first: Concurrency { per_endpoint: 64, total: 256 }, ..small() };
    let (backend, clock, _folder) = backend(&options);
    let four = |endpoint: u128| (0..4).map(move |number| (endpoint * 4 + number, endpoint));
    let messages: Vec<_> = (1..=1000)
        .flat_map(four)
        .map(|(number, endpoint)| message(number, endpoint, Lane::First, clock.now()))
        .collect();
    backend.send(&messages).await.unwrap();
    let hanging = take_all(&backend, Lane::First);
    assert_eq!(hanging.len(), 256);
    // Once the endpoints are known to be slow and their leases time out, half of the lane is for
    // the others.
    clock.advance(15 * SECOND);
    finish(&backend, hanging).await;
    // Endpoints that were never served get one message each; then they are slow as well.
    let mut unknown = take_all(&backend, Lane::First);
    while unknown.len() > 128 {
        clock.advance(15 * SECOND);
        finish(&backend, unknown).await;
        unknown = take_all(&backend, Lane::First);
    }
    send(&backend, &clock, 7777, 1..=20).await;
    for _ in 0..20 {
        let leased = backend.next(Lane::First).now_or_never().unwrap();
        assert_eq!(webhook(&leased), 7777);
        backend.acknowledge(&leased.receipt).await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_endpoint_is_noticed_before_its_lease_ends() {
    let options = Options { first: Concurrency { per_endpoint: 8, total: 64 }, ..small() };
    let (backend, clock, _folder) = backend(&options);
    send(&backend, &clock, 1, 0..3).await;
    assert_eq!(take_all(&backend, Lane::First).len(), 3);
    clock.advance(Duration::from_millis(1_500));
    send(&backend, &clock, 1, 10..60).await;
    // Not its 8, but a quarter of the free leases in the half that slow endpoints share.
    let more = take_all(&backend, Lane::First);
    assert_eq!(more.len(), 3);
    backend.acknowledge(&more[0].receipt).await.unwrap();
    // That delivery was quick, so the endpoint is no longer slow.
    assert_eq!(take_all(&backend, Lane::First).len(), 3);
}

#[tokio::test]
async fn dropping_a_wait_loses_no_message() {
    let (backend, clock, _folder) = backend(&small());
    for number in 0..20 {
        assert!(backend.next(Lane::First).now_or_never().is_none());
        send(&backend, &clock, 1, [number]).await;
        let leased = backend.next(Lane::First).now_or_never().unwrap();
        assert_eq!(common::number(&leased), number);
        backend.acknowledge(&leased.receipt).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_are_handed_each_message_once() {
    let (backend, clock, _folder) = backend(&Options::default());
    let (done, mut worked) = tokio::sync::mpsc::unbounded_channel();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (backend, done) = (backend.clone(), done.clone());
        workers.spawn(async move {
            loop {
                let leased = backend.next(Lane::First).await;
                backend.acknowledge(&leased.receipt).await.unwrap();
                done.send(number(&leased)).unwrap();
            }
        });
    }
    for first in (0..3_000).step_by(100) {
        send(&backend, &clock, first / 100 % 5, first..first + 100).await;
    }
    let mut numbers = Vec::new();
    while numbers.len() < 3_000 {
        worked.recv_many(&mut numbers, 3_000).await;
    }
    workers.abort_all();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..3_000).collect::<Vec<_>>());
}

async fn finish(backend: &Embedded, leased: Vec<Leased>) {
    let acknowledge = leased.into_iter().map(|leased| leased.receipt).collect();
    backend.commit(Commit { acknowledge, ..Commit::default() }).await.unwrap();
}

fn count(leased: &[Leased]) -> BTreeMap<u128, usize> {
    let mut count = BTreeMap::new();
    for leased in leased {
        *count.entry(webhook(leased)).or_default() += 1;
    }
    count
}
