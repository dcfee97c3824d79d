//! Damage: stored documents and events that can't be read.

use app::views::collections;
use bytes::Bytes;
use domain::Environment;
use futures_util::FutureExt as _;
use latchhook_simulation::{Call, Simulation, minutes};
use ports::{
    Commit, Store as _,
    store::{Condition, Key, Write},
};

const URL: &str = "https://ada.example/hooks";

/// Replaces the document under `key`; returns what it said.
fn replace(simulation: &Simulation, key: &Key, body: Bytes) -> Bytes {
    let found = simulation.disk.get(std::slice::from_ref(key)).now_or_never().unwrap().unwrap();
    let document = found.into_iter().flatten().next().unwrap();
    let put = Write::Put {
        key: key.clone(),
        body,
        expires_at: document.expires_at,
        index: vec![],
        condition: Condition::Present,
    };
    let commit = Commit { writes: vec![put], ..Commit::default() };
    simulation.disk.commit(commit).now_or_never().unwrap().unwrap();
    document.body
}

#[test]
fn a_damaged_document_is_an_error_that_no_repeat_helps() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let event = simulation.post_event(&account);
    let key = collections::events(account.parse().unwrap(), Environment::Test).key(&event);
    replace(&simulation, &key, Bytes::from_static(b"{\"version\":"));
    let answer = simulation.call(Call::get(&format!("/v1/events/{event}")).on(&account));
    let answer = answer.expect(500);
    assert_eq!(answer.text("/code"), "internal");
    assert_eq!(answer.header("retry-after"), "");
}

#[test]
fn an_attempt_that_meets_damage_waits_ten_minutes_and_is_made_once_that_is_repaired() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 503);
    let event = simulation.post_event(&account);
    simulation.run_for(minutes(0));
    let tried = simulation.network.hits().len();
    let key = collections::events(account.parse().unwrap(), Environment::Test).key(&event);
    let whole = replace(&simulation, &key, Bytes::from_static(b"nonsense"));
    simulation.network.answers(URL, 200);
    _ = simulation.faults.take_calls();
    simulation.run_for(minutes(9));
    // The retry found the damage once, and has been waiting since.
    assert_eq!(simulation.network.hits().len(), tried);
    let reads = simulation.faults.take_calls().get("store.get").copied().unwrap_or_default();
    assert!(reads <= 2, "{reads}");
    replace(&simulation, &key, whole);
    simulation.run_for(minutes(10));
    assert_eq!(simulation.delivery(&account, &event)["status"], "delivered");
}
