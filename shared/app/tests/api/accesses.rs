//! Accesses: who was shown a secret or signed in, in the audit log and nowhere else.

use serde_json::{Value, json};
use simulation::{Call, seconds};

use crate::world::World;

/// World with a key whose history has changes and reveals by turns; returns the key's identifier.
fn with_history() -> (World, String) {
    let mut world = World::new();
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let key = keys.iter().find(|key| key["type"] == "secret").unwrap();
    let key = key["id"].as_str().unwrap().to_owned();
    for year in 2090..2095 {
        for _ in 0..6 {
            reveal(&mut world, &key);
        }
        let expires = json!({ "expires_at": format!("{year}-01-01T00:00:00Z") });
        let path = format!("/v1/api_keys/{key}/expire");
        world.simulation.run_for(seconds(1));
        _ = world.simulation.call(Call::post(&path, &expires).on(&world.account)).expect(200);
    }
    (world, key)
}

fn reveal(world: &mut World, key: &str) {
    world.simulation.run_for(seconds(1));
    let path = format!("/v1/api_keys/{key}/reveal");
    _ = world.simulation.call(Call::post(&path, &json!({})).on(&world.account)).expect(200);
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

#[test]
fn the_history_of_a_key_lists_its_changes_and_accesses_newest_first() {
    let (mut world, key) = with_history();
    let mut expected = vec!["api_key.created"];
    for _ in 0..5 {
        expected.extend(["api_key.revealed"; 6]);
        expected.push("api_key.expiry_set");
    }
    expected.reverse();
    let mut whole = None;
    for per_page in [1, 2, 7, 100] {
        let path = format!("/v1/audit_events?subject={key}&per_page={per_page}");
        let events = world.simulation.list(&world.account, &path);
        assert_eq!(types(&events), expected, "{per_page} on a page");
        assert_eq!(*whole.get_or_insert(events.clone()), events);
    }
}

#[test]
fn filters_of_a_keys_history_hold_on_every_page() {
    let (mut world, key) = with_history();
    let path = format!("/v1/audit_events?subject={key}&type=api_key.expiry_set&per_page=2");
    let changes = world.simulation.list(&world.account, &path);
    assert_eq!(types(&changes), ["api_key.expiry_set"; 5]);
    let since = changes[1]["created_at"].as_str().unwrap();
    let path = format!("/v1/audit_events?subject={key}&since={since}&per_page=3");
    let since = world.simulation.list(&world.account, &path);
    assert_eq!(since.len(), 8, "two changes and the six reveals between");
}

#[test]
fn a_cursor_of_a_subject_that_was_made_up_is_refused() {
    let (mut world, key) = with_history();
    let path = format!("/v1/audit_events?subject={key}&per_page=1");
    let page = world.simulation.show(&world.account, &path);
    let next = page["next_href"].as_str().unwrap();
    let shorter = &next[..next.len() - 2];
    let refused = world.refused(Call::get(shorter));
    assert_eq!(refused, (400, "invalid_cursor".to_owned(), json!("cursor")));
}

#[test]
fn the_whole_history_has_accesses_too() {
    let (mut world, _) = with_history();
    let events = world.simulation.list(&world.account, "/v1/audit_events?per_page=4");
    let count = |name| types(&events).iter().filter(|found| **found == name).count();
    assert_eq!((count("api_key.revealed"), count("api_key.expiry_set")), (30, 5));
    assert_eq!(count("account.portal_session_opened"), 1);
    let ids: Vec<_> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|newer, older| newer > older), "newest first, each once");
}

#[test]
fn reveals_make_no_fold_longer() {
    let (mut world, key) = with_history();
    let read = |world: &mut World| {
        _ = world.simulation.faults.take_calls();
        let path = format!("/v1/api_keys?as_of={}", world.simulation.now());
        let keys = world.simulation.list(&world.account, &path);
        (keys, world.simulation.faults.take_calls())
    };
    let before = read(&mut world);
    for _ in 0..600 {
        reveal(&mut world, &key);
    }
    assert_eq!(read(&mut world), before);
}
