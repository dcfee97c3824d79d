//! Ends: nothing is done for a closed account, and nothing is read after it expired.

use std::collections::BTreeSet;

use latchhook_simulation::{Call, days, seconds};

use crate::{life::Life, world::Kind};

/// Asserts that nothing was sent for a closed account but what was on its way, that its keys and
/// sessions are good for nothing, and that what its secrets were sealed with is gone.
pub(super) fn of_an_account(life: &mut Life, customer: usize) {
    let of = &life.customers[customer];
    let latest = of.closed_at.unwrap().plus(seconds(20)).plus(life.slack());
    for hit in life.simulation.network.hits() {
        let is_of = hit.account.to_string() == of.id;
        assert!(!is_of || hit.at <= latest, "sent after the account was closed: {hit:?}");
    }
    let (id, credentials) = (of.id.clone(), of.credentials.clone());
    // An operator token is no account's.
    for credential in credentials.values().filter(|one| one.kind != Kind::Token) {
        let used = Call::get("/v1/account").bearer(&credential.text);
        let status = life.simulation.call(used).status;
        assert!(matches!(status, 401 | 403), "a credential of a closed account: {status}");
    }
    let everything = life.simulation.disk.everything();
    let kept = everything.iter().find(|text| text.contains("data_keys") && text.contains(&id));
    assert!(kept.is_none(), "the data key of a closed account: {kept:?}");
}

/// Lets more time pass than anything is kept for, and asserts that nothing of it is read or listed.
pub(super) fn of_what_is_kept(life: &mut Life) {
    life.simulation.run_for(days(40));
    for customer in 0..life.customers.len() {
        let of = &life.customers[customer];
        if !of.is_open() {
            continue;
        }
        let (id, event) = (of.id.clone(), of.events.keys().next().cloned());
        for list in ["/v1/events", "/v1/logs?kind=webhook_delivery"] {
            let rows = life.list(customer, list);
            assert!(rows.is_empty(), "listed after it expired: {rows:?}");
        }
        let Some(event) = event else { continue };
        let status = life.simulation.call(Call::get(&format!("/v1/events/{event}")).on(&id)).status;
        assert_eq!(status, 404, "read after it expired");
    }
}

/// Asserts that the vault has every secret that is needed, and nothing else once it was swept.
pub(super) fn of_secrets(life: &mut Life) {
    if life.simulation.apart.made() == 0 {
        return;
    }
    life.simulation.run_for(seconds(60));
    let swept = life.simulation.ask(|app| async move {
        app.sweep_secrets().await.map(|swept| swept.left).map_err(|why| why.message)
    });
    assert_eq!(swept, Some(Ok(0)));
    let named = life.simulation.ask(|app| async move { app.named_secrets().await.ok() });
    let named = named.flatten().unwrap();
    let there: BTreeSet<String> = life.simulation.apart.names().into_iter().collect();
    let missing: Vec<_> = named.needed.difference(&there).collect();
    assert!(missing.is_empty(), "secrets that are needed are gone: {missing:?}");
    let is_known = |name: &&String| named.needed.contains(*name) || named.loose.contains(*name);
    let unnamed = there.iter().find(|name| !is_known(name));
    assert!(unnamed.is_none(), "nothing names a secret: {unnamed:?}");
}
