//! Tests of changes during a group's read: the rows that it returns are older than the change.

use std::time::Duration;

use domain::{
    Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
    kinds::Environment,
};
use ports::queue::{Lane, Leased, Message};

use super::{Dispatch, Found, Now, Turn, Wanted};
use crate::Options;

const SECOND: Duration = Duration::from_secs(1);

fn now(seconds: u64) -> Now {
    let monotonic = Duration::from_secs(seconds);
    Now { wall: Timestamp::from_millis(1_000_000).plus(monotonic), monotonic }
}

fn message(number: u128) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: AccountId(Ulid::from(1)),
        webhook: WebhookId(Ulid::from(1)),
        lane: Lane::First,
        due: now(0).wall,
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(number)),
            environment: Environment::Test,
            run: 0,
            slot: 0,
            trigger: Trigger::Schedule,
        },
    }
}

/// Returns a dispatcher that knows of messages in the database and has asked for them to be read.
fn reading() -> (Dispatch, Wanted) {
    let dispatch = Dispatch::new(&Options::default());
    dispatch.found_group(Lane::First, message(0).webhook, now(0).wall);
    let wanted = read(&dispatch, now(0)).unwrap();
    (dispatch, wanted)
}

fn read(dispatch: &Dispatch, at: Now) -> Option<Wanted> {
    match dispatch.turn(Lane::First, at) {
        Turn::Read(wanted) => Some(wanted),
        _ => None,
    }
}

fn work(dispatch: &Dispatch, at: Now) -> Option<Leased> {
    match dispatch.turn(Lane::First, at) {
        Turn::Work(leased) => Some(leased),
        _ => None,
    }
}

/// Works on everything; every read finds an empty database.
fn work_on_all(dispatch: &Dispatch) -> Vec<u128> {
    let mut worked = Vec::new();
    loop {
        match dispatch.turn(Lane::First, now(0)) {
            Turn::Work(leased) => worked.push(leased.message.id.0.random()),
            Turn::Read(wanted) => dispatch.refill(wanted, Some(Found::default())),
            Turn::Wait(_) => return worked,
        }
    }
}

fn found(numbers: impl IntoIterator<Item = u128>) -> Found {
    Found { due: numbers.into_iter().map(message).collect(), next_due: None }
}

#[test]
fn a_group_is_read_by_one_worker_at_a_time() {
    let (dispatch, wanted) = reading();
    assert!(matches!(dispatch.turn(Lane::First, now(0)), Turn::Wait(_)));
    dispatch.refill(wanted, Some(found([1, 2])));
    assert_eq!(work_on_all(&dispatch), [1, 2]);
}

#[test]
fn a_message_that_arrives_during_a_read_that_sees_it_is_handed_out_once() {
    let (dispatch, wanted) = reading();
    dispatch.committed(vec![message(2)], &[], now(0));
    dispatch.refill(wanted, Some(found([1, 2])));
    assert_eq!(work_on_all(&dispatch), [1, 2]);
}

#[test]
fn a_message_that_arrives_during_a_read_that_misses_it_is_read_next() {
    let (dispatch, wanted) = reading();
    dispatch.committed(vec![message(2)], &[], now(0));
    dispatch.refill(wanted, Some(found([1])));
    assert!(work(&dispatch, now(0)).is_some());
    let wanted = read(&dispatch, now(0)).unwrap();
    // The one that is leased is still in the database.
    dispatch.refill(wanted, Some(found([1, 2])));
    assert_eq!(work_on_all(&dispatch), [2]);
}

#[test]
fn a_message_finished_during_a_read_does_not_come_back() {
    let (dispatch, wanted) = reading();
    let numbers = 1..=wanted.rows as u128;
    dispatch.refill(wanted, Some(found(numbers.clone())));
    let out: Vec<Leased> = numbers.map(|_| work(&dispatch, now(0)).unwrap()).collect();
    dispatch.committed(Vec::new(), std::slice::from_ref(&out[0].receipt), now(0));
    let wanted = read(&dispatch, now(0)).unwrap();
    dispatch.committed(Vec::new(), std::slice::from_ref(&out[1].receipt), now(0));
    // The read began before the second message was deleted.
    dispatch.refill(wanted, Some(found((2..=out.len() as u128).chain([100]))));
    assert_eq!(work_on_all(&dispatch), [100]);
}

#[test]
fn a_read_that_failed_is_tried_again_a_second_later() {
    let (dispatch, wanted) = reading();
    dispatch.refill(wanted, None);
    assert!(matches!(dispatch.turn(Lane::First, now(0)), Turn::Wait(wait) if wait == SECOND));
    let wanted = read(&dispatch, now(1)).unwrap();
    dispatch.refill(wanted, Some(found([1])));
    assert!(work(&dispatch, now(1)).is_some());
}

#[test]
fn a_backlog_is_not_kept_in_memory() {
    let dispatch = Dispatch::new(&Options::default());
    let messages = (0..200).flat_map(|webhook| {
        (0..500).map(move |number| {
            let mut message = message(webhook * 1000 + number);
            message.webhook = WebhookId(Ulid::from(webhook));
            message
        })
    });
    dispatch.committed(messages.collect(), &[], now(0));
    let state = dispatch.lane(Lane::First);
    assert_eq!(state.buffered(), 4096);
}

#[test]
fn finished_groups_are_forgotten() {
    let (dispatch, wanted) = reading();
    dispatch.refill(wanted, Some(found([1])));
    let leased = work(&dispatch, now(0)).unwrap();
    dispatch.committed(vec![message(2)], &[leased.receipt], now(0));
    let leased = work(&dispatch, now(0)).unwrap();
    dispatch.committed(Vec::new(), &[leased.receipt], now(0));
    assert!(matches!(dispatch.turn(Lane::First, now(0)), Turn::Wait(_)));
    assert!(dispatch.lane(Lane::First).is_empty());
}
