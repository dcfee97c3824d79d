//! Encoding of bodies, of requests and of answers.

use serde_json::json;
use simulation::{Answer, Call};

use crate::world::{World, call_of, event, filled, routes};

/// Routes that read a body, even if it may be empty.
fn with_bodies(world: &World) -> Vec<(String, String)> {
    let mut routes = routes(&world.simulation);
    routes.retain(|(method, _)| ["post", "put", "patch"].contains(&method.as_str()));
    routes
}

#[test]
fn every_route_refuses_a_compressed_body() {
    // `{}`, by gzip.
    let gzip: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0";
    let mut world = World::new();
    for (method, path) in with_bodies(&world) {
        for coding in ["gzip", "X-GZIP", "deflate", "br", "zstd", "identity, gzip"] {
            let call = call_of(&method, &filled(&path))
                .bearer(simulation::OPERATOR_TOKEN)
                .on(&world.account)
                .body("application/json", gzip)
                .header("content-encoding", coding);
            let answer = world.simulation.call(call);
            assert_eq!(answer.status, 415, "{method} {path} {coding}: {}", answer.json());
            assert_eq!(answer.text("/code"), "unsupported_media_type");
            assert_eq!(answer.text("/param"), "Content-Encoding");
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
}

#[test]
fn an_identity_encoded_body_is_accepted() {
    let mut world = World::new();
    for coding in ["identity", "Identity", ""] {
        let call = Call::post("/v1/accounts", &json!({ "name": "Ada" }));
        _ = world.simulation.call(call.header("content-encoding", coding)).expect(201);
    }
}

#[test]
fn a_refused_media_type_has_no_accept_encoding() {
    let mut world = World::new();
    for content_type in [
        "text/plain",
        "text/json",
        "application/vnd.api+json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
    ] {
        let call = Call::post("/v1/accounts", &json!({})).body(content_type, "name=Ada");
        let answer = world.simulation.call(call).expect(415);
        assert_eq!(answer.text("/code"), "unsupported_media_type", "{content_type}");
        assert_eq!(answer.header("accept-encoding"), "", "{content_type}");
    }
    for content_type in ["application/json; charset=UTF-8", "application/json;charset=\"utf-8\""] {
        let call = Call::post("/v1/accounts", &json!({})).body(content_type, r#"{"name":"Ada"}"#);
        _ = world.simulation.call(call).expect(201);
    }
}

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
        let token = simulation::OPERATOR_TOKEN;
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
fn delivered_payloads_have_no_trailing_newline() {
    let mut world = World::new();
    let call = Call::post("/v1/events", &event()).on(&world.account);
    _ = world.simulation.call(call).expect(202);
    world.simulation.run_until_quiet();
    let logs = world.simulation.list(&world.account, "/v1/logs?kind=webhook_delivery");
    assert!(logs[0]["request"]["body"].as_str().unwrap().ends_with('}'));
}
