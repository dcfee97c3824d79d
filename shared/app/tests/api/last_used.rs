//! Last use of an API key: by its own requests, and by those that were reported.

use serde_json::{Value, json};
use simulation::{Call, hours, minutes, seconds};

use crate::world::World;

impl World {
    /// Time at which the account's secret key was last used, as the API shows it.
    fn last_used(&mut self) -> Value {
        let keys = self.simulation.list(&self.account, "/v1/api_keys");
        keys.iter().find(|key| key["type"] == "secret").unwrap()["last_used_at"].clone()
    }

    fn secret_key_id(&mut self) -> String {
        let keys = self.simulation.list(&self.account, "/v1/api_keys");
        let key = keys.iter().find(|key| key["type"] == "secret").unwrap();
        key["id"].as_str().unwrap().to_owned()
    }

    fn report_use(&mut self, more: &Value) {
        let mut request =
            json!({ "environment": "test", "method": "GET", "path": "/x", "status": 200 });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let call = Call::post("/v1/request_logs", &json!({ "request_logs": [request] }));
        _ = self.simulation.call(call.on(&self.account)).expect(202);
    }
}

#[test]
fn a_reported_request_is_a_use_of_its_key() {
    let mut world = World::new();
    let key = world.secret_key_id();
    assert_eq!(world.last_used(), Value::Null);
    world.report_use(&json!({}));
    assert_eq!(world.last_used(), Value::Null, "a request without a key");
    world.report_use(&json!({ "api_key_id": key }));
    let first = world.simulation.now();
    assert_eq!(world.last_used(), json!(first));
    world.simulation.run_for(seconds(59));
    world.report_use(&json!({ "api_key_id": key }));
    assert_eq!(world.last_used(), json!(first), "once a minute is enough");
    world.simulation.run_for(minutes(1));
    world.report_use(&json!({ "api_key_id": key }));
    assert_eq!(world.last_used(), json!(world.simulation.now()));
}

#[test]
fn a_request_that_is_reported_late_does_not_turn_the_last_use_back() {
    let mut world = World::new();
    let key = world.secret_key_id();
    let early = world.simulation.now();
    world.simulation.run_for(hours(1));
    world.report_use(&json!({ "api_key_id": key, "created_at": early }));
    assert_eq!(world.last_used(), json!(early));
    world.simulation.run_for(hours(1));
    world.report_use(&json!({ "api_key_id": key }));
    let last = world.simulation.now();
    world.report_use(&json!({ "api_key_id": key, "created_at": early.plus(minutes(30)) }));
    assert_eq!(world.last_used(), json!(last));
}

#[test]
fn a_verification_is_a_use_of_its_key() {
    let mut world = World::new();
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": world.secret_key }));
    _ = world.simulation.call(verify).expect(200);
    assert_eq!(world.last_used(), json!(world.simulation.now()));
}
