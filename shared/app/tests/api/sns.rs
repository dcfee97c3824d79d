//! Size limit of SNS: an event that is too large is refused, or fails once with a clear error.

use serde_json::{Value, json};
use simulation::{Call, Hit, NewWebhook};

use crate::world::{URL, World};

const TOPIC: &str = "sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00@us-east-1/123456789012/reports";
const SHOWN: &str = "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/reports";
const MOST: usize = 262_144;

/// World with a webhook that publishes whole objects.
fn world() -> (World, NewWebhook) {
    let mut world = World::new();
    world.simulation.network.answers(SHOWN, 200);
    let account = world.account.clone();
    let topic = world.simulation.create_webhook(&account, TOPIC);
    world.simulation.change_webhook(&account, &topic, &json!({ "include_object": true }));
    (world, topic)
}

/// Event whose object has so many bytes.
fn event_of(bytes: usize) -> Call {
    let object = |filler: &str| format!(r#"{{"id":"1","object":"report","filler":"{filler}"}}"#);
    let filler = "x".repeat(bytes - object("").len());
    let event =
        format!(r#"{{"type":"a.b","environment":"test","data":{{"object":{}}}}}"#, object(&filler));
    Call::post("/v1/events", &json!({})).body("application/json", event)
}

/// Event with the largest object that fits into a request.
fn largest() -> Call {
    event_of(MOST - r#"{"type":"a.b","environment":"test","data":{"object":}}"#.len())
}

impl World {
    fn posted(&mut self, call: Call) -> String {
        self.simulation.call(call.on(&self.account)).expect(202).text("/id")
    }

    /// Delivery of the event to `webhook`, and its log rows.
    fn outcome(&mut self, event: &str, webhook: &NewWebhook) -> (Value, Vec<Value>) {
        self.simulation.run_until_quiet();
        let shown = self.simulation.show(&self.account, &format!("/v1/events/{event}"));
        let all = shown["deliveries"].as_array().unwrap();
        let delivery = all.iter().find(|delivery| delivery["webhook_id"] == webhook.id).unwrap();
        let rows = format!("/v1/logs?event_id={event}&webhook_id={}", webhook.id);
        (delivery.clone(), self.simulation.list(&self.account, &rows))
    }
}

#[test]
fn an_event_too_large_for_a_topic_is_refused_when_it_is_posted() {
    let (mut world, topic) = world();
    let answer = world.simulation.call(largest().on(&world.account)).json();
    assert_eq!(
        (&answer["code"], &answer["param"]),
        (&json!("payload_too_large"), &json!("data.object"))
    );
    let sentence = answer["error"].as_str().unwrap();
    assert!(sentence.contains(&topic.id) && sentence.contains("include_object"), "{sentence}");
    assert_eq!(world.simulation.list(&world.account, "/v1/events"), Vec::<Value>::new());
    world.simulation.run_until_quiet();
    assert!(world.simulation.network.hits().is_empty());
}

/// Searches for the limit: every accepted event is published, however many secrets sign it.
#[test]
fn an_accepted_event_is_published_despite_secret_rotations() {
    let (mut world, topic) = world();
    let (mut fits, mut does_not) = (MOST - 8192, MOST - 60);
    world.simulation.workers_rest = true;
    while does_not - fits > 1 {
        let middle = usize::midpoint(fits, does_not);
        match world.simulation.call(event_of(middle).on(&world.account)).status {
            202 => fits = middle,
            413 => does_not = middle,
            status => panic!("{status}"),
        }
    }
    let event = world.posted(event_of(fits));
    let rotate = format!("/v1/webhooks/{}/rotate_secret", topic.id);
    for _ in 0..10 {
        _ = world.simulation.call(Call::post(&rotate, &json!({})).on(&world.account)).expect(200);
    }
    world.simulation.workers_rest = false;
    let (delivery, rows) = world.outcome(&event, &topic);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!(rows[0]["status"], "succeeded");
    let hits = world.simulation.network.hits_at(SHOWN);
    let largest = hits.iter().map(Hit::published_bytes).max().unwrap();
    assert!((MOST - 8..=MOST).contains(&largest), "{largest} of {MOST} bytes are used");
}

#[test]
fn a_large_event_is_accepted_if_no_topic_gets_its_object() {
    let (mut world, topic) = world();
    let account = world.account.clone();
    for change in [
        json!({ "include_object": false }),
        json!({ "include_object": true, "event_types": ["c.d"] }),
        json!({ "event_types": ["*"], "status": "disabled" }),
    ] {
        world.simulation.change_webhook(&account, &topic, &change);
        world.posted(largest());
        world.simulation.run_until_quiet();
    }
    assert_eq!(world.simulation.network.hits_at(SHOWN).len(), 1);
    assert_eq!(world.simulation.network.hits_at(URL).len(), 3);
}

#[test]
fn a_payload_over_the_sns_limit_fails_once_with_a_reason() {
    let (mut world, topic) = world();
    let account = world.account.clone();
    // Deliveries that are pending while the setting changes.
    world.simulation.change_webhook(&account, &topic, &json!({ "include_object": false }));
    world.simulation.workers_rest = true;
    let event = world.posted(largest());
    world.simulation.change_webhook(&account, &topic, &json!({ "include_object": true }));
    world.simulation.workers_rest = false;
    let (delivery, rows) = world.outcome(&event, &topic);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("exhausted"), &json!(1)));
    assert_eq!(delivery["next_attempt_at"], Value::Null);
    assert_eq!((rows.len(), &rows[0]["next_attempt_at"]), (1, &Value::Null));
    assert_eq!(rows[0]["error"]["code"], "message_too_large");
    let sentence = rows[0]["error"]["message"].as_str().unwrap();
    assert!(sentence.contains("262144") && sentence.contains("include_object"), "{sentence}");
    let health = world.simulation.show(&account, "/v1/delivery_health");
    assert_eq!(health["failing"], json!([]), "nothing was sent that the receiver could refuse");

    // A resend and a recovery: one attempt each.
    let resend = json!({ "webhook_id": topic.id });
    let resend = Call::post(&format!("/v1/events/{event}/resend"), &resend).on(&account);
    _ = world.simulation.call(resend).expect(202);
    assert_eq!(world.outcome(&event, &topic).0["attempts"], 2);
    let recover = |world: &mut World| {
        let since = json!({ "since": "2020-01-01T00:00:00Z" });
        let path = format!("/v1/webhooks/{}/recover", topic.id);
        let recover = Call::post(&path, &since).on(&world.account);
        assert_eq!(world.simulation.call(recover).expect(202).json()["count"], 1);
        world.outcome(&event, &topic).0
    };
    let delivery = recover(&mut world);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("exhausted"), &json!(3)));

    // The remedy in the error message works.
    world.simulation.change_webhook(&account, &topic, &json!({ "include_object": false }));
    let delivery = recover(&mut world);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(4)));
}

#[test]
fn a_webhook_that_becomes_a_topic_fails_once_and_says_why() {
    let mut world = World::new();
    world.simulation.network.answers(SHOWN, 200);
    let (account, webhook) = (world.account.clone(), world.webhook.clone());
    world.simulation.change_webhook(&account, &webhook, &json!({ "include_object": true }));
    world.simulation.network.answers(URL, 500);
    let event = world.posted(largest());
    world.simulation.run_for(std::time::Duration::from_mins(2));
    world.simulation.change_webhook(&account, &webhook, &json!({ "webhook_url": TOPIC }));
    let (delivery, rows) = world.outcome(&event, &webhook);
    assert_eq!(delivery["status"], "exhausted");
    assert_eq!(rows[0]["error"]["code"], "message_too_large");
    assert_eq!((rows.len(), world.simulation.network.hits_at(URL).len()), (4, 3));
}
