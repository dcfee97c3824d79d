//! Portal sessions and the operator's: listed, ended, signed out of.

use domain::Rate;
use serde_json::{Value, json};
use simulation::{Call, OPERATOR_TOKEN, Simulation, minutes, seconds};

use crate::world::{World, refused};

fn open(world: &mut World) -> (String, String, String) {
    let call = Call::post("/v1/portal_sessions", &json!({})).on(&world.account);
    let opened = world.simulation.call(call).expect(201);
    let url = opened.text("/url");
    let code = url.split_once("?code=").unwrap().1.to_owned();
    (opened.text("/id"), opened.text("/token"), code)
}

fn own(token: &str) -> Call {
    Call::get("/v1/account").bearer(token)
}

fn redeem(code: &str) -> Call {
    Call::post("/v1/portal_sessions/redeem", &json!({ "code": code })).anonymous()
}

fn session(id: &str) -> String {
    format!("/v1/portal_sessions/{id}")
}

#[test]
fn sessions_are_listed_until_they_expire() {
    let mut world = World::new();
    let (id, ..) = open(&mut world);
    let rows = world.simulation.list(&world.account, "/v1/portal_sessions");
    let ids: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!((ids[0], ids.len()), (&json!(id), 2));
    let mut row = rows[0].clone();
    for time in ["created_at", "expires_at"] {
        assert!(row[time].take().is_string());
    }
    let capabilities =
        ["keys:read", "keys:write", "keys:reveal", "webhooks:read", "webhooks:write", "logs:read"];
    let expected = json!({
        "id": id,
        "object": "portal_session",
        "account_id": world.account,
        "actor": null,
        "capabilities": capabilities,
        "created_at": null,
        "expires_at": null,
        "ended_at": null,
    });
    assert_eq!(row, expected);
    let shown = world.simulation.show(&world.account, &session(&id));
    assert_eq!(shown, rows[0]);
    world.simulation.run_for(minutes(61));
    assert_eq!(world.simulation.list(&world.account, "/v1/portal_sessions"), [] as [Value; 0]);
}

#[test]
fn an_ended_session_has_no_token_and_no_code_that_works() {
    let mut world = World::new();
    let (id, token, code) = open(&mut world);
    let (other, redeemed, used) = open(&mut world);
    let begun = world.simulation.call(redeem(&used)).expect(201).text("/token");
    _ = world.simulation.call(own(&token)).expect(200);
    _ = world.simulation.call(own(&begun)).expect(200);
    for id in [&id, &other] {
        let end = Call::delete(&session(id)).on(&world.account);
        let ended = world.simulation.call(end.clone()).expect(200).json();
        assert!(ended["ended_at"].is_string(), "{ended}");
        // Ending it again changes nothing.
        world.simulation.run_for(seconds(1));
        assert_eq!(world.simulation.call(end).expect(200).json(), ended);
        assert_eq!(world.simulation.show(&world.account, &session(id)), ended);
    }
    for token in [&token, &redeemed, &begun] {
        let refused = refused(&mut world.simulation, own(token));
        assert_eq!(refused, (401, "bad_authentication".to_owned(), Value::Null));
    }
    _ = world.simulation.call(redeem(&code)).expect(401);
    let history = world.simulation.list(&world.account, "/v1/audit_events");
    let ended = history.iter().filter(|entry| entry["type"] == "account.portal_session_ended");
    let ended: Vec<&Value> = ended.map(|entry| &entry["data"]["session"]).collect();
    assert_eq!(ended, [&json!(other), &json!(id)]);
}

#[test]
fn a_session_ends_itself_and_no_other() {
    let mut world = World::new();
    let (id, token, _) = open(&mut world);
    let (other, other_token, _) = open(&mut world);
    for call in [Call::get(&session(&other)), Call::delete(&session(&other))] {
        let refused = refused(&mut world.simulation, call.bearer(&token));
        assert_eq!(refused, (404, "not_found".to_owned(), Value::Null));
    }
    let list = Call::get("/v1/portal_sessions").bearer(&token);
    assert_eq!(refused(&mut world.simulation, list).0, 403);
    let key = Call::delete(&session(&id)).bearer(&world.secret_key);
    assert_eq!(refused(&mut world.simulation, key).0, 403);
    _ = world.simulation.call(Call::get(&session(&id)).bearer(&token)).expect(200);
    _ = world.simulation.call(Call::delete(&session(&id)).bearer(&token)).expect(200);
    _ = world.simulation.call(own(&token)).expect(401);
    _ = world.simulation.call(own(&other_token)).expect(200);
    // The page's sign-out knows the token alone.
    let sign_out = Call::delete("/page/portal_session").bearer(&other_token);
    _ = world.simulation.call(sign_out).expect(200);
    _ = world.simulation.call(own(&other_token)).expect(401);
}

#[test]
fn a_session_of_another_account_is_not_there() {
    let mut world = World::new();
    let (id, token, _) = open(&mut world);
    let other = world.simulation.open_account();
    for call in [Call::get(&session(&id)), Call::delete(&session(&id))] {
        let refused = refused(&mut world.simulation, call.on(&other));
        assert_eq!(refused, (404, "not_found".to_owned(), Value::Null));
    }
    _ = world.simulation.call(own(&token)).expect(200);
}

#[test]
fn a_code_that_is_redeemed_while_its_session_is_ended_opens_nothing() {
    for seed in 0..20 {
        let mut world = World::of(Simulation::new(seed));
        let (id, _, code) = open(&mut world);
        let redeemed = world.simulation.send(redeem(&code));
        let ended = world.simulation.send(Call::delete(&session(&id)).on(&world.account));
        world.simulation.run_for(seconds(5));
        assert_eq!(ended.answer().unwrap().status, 200);
        let redeemed = redeemed.answer().unwrap();
        if redeemed.status == 201 {
            let late = world.simulation.call(own(&redeemed.text("/token")));
            assert_eq!(late.status, 401, "seed {seed}");
        }
    }
}

#[test]
fn sessions_beyond_the_quota_are_refused_until_one_ends() {
    let mut world = World::of(Simulation::with(1, |settings| settings.limits.portal_sessions = 3));
    let call = Call::post("/v1/portal_sessions", &json!({})).on(&world.account);
    let tickets: Vec<_> = (0..6).map(|_| world.simulation.send(call.clone())).collect();
    world.simulation.run_for(seconds(5));
    let answers: Vec<_> = tickets.iter().map(|ticket| ticket.answer().unwrap()).collect();
    let opened: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    // One was open already.
    assert_eq!(opened.len(), 2);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((refused.status, refused.text("/code")), (409, "quota_limit_exceeded".into()));
    }
    let end = Call::delete(&session(&opened[0].text("/id"))).on(&world.account);
    _ = world.simulation.call(end).expect(200);
    _ = world.simulation.call(call.clone()).expect(201);
    _ = world.simulation.call(call.clone()).expect(409);
    world.simulation.run_for(minutes(61));
    _ = world.simulation.call(call).expect(201);
}

fn sign_in(token: &str) -> Call {
    Call::post("/page/operator_sessions", &json!({ "token": token })).anonymous()
}

fn operator_session(id: &str) -> String {
    format!("/page/operator_sessions/{id}")
}

#[test]
fn an_operators_session_is_open_for_an_hour_or_until_it_is_signed_out_of() {
    let mut simulation = Simulation::new(1);
    let begun = |simulation: &mut Simulation| {
        simulation.call(sign_in(OPERATOR_TOKEN)).expect(200).text("/id")
    };
    let (first, second) = (begun(&mut simulation), begun(&mut simulation));
    for id in [&first, &second] {
        _ = simulation.call(Call::get(&operator_session(id))).expect(200);
    }
    _ = simulation.call(Call::delete(&operator_session(&first))).expect(200);
    _ = simulation.call(Call::get(&operator_session(&first))).expect(404);
    _ = simulation.call(Call::get(&operator_session(&second))).expect(200);
    simulation.run_for(minutes(60));
    _ = simulation.call(Call::get(&operator_session(&second))).expect(404);
}

#[test]
fn only_the_operator_asks_for_the_operators_sessions() {
    let mut world = World::new();
    let id = world.simulation.call(sign_in(OPERATOR_TOKEN)).expect(200).text("/id");
    for credential in [world.session.clone(), world.secret_key.clone()] {
        for call in [Call::get(&operator_session(&id)), Call::delete(&operator_session(&id))] {
            let refused = refused(&mut world.simulation, call.bearer(&credential));
            assert_eq!(refused.0, 403);
        }
    }
    assert!(world.simulation.app().openapi()["paths"]["/page/operator_sessions"].is_null());
}

#[test]
fn failed_sign_ins_of_the_operator_are_limited_and_successful_ones_are_not() {
    let mut simulation = Simulation::with(1, |settings| {
        settings.limits.sign_in_failures = Rate::per_minute(3);
    });
    for _ in 0..10 {
        _ = simulation.call(sign_in(OPERATOR_TOKEN)).expect(200);
    }
    let tickets: Vec<_> = (0..9).map(|_| simulation.send(sign_in("lhop_wrong"))).collect();
    simulation.run_for(seconds(1));
    let statuses = tickets.iter().map(|ticket| ticket.answer().unwrap().status);
    assert_eq!(statuses.filter(|status| *status == 401).count(), 3);
    // Not even the right token signs in now.
    let limited = simulation.call(sign_in(OPERATOR_TOKEN)).expect(429);
    assert_eq!(limited.header("retry-after"), "19");
    simulation.run_for(seconds(20));
    _ = simulation.call(sign_in(OPERATOR_TOKEN)).expect(200);
}
