//! Test events: of any type, with a sample of their object, and not retried for a day.

use serde_json::{Value, json};
use simulation::{Call, hours, minutes, seconds};

use crate::world::{URL, World};

fn ping(world: &World, body: &Value) -> Call {
    Call::post(&format!("/v1/webhooks/{}/ping", world.webhook.id), body).on(&world.account)
}

fn sample(world: &mut World, kind: &str) -> Value {
    let path = format!("/page/webhooks/{}/sample?type={kind}", world.webhook.id);
    let session = world.session.clone();
    world.simulation.call(Call::get(&path).bearer(&session)).expect(200).json()
}

#[test]
fn a_test_event_is_of_any_type_and_comes_to_its_webhook_alone() {
    let mut world = World::new();
    let other = "https://other.example/hooks";
    world.simulation.network.answers(other, 200);
    let account = world.account.clone();
    _ = world.simulation.create_webhook(&account, other);
    let object = json!({ "id": "rep_9", "object": "report", "score": 812 });
    let body = json!({ "type": "report.completed", "data": { "object": object } });
    let call = ping(&world, &body);
    let event = world.simulation.call(call).expect(202).json();
    assert_eq!((&event["type"], &event["data"]["object"]), (&json!("report.completed"), &object));
    let deliveries = event["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0]["webhook_id"], json!(world.webhook.id));
    let plain = ping(&world, &json!({}));
    let plain = world.simulation.call(plain).expect(202).json();
    assert_eq!(plain["type"], "webhook.ping");
    for (body, param) in [
        (json!({ "type": "no type" }), json!("type")),
        (json!({ "data": { "object": { "id": "1" } } }), json!("data.object.object")),
    ] {
        let call = ping(&world, &body);
        assert_eq!(world.refused(call).2, param);
    }
}

#[test]
fn a_sample_is_that_of_the_last_real_event_or_of_the_schema() {
    let mut world = World::new();
    assert_eq!(sample(&mut world, "report.completed")["from"], "name");
    let schema = json!({ "schema": { "properties": { "status": { "enum": ["clear"] } } } });
    let put = Call::put("/v1/event_types/report.completed", &schema);
    _ = world.simulation.call(put).expect(200);
    let made = sample(&mut world, "report.completed");
    let expected = json!({ "id": "report_test", "object": "report", "status": "clear" });
    assert_eq!((&made["from"], &made["object"]), (&json!("schema"), &expected));
    let body = json!({ "type": "report.completed" });
    let call = ping(&world, &body);
    let sent = world.simulation.call(call).expect(202).json();
    assert_eq!(sent["data"]["object"], expected);
    // A test is no real event.
    assert_eq!(sample(&mut world, "report.completed")["from"], "schema");

    let object = json!({ "id": "rep_1", "object": "report", "status": "clear", "note": "real" });
    let event =
        json!({ "type": "report.completed", "environment": "test", "data": { "object": object } });
    let account = world.account.clone();
    _ = world.simulation.call(Call::post("/v1/events", &event).on(&account)).expect(202);
    let found = sample(&mut world, "report.completed");
    assert_eq!(found["object"], object);
    assert!(found["from"]["event"]["id"].is_string(), "{found}");
    // What is written is held against the schema, as a real event is.
    let odd = json!({ "id": "rep_1", "object": "report", "status": "odd" });
    let call = ping(&world, &json!({ "type": "report.completed", "data": { "object": odd } }));
    assert_eq!(world.refused(call).2, json!("data.object.status"));
    let call = ping(&world, &json!({ "type": "report.created" }));
    assert_eq!(world.refused(call).1, "unknown_event_type");
}

#[test]
fn a_test_event_is_retried_for_ten_minutes_also_when_it_is_recovered() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 503);
    let account = world.account.clone();
    let call = ping(&world, &json!({ "type": "report.completed" }));
    let id = world.simulation.call(call).expect(202).text("/id");
    let path = format!("/v1/events/{id}");
    world.simulation.run_for(minutes(10).saturating_add(seconds(30)));
    let delivery = world.simulation.show(&account, &path)["deliveries"][0].clone();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("exhausted"), &json!(11)));
    let recover = format!("/v1/webhooks/{}/recover", world.webhook.id);
    let since = json!({ "since": "2000-01-01T00:00:00Z" });
    _ = world.simulation.call(Call::post(&recover, &since).on(&account)).expect(202);
    world.simulation.run_for(hours(3));
    let delivery = world.simulation.show(&account, &path)["deliveries"][0].clone();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("exhausted"), &json!(22)));
}
