//! Settings as of an earlier time (`as_of`).

use serde_json::{Value, json};
use simulation::{Call, days, seconds};

use crate::world::World;

#[test]
fn an_account_can_be_read_as_of_an_earlier_time() {
    let mut world = World::new();
    let path = format!("/v1/accounts/{}", world.account);
    let before = world.simulation.now().minus(days(1));
    let mut seen = Vec::new();
    for change in [
        json!({ "name": "Grace" }),
        json!({ "credentialed": true }),
        json!({ "credentialed": false, "webhook_quota": 9 }),
    ] {
        seen.push((world.simulation.now(), world.simulation.show(&world.account, &path)));
        world.simulation.run_for(days(1));
        _ = world.simulation.call(Call::patch(&path, &change)).expect(200);
    }
    world.simulation.run_for(days(1));
    _ = world.simulation.call(Call::delete(&path)).expect(200);
    for (at, then) in seen {
        let shown = world.simulation.show(&world.account, &format!("{path}?as_of={at}"));
        assert_eq!(shown, then, "as of {at}");
    }
    let never = Call::get(&format!("{path}?as_of={before}"));
    assert_eq!(world.refused(never), (404, "not_found".to_owned(), Value::Null));
}

#[test]
fn keys_can_be_listed_as_of_an_earlier_time() {
    let mut world = World::new();
    let before = world.simulation.now();
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    world.simulation.run_for(days(1));
    for key in &keys {
        let path = format!("/v1/api_keys/{}/expire", key["id"].as_str().unwrap());
        _ = world.simulation.call(Call::post(&path, &json!({})).on(&world.account)).expect(200);
    }
    world.simulation.create_key(&world.account, "secret", "test");
    world.simulation.run_for(days(1));
    let then = world.simulation.list(&world.account, &format!("/v1/api_keys?as_of={before}"));
    assert_eq!(then, keys);
    for per_page in [1, 2] {
        let path = format!("/v1/api_keys?as_of={before}&per_page={per_page}");
        assert_eq!(world.simulation.list(&world.account, &path), keys);
    }
    let now = world.simulation.now();
    let path = format!("/v1/api_keys?as_of={now}&include_expired=true");
    assert_eq!(world.simulation.list(&world.account, &path).len(), 3);
    assert_eq!(
        world.simulation.list(&world.account, &format!("/v1/api_keys?as_of={now}")).len(),
        1
    );
}

#[test]
fn an_invalid_time_is_refused() {
    let mut world = World::new();
    let account = format!("/v1/accounts/{}", world.account);
    for path in ["/v1/webhooks", "/v1/api_keys", &account] {
        for wrong in ["", "yesterday", "2026-02-30T00:00:00Z"] {
            let refused = world.refused(Call::get(&format!("{path}?as_of={wrong}")));
            assert_eq!(
                refused,
                (422, "invalid_field".to_owned(), json!("as_of")),
                "{path} {wrong}"
            );
        }
    }
}

/// Calls that list the account's settings as of `at`: their number, by kind, and the events read.
fn cost(world: &mut World, path: &str) -> u64 {
    _ = world.simulation.faults.take_calls();
    _ = world.simulation.show(&world.account, path);
    let calls = world.simulation.faults.take_calls();
    assert!(!calls.contains_key("store.history"), "{calls:?}");
    calls.into_iter().filter(|(name, _)| name.starts_with("store.")).map(|(_, count)| count).sum()
}

/// However often a webhook was changed, a request reads a part of that.
#[test]
fn a_webhook_that_was_changed_a_thousand_times_is_read_from_its_snapshots() {
    let mut world = World::new();
    let path = format!("/v1/webhooks/{}", world.webhook.id);
    let mut seen = Vec::new();
    for number in 0..1000 {
        if number % 90 == 0 {
            let shown = world.simulation.list(&world.account, "/v1/webhooks");
            seen.push((world.simulation.now(), shown));
        }
        world.simulation.run_for(seconds(1));
        let change = json!({ "description": format!("the {number}th") });
        _ = world.simulation.call(Call::patch(&path, &change).on(&world.account)).expect(200);
    }
    for (at, then) in seen {
        let list = format!("/v1/webhooks?as_of={at}");
        assert_eq!(world.simulation.list(&world.account, &list), then, "as of {at}");
        let calls = cost(&mut world, &list);
        assert!(calls <= 6, "{calls} calls to list them as of {at}");
    }
}

/// Pages of a list as of a time, with the greatest number of calls that one of them took.
fn pages(world: &mut World, path: &str) -> (Vec<Value>, u64) {
    let (mut rows, mut most) = (Vec::new(), 0);
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        most = most.max(cost(world, &path));
        let page = world.simulation.show(&world.account, &path);
        rows.extend(page["data"].as_array().unwrap().clone());
        next = page["next_href"].as_str().map(str::to_owned);
    }
    (rows, most)
}

/// However many webhooks there were, a request reads a part of them.
#[test]
fn webhooks_among_thousands_of_deleted_ones_are_listed_page_by_page() {
    let mut world = World::new();
    let mut then = Vec::new();
    let mut at = world.simulation.now();
    for number in 0..1200 {
        let body = json!({ "webhook_url": "https://ada.example/next", "environment": "test" });
        let made = world.simulation.call(Call::post("/v1/webhooks", &body).on(&world.account));
        let path = made.expect(201).text("/uri");
        world.simulation.run_for(seconds(1));
        if number == 300 {
            then = world.simulation.list(&world.account, "/v1/webhooks");
            at = world.simulation.now();
        }
        world.simulation.run_for(seconds(1));
        _ = world.simulation.call(Call::delete(&path).on(&world.account)).expect(200);
    }
    assert_eq!(then.len(), 2);
    for time in [at, world.simulation.now()] {
        let (rows, most) = pages(&mut world, &format!("/v1/webhooks?as_of={time}&per_page=1"));
        assert_eq!(rows, if time == at { then.clone() } else { vec![then[1].clone()] });
        assert!(most < 600, "{most} calls for a page");
    }
    // The number of all is known where it costs nothing.
    let first = format!("/v1/webhooks?as_of={at}&per_page=1");
    assert_eq!(world.simulation.show(&world.account, &first)["count"], Value::Null);
}

#[test]
fn the_number_is_told_where_the_page_has_all_of_them() {
    let mut world = World::new();
    world.simulation.run_for(seconds(1));
    let now = world.simulation.now();
    for (path, count) in [("/v1/api_keys", 2), ("/v1/webhooks", 1)] {
        let list = world.simulation.show(&world.account, &format!("{path}?as_of={now}"));
        assert_eq!(list["count"], count);
    }
}
