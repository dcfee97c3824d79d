//! How bodies are written.

use latchhook_simulation::{Answer, Call};
use serde_json::json;

use crate::world::{World, call_of, event, filled, routes};

#[track_caller]
fn ends_in_one_newline(answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.ends_with("}\n"), "{text:?}");
    assert_eq!(text.trim_end().len() + 1, text.len());
}

#[test]
fn every_json_answer_ends_in_a_newline() {
    let mut world = World::new();
    let mut seen = 0;
    for (method, path) in routes(&world.simulation) {
        let call = call_of(&method, &filled(&path));
        let token = latchhook_simulation::OPERATOR_TOKEN;
        for call in [call.clone(), call.bearer(token).on(&world.account)] {
            let answer = world.simulation.call(call);
            if answer.header("content-type") == "application/json" {
                ends_in_one_newline(&answer);
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
    ends_in_one_newline(&world.simulation.call(Call::get("/nowhere")));
}

#[test]
fn what_receivers_get_ends_as_it_did() {
    let mut world = World::new();
    let call = Call::post("/v1/events", &event()).on(&world.account);
    _ = world.simulation.call(call).expect(202);
    world.simulation.run_until_quiet();
    let logs = world.simulation.list(&world.account, "/v1/logs?kind=webhook_delivery");
    assert!(logs[0]["request"]["body"].as_str().unwrap().ends_with('}'));
}
