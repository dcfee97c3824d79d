//! Calls of the operator's pages: what accounts have, and whose an identifier is.

use serde_json::{Value, json};
use simulation::Call;

use crate::world::{World, event, refused};

fn found(world: &mut World, text: &str) -> Value {
    world.simulation.call(Call::get(&format!("/page/found?text={text}"))).expect(200).json()
}

#[test]
fn the_overview_counts_what_works_and_what_failed() {
    let mut world = World::new();
    world.simulation.network.answers(crate::world::URL, 500);
    let key = world.simulation.list(&world.account, "/v1/api_keys")[0]["id"].clone();
    let path = format!("/v1/api_keys/{}/expire", key.as_str().unwrap());
    _ = world.simulation.call(Call::post(&path, &json!({})).on(&world.account)).expect(200);
    _ = world.simulation.call(Call::post("/v1/events", &event()).on(&world.account)).expect(202);
    world.simulation.run_for(simulation::seconds(90));
    let quiet = world.simulation.open_account();
    let path = format!("/page/accounts?ids={},{quiet}", world.account);
    let overviews = world.simulation.call(Call::get(&path)).expect(200).json();
    let one = &overviews[0];
    assert_eq!((&one["keys"], &one["webhooks"]), (&json!(1), &json!(1)));
    assert_eq!((&one["attempts"], &one["failures"]), (&json!(2), &json!(2)));
    assert!(one["last_active_at"].is_string());
    let none = json!({"account_id": quiet, "keys": 0, "webhooks": 0, "attempts": 0, "failures": 0, "last_active_at": null});
    assert_eq!(overviews[1], none);
}

#[test]
fn an_identifier_leads_to_its_account_and_no_other() {
    let mut world = World::new();
    let other = world.simulation.open_account();
    _ = world.simulation.create_key(&other, "secret", "test");
    let key = world.simulation.list(&world.account, "/v1/api_keys")[0]["id"].clone();
    let webhook = world.webhook.id.clone();
    for (id, kind) in [(key.as_str().unwrap().to_owned(), "api_key"), (webhook, "webhook")] {
        let searched = found(&mut world, &id);
        assert_eq!(searched["found"].as_array().unwrap().len(), 1, "{searched}");
        assert_eq!(searched["found"][0]["account_id"], json!(world.account));
        assert_eq!(
            (&searched["found"][0]["kind"], &searched["more"]),
            (&json!(kind), &json!(false))
        );
    }
    assert_eq!(found(&mut world, "nothing")["found"], json!([]));
}

#[test]
fn an_event_and_each_of_its_attempts_lead_to_their_account_however_lists_are_spread() {
    for spread in [false, true] {
        let mut world = World::new();
        if spread {
            world.simulation.faults.split_commits();
        }
        let began = world.simulation.now();
        let is_early = move |at: domain::Timestamp| at.since(began) < simulation::seconds(30);
        world.simulation.network.on(crate::world::URL, move |hit| {
            simulation::Reply::status(if is_early(hit.at) { 500 } else { 200 })
        });
        let mut wanted = Vec::new();
        for _ in 0..6 {
            let posted = Call::post("/v1/events", &event()).on(&world.account);
            wanted.push((world.simulation.call(posted).expect(202).text("/id"), "event"));
        }
        world.simulation.run_for(simulation::seconds(90));
        let logs = world.simulation.list(&world.account, "/v1/logs");
        let outcomes: std::collections::BTreeSet<_> =
            logs.iter().map(|log| log["response_status"].as_u64()).collect();
        assert!(outcomes.len() > 1, "some fail and some succeed: {outcomes:?}");
        wanted.extend(logs.iter().map(|log| (log["id"].as_str().unwrap().to_owned(), "log")));
        for (id, kind) in wanted {
            let searched = found(&mut world, &id);
            assert_eq!(searched["found"][0]["kind"], json!(kind), "{id} of {searched}");
        }
    }
}

#[test]
fn nobody_but_the_operator_searches_and_neither_is_a_route_of_the_api() {
    let mut world = World::new();
    let (session, key) = (world.session.clone(), world.secret_key.clone());
    for path in ["/page/found?text=x", "/page/accounts?ids="] {
        for credential in [&session, &key] {
            let refused = refused(&mut world.simulation, Call::get(path).bearer(credential));
            assert_eq!(refused.1, "permission_denied", "{path}");
        }
    }
    assert!(world.simulation.app().openapi()["paths"]["/page/found"].is_null());
}
