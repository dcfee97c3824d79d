//! Settings as of an earlier time (`as_of`).

use serde_json::{Value, json};
use simulation::{Call, days};

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
