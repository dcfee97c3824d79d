//! Erasing an event: its data is gone from everything that is shown and stored.

use ports::sender::Outcome;
use serde_json::{Value, json};
use simulation::{Answer, Call, Hit, Reply, Simulation, minutes, seconds};

use crate::world::{URL, World};

/// Text that stands in nothing but the erased event.
const TEXT: &str = "Zaphod-Beeblebrox-4711";

fn posted() -> Value {
    json!({
        "type": "report.completed",
        "environment": "test",
        "data": { "object": { "id": "rep_zaphod", "object": "report", "name": TEXT } },
    })
}

/// Answer of a receiver that repeats what it was sent.
fn repeating(hit: &Hit, status: u16) -> Reply {
    let body_excerpt = String::from_utf8_lossy(&hit.outgoing.body).into_owned();
    let answer = ports::sender::Answer { status, body_excerpt, ..Default::default() };
    Reply { outcome: Outcome::Answered(answer), ..Reply::status(status) }
}

impl World {
    /// Makes a world in which an event was posted, whose receiver repeats what it is sent with `status`.
    fn with_secret_event(status: u16) -> (Self, String) {
        let mut world = Self::of(Simulation::new(1));
        world.simulation.network.on(URL, move |hit: &Hit| repeating(hit, status));
        let (account, include) = (world.account.clone(), json!({ "include_object": true }));
        world.simulation.change_webhook(&account, &world.webhook, &include);
        let call = Call::post("/v1/events", &posted()).on(&account).once("first");
        let id = world.simulation.call(call).expect(202).text("/id");
        world.simulation.run_for(seconds(5));
        (world, id)
    }

    fn erase(&mut self, event: &str) -> Answer {
        self.simulation.call(Call::delete(&format!("/v1/events/{event}")).on(&self.account))
    }

    fn stored(&self, text: &str) -> usize {
        self.simulation.disk.everything().iter().filter(|stored| stored.contains(text)).count()
    }
}

#[test]
fn an_erased_event_has_no_data_and_what_waits_is_cancelled() {
    let (mut world, id) = World::with_secret_event(500);
    assert!(world.stored(TEXT) > 0);
    let erased = world.erase(&id).expect(200).json();
    assert_eq!((&erased["id"], &erased["data"]), (&json!(id), &Value::Null));
    assert!(erased["erased_at"].is_string(), "{erased}");
    assert_eq!(erased["deliveries"][0]["status"], "cancelled");
    world.simulation.run_for(minutes(10));
    assert_eq!(world.simulation.network.hits_at(URL).len(), 1, "nothing is sent any more");
    assert_eq!(world.erase(&id).expect(200).json(), erased, "erasing again answers the same");
    let shown = world.simulation.show(&world.account, &format!("/v1/events/{id}"));
    assert_eq!(shown, erased);
    let erasures =
        world.simulation.list(&world.account, "/v1/audit_events?type=account.event_erased");
    assert_eq!(erasures.len(), 1);
    assert_eq!(erasures[0]["data"]["event"], json!(id));
}

#[test]
fn nothing_of_the_data_is_shown_or_stored_any_more() {
    let (mut world, id) = World::with_secret_event(503);
    let rows = format!("/v1/logs?event_id={id}");
    let before = world.simulation.list(&world.account, &rows);
    assert!(before[0]["request"]["body"].as_str().unwrap().contains(TEXT));
    assert!(before[0]["response"]["body_excerpt"].as_str().unwrap().contains(TEXT));
    _ = world.erase(&id).expect(200);
    let after = world.simulation.list(&world.account, &rows);
    assert_eq!(after.len(), 1);
    let row = &after[0];
    assert_eq!((&row["request"]["body"], &row["object_id"]), (&Value::Null, &Value::Null));
    assert_eq!(row["response"]["body_excerpt"], Value::Null);
    for kept in ["id", "status", "response_status", "duration_ms", "error", "attempt"] {
        assert_eq!(row[kept], before[0][kept], "{kept}");
    }
    for list in ["/v1/events?object_id=rep_zaphod", "/v1/logs?object_id=rep_zaphod"] {
        assert_eq!(world.simulation.list(&world.account, list), [] as [Value; 0], "{list}");
    }
    world.simulation.run_for(seconds(5));
    assert_eq!((world.stored(TEXT), world.stored("rep_zaphod")), (0, 0));
    let after = world.simulation.list(&world.account, &rows);
    assert_eq!(after.len(), 1, "the row is still listed");
}

#[test]
fn an_attempt_that_is_under_way_leaves_nothing_of_the_data() {
    let (mut world, _) = World::with_secret_event(200);
    world.simulation.network.on(URL, |hit: &Hit| repeating(hit, 500).after(seconds(8)));
    let call = Call::post("/v1/events", &posted()).on(&world.account);
    let id = world.simulation.call(call).expect(202).text("/id");
    world.simulation.run_for(seconds(2));
    _ = world.erase(&id).expect(200);
    world.simulation.run_for(seconds(20));
    let path = format!("/v1/logs?event_id={id}");
    let rows = world.simulation.list(&world.account, &path);
    assert_eq!(rows[0]["response"]["body_excerpt"], Value::Null, "{rows:?}");
    let shown = world.simulation.show(&world.account, &format!("/v1/events/{id}"));
    assert_eq!(shown["deliveries"][0]["status"], "cancelled");
    world.simulation.run_for(minutes(10));
    let first = world.simulation.list(&world.account, "/v1/events")[1]["id"].clone();
    _ = world.erase(first.as_str().unwrap()).expect(200);
    world.simulation.run_for(minutes(10));
    assert_eq!(world.stored(TEXT), 0);
    assert_eq!(world.simulation.network.hits_at(URL).len(), 2);
}

#[test]
fn an_erased_event_is_neither_resent_nor_advanced_nor_recovered() {
    let (mut world, id) = World::with_secret_event(500);
    _ = world.erase(&id).expect(200);
    world.simulation.run_for(minutes(1));
    let body = json!({ "webhook_id": world.webhook.id });
    for what in ["resend", "advance"] {
        let refused = world.refused(Call::post(&format!("/v1/events/{id}/{what}"), &body));
        assert_eq!(refused, (409, "conflict".to_owned(), Value::Null), "{what}");
    }
    let recover = format!("/v1/webhooks/{}/recover", world.webhook.id);
    let include = json!(["exhausted", "cancelled", "retrying"]);
    let window = json!({ "since": "2020-01-01T00:00:00.000Z", "include": include });
    let call = Call::post(&recover, &window).on(&world.account);
    assert_eq!(world.simulation.call(call).expect(202).json()["count"], 0);
    world.simulation.run_for(minutes(1));
    assert_eq!(world.simulation.network.hits_at(URL).len(), 1);
}

#[test]
fn a_repeat_takes_the_data_from_the_event() {
    let (mut world, id) = World::with_secret_event(200);
    let first = Call::post("/v1/events", &posted()).on(&world.account).once("first");
    let repeat = world.simulation.call(first.clone()).expect(202).json();
    assert_eq!((&repeat["id"], &repeat["data"]), (&json!(id), &posted()["data"]));
    let batch = json!({ "events": [posted(), posted()] });
    let batch = Call::post("/v1/events/batch", &batch).on(&world.account).once("batch");
    let accepted = world.simulation.call(batch.clone()).expect(202).json();
    assert_eq!(world.simulation.call(batch.clone()).expect(202).json(), accepted);
    _ = world.erase(&id).expect(200);
    let second = accepted["data"][1]["id"].as_str().unwrap();
    _ = world.erase(second).expect(200);
    let repeat = world.simulation.call(first).expect(202).json();
    assert_eq!((&repeat["id"], &repeat["data"]), (&json!(id), &Value::Null));
    let repeat = world.simulation.call(batch).expect(202).json();
    assert_eq!(repeat["data"][0], accepted["data"][0]);
    assert_eq!(
        (&repeat["data"][1]["id"], &repeat["data"][1]["data"]),
        (&json!(second), &Value::Null)
    );
}

#[test]
fn only_the_operator_erases_events_of_the_account() {
    let (mut world, id) = World::with_secret_event(200);
    let path = format!("/v1/events/{id}");
    for call in
        [Call::delete(&path).basic(&world.secret_key), Call::delete(&path).bearer(&world.session)]
    {
        assert_eq!(world.simulation.call(call).expect(403).text("/code"), "permission_denied");
    }
    let other = world.simulation.open_account();
    let answer = world.simulation.call(Call::delete(&path).on(&other));
    assert_eq!(answer.expect(404).text("/code"), "not_found");
}
