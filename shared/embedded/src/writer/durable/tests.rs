use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use domain::id::{AccountId, Ulid};
use ports::store::{Collection, Partition};

use super::*;

fn account(number: u128) -> Scope {
    Scope::Account(AccountId(Ulid::from(number)))
}

fn key(scope: Scope) -> Key {
    Partition::new(scope, Collection("things"), "").key(1)
}

/// Returns whether a reader need not wait, or none if it fails.
fn is_seen(durable: &Durable, reads: Reads<'_>) -> Option<bool> {
    match pin!(durable.seen(reads)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(())) => Some(true),
        Poll::Ready(Err(_)) => None,
        Poll::Pending => Some(false),
    }
}

#[test]
fn whoever_reads_what_is_not_durable_yet_waits_and_nobody_else_does() {
    let durable = Durable::default();
    let visible = durable.becomes_visible(Changed::Of(vec![account(1), account(2)]));
    let [theirs, both] = [vec![key(account(3))], vec![key(account(3)), key(account(2))]];
    let waits = |reads| is_seen(&durable, reads) == Some(false);
    assert!(waits(Reads::Of(account(1))));
    assert!(waits(Reads::Keys(&both)));
    assert!(waits(Reads::Anything));
    assert!(!waits(Reads::Of(account(3))));
    assert!(!waits(Reads::Of(Scope::Installation)));
    assert!(!waits(Reads::Keys(&theirs)));
    durable.is_synced(visible);
    assert!(!waits(Reads::Of(account(1))));
    assert!(!waits(Reads::Anything));
}

#[test]
fn everybody_waits_for_what_may_have_changed_anything() {
    let durable = Durable::default();
    let visible = durable.becomes_visible(Changed::Anything);
    assert_eq!(is_seen(&durable, Reads::Of(account(3))), Some(false));
    durable.is_synced(visible);
    assert_eq!(is_seen(&durable, Reads::Of(account(3))), Some(true));
}

#[test]
fn nothing_is_read_once_a_sync_has_failed() {
    let durable = Durable::default();
    durable.becomes_visible(Changed::Of(vec![account(1)]));
    durable.synced.send_replace(None);
    assert_eq!(is_seen(&durable, Reads::Of(account(1))), None);
    assert_eq!(is_seen(&durable, Reads::Of(account(3))), None);
}
