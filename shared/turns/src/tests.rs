use std::task::{Context, Poll, Waker};

use super::*;

fn asker(number: u128) -> u128 {
    number
}

/// Takes a turn if there is one at once.
fn now(turns: &Arc<Turns<u128>>, asker: u128) -> Option<Turn<u128>> {
    let mut taking = Box::pin(turns.take(asker));
    match taking.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(turn) => Some(turn),
        Poll::Pending => None,
    }
}

/// Takes all the turns that there are at once.
fn all_now(turns: &Arc<Turns<u128>>, asker: u128) -> Vec<Turn<u128>> {
    std::iter::from_fn(|| now(turns, asker)).collect()
}

fn is_idle(turns: &Turns<u128>) -> bool {
    turns.with(|state| state.lines.is_empty() && state.waiting.is_empty())
}

#[test]
fn one_asker_holds_no_more_than_its_share() {
    let turns = Turns::new(512, 16, 32);
    let held = all_now(&turns, asker(1));
    assert_eq!(held.len(), 16);
    drop(held);
    assert!(is_idle(&turns));
    assert_eq!(turns.with(|state| state.free), 512);
}

#[test]
fn an_asker_with_a_share_of_one_in_one_may_hold_all_turns() {
    let turns = Turns::new(16, 16, 1);
    assert_eq!(all_now(&turns, asker(1)).len(), 16);
}

#[test]
fn an_asker_that_may_hold_one_turn_waits_although_others_are_free() {
    let turns = Turns::new(4, 1, 1);
    let _held = now(&turns, asker(1)).unwrap();
    assert!(now(&turns, asker(1)).is_none());
    assert_eq!((2..10).filter_map(|other| now(&turns, asker(other))).collect::<Vec<_>>().len(), 3);
}

#[test]
fn a_hundred_askers_at_their_limit_leave_a_turn_for_another() {
    let turns = Turns::new(512, 16, 32);
    let mut held = vec![];
    for number in 0..100 {
        let before = held.len();
        held.extend(all_now(&turns, asker(number)));
        assert!(held.len() > before, "{number}");
    }
    assert!(now(&turns, asker(1000)).is_some());
}

#[tokio::test]
async fn a_turn_that_ends_goes_to_the_next_in_line() {
    let turns = Turns::new(8, 1, 32);
    let held = turns.take(asker(1)).await;
    let mut first = Box::pin(turns.take(asker(1)));
    let mut second = Box::pin(turns.take(asker(1)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    drop(held);
    assert!(second.as_mut().poll(&mut context).is_pending());
    drop(first.await);
    drop(second.await);
    assert!(is_idle(&turns));
}

#[tokio::test]
async fn askers_take_turns_however_many_of_one_wait() {
    let turns = Turns::new(1, 1, 32);
    let held = turns.take(asker(1)).await;
    let mut crowd: Vec<_> = (0..1000).map(|_| Box::pin(turns.take(asker(1)))).collect();
    let mut context = Context::from_waker(Waker::noop());
    for waiting in &mut crowd {
        assert!(waiting.as_mut().poll(&mut context).is_pending());
    }
    let mut other = Box::pin(turns.take(asker(2)));
    assert!(other.as_mut().poll(&mut context).is_pending());
    drop(held);
    drop(crowd.remove(0).await);
    drop(other.await);
    drop(crowd);
    assert!(is_idle(&turns));
}

#[tokio::test]
async fn cancelled_waiters_are_skipped() {
    let turns = Turns::new(8, 1, 32);
    let held = turns.take(asker(1)).await;
    let mut gone = Box::pin(turns.take(asker(1)));
    let mut stays = Box::pin(turns.take(asker(1)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(gone.as_mut().poll(&mut context).is_pending());
    assert!(stays.as_mut().poll(&mut context).is_pending());
    drop(gone);
    drop(held);
    drop(stays.await);
    assert!(is_idle(&turns));
}

#[tokio::test]
async fn a_turn_given_to_a_cancelled_waiter_is_returned() {
    let turns = Turns::new(8, 1, 32);
    let held = turns.take(asker(1)).await;
    let mut leaving = Box::pin(turns.take(asker(1)));
    assert!(leaving.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(held);
    drop(leaving);
    assert!(is_idle(&turns));
    assert!(now(&turns, asker(1)).is_some());
}
