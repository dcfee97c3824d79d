//! Sign-in of the operator's people at the identity provider.

use domain::Rate;
use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation, minutes, seconds};

use crate::world::{World, refused};

fn begin(simulation: &mut Simulation) -> Value {
    let call = Call::post("/page/operator_sign_ins", &json!({})).anonymous();
    simulation.call(call).expect(200).json()
}

fn come_back(code: &str) -> Call {
    let body = json!({"code": code, "state": "s", "nonce": "n", "verifier": "v"});
    Call::post("/page/operator_sign_ins/come_back", &body).anonymous()
}

/// Answer to the sign-in of a person; returns their session and its credential as well.
fn signed_in(simulation: &mut Simulation, code: &str) -> (Answer, String, String) {
    let begun = simulation.call(come_back(code)).expect(200);
    let (id, token) = (begun.text("/id"), begun.text("/token"));
    (begun, id, token)
}

fn session(id: &str) -> String {
    format!("/page/operator_sessions/{id}")
}

#[test]
fn every_sign_in_has_values_of_its_own() {
    let mut simulation = Simulation::new(1);
    let (one, other) = (begin(&mut simulation), begin(&mut simulation));
    let mut seen = vec![];
    for begun in [&one, &other] {
        let url = begun["authorization_url"].as_str().unwrap();
        assert!(url.ends_with(begun["state"].as_str().unwrap()), "{url}");
        for name in ["state", "nonce", "verifier"] {
            let value = begun[name].as_str().unwrap();
            assert_eq!(value.len(), 43, "{name}");
            assert!(!seen.contains(&value), "{name}");
            seen.push(value);
        }
    }
}

#[test]
fn a_person_may_do_what_their_scopes_say_and_the_history_names_them() {
    let mut world = World::new();
    let (_, _, ada) = signed_in(&mut world.simulation, "ada");
    let (begun, id, vic) = signed_in(&mut world.simulation, "vic");
    assert_eq!(begun.json()["scopes"], json!(["accounts:read"]));
    let own = world.simulation.call(Call::get(&session(&id)).bearer(&vic)).expect(200).json();
    assert_eq!(own, json!({"name": "vic@example.com", "scopes": ["accounts:read"]}));
    let account = format!("/v1/accounts/{}", world.account);
    _ = world.simulation.call(Call::get(&account).bearer(&vic)).expect(200);
    let change = Call::patch(&account, &json!({"name": "Renamed"}));
    let refused = refused(&mut world.simulation, change.clone().bearer(&vic));
    assert_eq!((refused.0, refused.1.as_str()), (403, "permission_denied"));
    _ = world.simulation.call(change.bearer(&ada)).expect(200);
    let account = world.account.clone();
    let newest = world.simulation.list(&account, "/v1/audit_events")[0].clone();
    let actor = json!({"type": "operator", "id": "ada", "name": "ada@example.com"});
    assert_eq!(newest["actor"], actor, "{newest}");
}

#[test]
fn the_credential_of_a_person_ends_with_their_session() {
    let mut simulation = Simulation::new(1);
    let (_, first, ada) = signed_in(&mut simulation, "ada");
    let (_, _, again) = signed_in(&mut simulation, "ada");
    let accounts = Call::get("/v1/accounts");
    for token in [&ada, &again] {
        _ = simulation.call(accounts.clone().bearer(token)).expect(200);
    }
    _ = simulation.call(Call::delete(&session(&first)).bearer(&ada)).expect(200);
    let ended = refused(&mut simulation, accounts.clone().bearer(&ada));
    assert_eq!((ended.0, ended.1.as_str()), (401, "bad_authentication"));
    _ = simulation.call(accounts.clone().bearer(&again)).expect(200);
    simulation.run_for(minutes(60));
    let expired = refused(&mut simulation, accounts.bearer(&again));
    assert_eq!((expired.0, expired.1.as_str()), (401, "bad_authentication"));
}

#[test]
fn a_credential_that_resembles_one_opens_nothing() {
    let mut simulation = Simulation::new(1);
    let (_, id, ada) = signed_in(&mut simulation, "ada");
    let (_, other, _) = signed_in(&mut simulation, "vic");
    let by_token = json!({ "token": simulation::OPERATOR_TOKEN });
    let by_token = Call::post("/page/operator_sessions", &by_token).anonymous();
    let by_token = simulation.call(by_token).expect(200).text("/id");
    for wrong in [
        format!("lhop_{id}_"),
        format!("lhop_{id}"),
        ada[..ada.len() - 1].to_owned(),
        ada.replace(&id, &other),
        ada.replace(&id, &by_token),
        "lhop_os_".to_owned(),
    ] {
        let refused = refused(&mut simulation, Call::get("/v1/accounts").bearer(&wrong));
        assert_eq!((refused.0, refused.1.as_str()), (401, "bad_authentication"), "{wrong}");
    }
    _ = simulation.call(Call::get("/v1/accounts").bearer(&ada)).expect(200);
}

#[test]
fn whoever_the_provider_does_not_vouch_for_is_refused() {
    let mut simulation = Simulation::new(1);
    for (code, status, name) in [
        ("mallory", 403, "permission_denied"),
        ("wrong", 401, "bad_authentication"),
        ("away", 503, "unavailable"),
    ] {
        let refused = refused(&mut simulation, come_back(code));
        assert_eq!((refused.0, refused.1.as_str()), (status, name), "{code}");
    }
}

#[test]
fn failed_sign_ins_of_people_are_limited_with_those_by_token() {
    let mut simulation = Simulation::with(1, |settings| {
        settings.limits.sign_in_failures = Rate::per_minute(3);
    });
    for _ in 0..10 {
        _ = begin(&mut simulation);
        _ = signed_in(&mut simulation, "ada");
    }
    let wrong = Call::post("/page/operator_sessions", &json!({"token": "lhop_wrong"})).anonymous();
    for call in [come_back("wrong"), come_back("mallory"), wrong] {
        assert!(matches!(simulation.call(call).status, 401 | 403));
    }
    _ = simulation.call(come_back("ada")).expect(429);
    _ = simulation.call(Call::post("/page/operator_sign_ins", &json!({})).anonymous()).expect(429);
    simulation.run_for(seconds(20));
    _ = signed_in(&mut simulation, "ada");
}
