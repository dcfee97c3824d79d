//! Sign-in codes, and the sessions that they begin.

use serde_json::{Value, json};
use simulation::{Answer, Call, minutes, seconds};

use crate::world::{World, refused};

/// Opens a session; returns its code and its token.
fn opened(world: &mut World, expires_in: u32) -> (String, String) {
    let body = json!({ "expires_in": expires_in });
    let call = Call::post("/v1/portal_sessions", &body).on(&world.account);
    let opened = world.simulation.call(call).expect(201);
    let url = opened.text("/url");
    let (_, code) = url.split_once("?code=").unwrap();
    (code.to_owned(), opened.text("/id"))
}

fn redeem(code: &str) -> Call {
    Call::post("/v1/portal_sessions/redeem", &json!({ "code": code })).anonymous()
}

fn is_refused(world: &mut World, code: &str) {
    let refused = refused(&mut world.simulation, redeem(code));
    assert_eq!(refused, (401, "bad_authentication".to_owned(), Value::Null));
}

#[test]
fn a_code_begins_its_session_once() {
    let mut world = World::new();
    let (code, id) = opened(&mut world, 3600);
    let begun = world.simulation.call(redeem(&code)).expect(201);
    assert_eq!((begun.text("/object"), begun.text("/id")), ("portal_session".to_owned(), id));
    let token = begun.text("/token");
    assert!(token.starts_with("lhps_") && token != code, "{token}");
    let own = world.simulation.call(Call::get("/v1/account").bearer(&token)).expect(200);
    assert_eq!(own.text("/id"), world.account);
    is_refused(&mut world, &code);
}

/// Request with which the page looks at a code before it asks for confirmation.
fn look(code: &str) -> Call {
    Call::post("/page/sign_in_code", &json!({ "code": code })).anonymous()
}

#[test]
fn a_code_may_be_looked_at_any_number_of_times() {
    let mut world = World::new();
    let (code, _) = opened(&mut world, 3600);
    for _ in 0..5 {
        let invitation = world.simulation.call(look(&code)).expect(200).json();
        let account = world.simulation.show(&world.account, "/v1/account");
        assert_eq!(invitation, json!({ "account_name": account["name"] }));
    }
    _ = world.simulation.call(redeem(&code)).expect(201);
    let used = refused(&mut world.simulation, look(&code));
    assert_eq!(used, (401, "bad_authentication".to_owned(), Value::Null));
}

#[test]
fn looking_at_an_invalid_code_reveals_nothing_else() {
    let mut world = World::new();
    let (late, _) = opened(&mut world, 60);
    let session = world.session.clone();
    world.simulation.run_for(seconds(61));
    for code in [late.as_str(), "lhps_unknown", session.as_str(), ""] {
        let told = refused(&mut world.simulation, look(code));
        assert_eq!(told, (401, "bad_authentication".to_owned(), Value::Null), "{code}");
    }
}

#[test]
fn looking_at_a_code_is_no_route_of_the_api() {
    let world = World::new();
    assert!(world.simulation.app().openapi()["paths"]["/page/sign_in_code"].is_null());
}

#[test]
fn only_one_of_concurrent_redemptions_gets_a_session() {
    let mut world = World::new();
    let (code, _) = opened(&mut world, 3600);
    let tickets: Vec<_> = (0..8).map(|_| world.simulation.send(redeem(&code))).collect();
    world.simulation.run_for(seconds(5));
    let answers: Vec<Answer> = tickets.iter().map(|ticket| ticket.answer().unwrap()).collect();
    let begun = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(begun, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| [201, 401].contains(&answer.status)), "{answers:?}");
}

#[test]
fn a_code_lasts_ten_minutes_and_no_longer_than_its_session() {
    let mut world = World::new();
    let (lasting, _) = opened(&mut world, 3600);
    let (short, _) = opened(&mut world, 60);
    world.simulation.run_for(seconds(61));
    is_refused(&mut world, &short);
    world.simulation.run_for(minutes(9));
    is_refused(&mut world, &lasting);
}

#[test]
fn only_codes_are_redeemed_and_a_code_is_not_a_token() {
    let mut world = World::new();
    let (code, _) = opened(&mut world, 3600);
    let session = world.session.clone();
    for other in [session.as_str(), "", "lhps_unknown", "lhop_simulated"] {
        is_refused(&mut world, other);
    }
    let used = refused(&mut world.simulation, Call::get("/v1/account").bearer(&code));
    assert_eq!(used.0, 401);
    let missing = Call::post("/v1/portal_sessions/redeem", &json!({})).anonymous();
    let missing = refused(&mut world.simulation, missing);
    assert_eq!(missing, (422, "missing_field".to_owned(), json!("code")));
}

#[test]
fn a_code_of_a_closed_account_begins_no_session() {
    let mut world = World::new();
    let (code, _) = opened(&mut world, 3600);
    let close = Call::delete(&format!("/v1/accounts/{}", world.account));
    _ = world.simulation.call(close).expect(200);
    let refused = refused(&mut world.simulation, redeem(&code));
    assert_eq!(refused, (403, "account_closed".to_owned(), Value::Null));
}
