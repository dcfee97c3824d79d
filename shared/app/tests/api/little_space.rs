//! Hardly any space for the store: nothing begins, and authority can still be taken away.

use serde_json::{Value, json};
use simulation::{Call, seconds};

use crate::world::{URL, World, event};

/// Calls that take something away from the account, by the operator.
fn revocations(world: &mut World) -> Vec<Call> {
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let key = |number: usize| keys[number]["uri"].as_str().unwrap().to_owned();
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let sessions = world.simulation.list(&world.account, "/v1/portal_sessions");
    let session = format!("/v1/portal_sessions/{}", sessions[0]["id"].as_str().unwrap());
    let account = format!("/v1/accounts/{}", world.account);
    vec![
        Call::post(&format!("{}/expire", key(0)), &json!({})).once("expire"),
        Call::post(&format!("{}/expire", key(1)), &json!({})),
        Call::patch(&webhook, &json!({ "status": "disabled" })),
        Call::delete(&webhook),
        Call::delete(&session),
        Call::patch(&account, &json!({ "credentialed": false })),
        Call::delete(&account),
    ]
}

/// Calls that give something, or only make something grow.
fn beginnings(world: &mut World) -> Vec<Call> {
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let key = keys[0]["uri"].as_str().unwrap();
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let later = world.simulation.now().plus(seconds(60)).to_string();
    let nothing = json!({});
    vec![
        Call::post("/v1/events", &event()),
        Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "test" })),
        Call::post(&format!("{key}/roll"), &nothing),
        Call::post(&format!("{key}/reveal"), &nothing),
        Call::post(&format!("{key}/expire"), &json!({ "expires_at": later })),
        Call::post("/v1/portal_sessions", &nothing),
        Call::post(&format!("{webhook}/rotate_secret"), &nothing),
        Call::patch(&webhook, &json!({ "description": "another" })),
    ]
}

#[test]
fn with_hardly_any_space_authority_is_taken_away_and_none_is_given() {
    let mut world = World::new();
    let account = world.account.clone();
    world.simulation.credential(&account);
    let (refused, done) = (beginnings(&mut world), revocations(&mut world));
    world.simulation.faults.set_narrow(true);
    for call in refused {
        let answer = world.simulation.call(call.clone().on(&account));
        assert_eq!((answer.status, &*answer.text("/code")), (503, "unavailable"), "{call:?}");
    }
    for call in done {
        let answer = world.simulation.call(call.clone().on(&account));
        assert_eq!(answer.status, 200, "{call:?}: {}", answer.json());
    }
}

#[test]
fn with_hardly_any_space_the_operator_signs_out() {
    let mut world = World::new();
    let sign_in = json!({ "token": simulation::OPERATOR_TOKEN });
    let begun = world.simulation.call(Call::post("/page/operator_sessions", &sign_in).anonymous());
    let session = format!("/page/operator_sessions/{}", begun.expect(200).text("/id"));
    world.simulation.faults.set_narrow(true);
    _ = world.simulation.call(Call::delete(&session)).expect(200);
    _ = world.simulation.call(Call::get(&session)).expect(404);
}

/// A receiver that is gone is not asked for ever because there is no room to say so.
#[test]
fn with_hardly_any_space_a_webhook_that_is_gone_is_disabled() {
    let mut world = World::new();
    let account = world.account.clone();
    world.simulation.network.answers(URL, 410);
    world.simulation.workers_rest = true;
    world.simulation.post_event(&account);
    world.simulation.faults.set_narrow(true);
    world.simulation.workers_rest = false;
    world.simulation.run_for(seconds(5));
    let webhook: Value =
        world.simulation.show(&account, &format!("/v1/webhooks/{}", world.webhook.id));
    assert_eq!(
        (&webhook["status"], &webhook["disabled_reason"]),
        (&json!("disabled"), &json!("gone"))
    );
}
