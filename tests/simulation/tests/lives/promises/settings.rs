//! Settings: what was answered is so, once, and stands in the history.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use ports::Store as _;

use super::text;
use crate::{life::Life, world::Credential};

/// Asserts that a customer has exactly the webhooks and keys that it was told of, each created once,
/// and that the present is what the history says of it.
pub(super) fn are_as_told(life: &mut Life, customer: usize) {
    let webhooks = life.list(customer, "/v1/webhooks?environment=test");
    let listed: BTreeSet<String> = webhooks.iter().map(|row| text(&row["id"])).collect();
    let told: BTreeSet<String> = life.customers[customer].current().into_iter().collect();
    assert_eq!(listed, told, "the webhooks are not those that were answered");
    let keys =
        life.list(customer, "/v1/api_keys?environment=test&include_expired=true&per_page=100");
    let listed: BTreeSet<String> = keys.iter().map(|row| text(&row["id"])).collect();
    let told: BTreeSet<String> = life.customers[customer].keys().into_iter().collect();
    assert_eq!(listed, told, "the keys are not those that were answered");
    let now = life.simulation.now();
    let then = life.list(customer, &format!("/v1/webhooks?environment=test&as_of={now}"));
    assert_eq!(webhooks, then, "the settings of now are not those as of now");
    let all: BTreeSet<String> = life.customers[customer].webhooks.keys().cloned().collect();
    let created = life.list(customer, "/v1/audit_events?type=webhook.created&per_page=100");
    let subjects: BTreeSet<String> = created.iter().map(|row| text(&row["subject"])).collect();
    assert_eq!(created.len(), all.len(), "webhooks in the history: {created:?}, told: {all:?}");
    assert_eq!(subjects.len(), all.len(), "a webhook was created twice");
}

/// Asserts that the events of each stream are in the order of their times.
pub(super) fn history_is_in_order(life: &mut Life) {
    let replayed = life.simulation.disk.replay(None, usize::MAX).now_or_never().unwrap();
    if life.lags() {
        // A try that waited is older than what was committed meanwhile.
        return;
    }
    let mut last = BTreeMap::new();
    for recorded in replayed.unwrap().0 {
        let at = recorded.event.metadata.at;
        let before = last.insert(recorded.stream, at).unwrap_or(at);
        assert!(before <= at, "the history of {} is not in order", recorded.stream);
    }
}

/// Asserts that nothing in the history is by a key, a portal session or an operator token after its end.
pub(super) fn nothing_is_by_the_revoked(life: &mut Life) {
    let replayed = life.simulation.disk.replay(None, usize::MAX).now_or_never().unwrap();
    let credentials: BTreeMap<&String, &Credential> =
        life.customers.iter().flat_map(|of| &of.credentials).collect();
    for recorded in replayed.unwrap().0 {
        let (actor, at) = (&recorded.event.metadata.actor, recorded.event.metadata.at);
        let known = actor.id.as_ref().and_then(|id| credentials.get(id));
        let end = |known: &&&Credential| Some(known.ends_at?.plus(life.lateness(known)));
        let ends_at = known.as_ref().and_then(end);
        let name = &recorded.event.name.name;
        assert!(ends_at.is_none_or(|ends_at| at <= ends_at), "{name} at {at} by {actor:?}");
    }
}
