//! A backend that is shared by many processes, each of which remembers webhooks, accounts and event
//! types for seconds: whoever ends something ends it within that time, and nothing else is late.

use std::time::Duration;

use latchhook_simulation::{Call, Simulation, seconds};
use ports::store::REMEMBERED_FOR;
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

/// Simulation with an account whose only webhook fails, in a shared backend if `is_shared`.
fn failing(is_shared: bool) -> (Simulation, String, String) {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL).id;
    simulation.network.answers(URL, 500);
    if is_shared {
        simulation.faults.split_commits();
    }
    (simulation, account, webhook)
}

fn statuses(simulation: &mut Simulation, account: &str) -> Vec<Value> {
    let events = simulation.list(account, "/v1/events?environment=test");
    events.iter().map(|event| event["deliveries"][0]["status"].clone()).collect()
}

/// Posts an event at once and another after 57 seconds, at whose attempt the webhook is seen; ends its
/// deliveries by `end` a second later. Returns the time from then to each attempt that was made after.
fn attempts_after(is_shared: bool, end: impl Fn(&str, &str) -> Call) -> Vec<Duration> {
    let (mut simulation, account, webhook) = failing(is_shared);
    simulation.post_event(&account);
    simulation.run_for(seconds(57));
    simulation.post_event(&account);
    simulation.run_for(seconds(1));
    let before = simulation.network.hits().len();
    let ended = simulation.call(end(&account, &webhook));
    assert!(ended.status < 300, "{}", ended.json());
    let at = simulation.now();
    simulation.run_for(seconds(600));
    let after = simulation.network.hits().split_off(before);
    after.iter().map(|hit| hit.at.since(at)).collect()
}

#[test]
fn who_ends_deliveries_ends_them_within_seconds_and_on_one_machine_at_once() {
    let disabled = |account: &str, webhook: &str| {
        let path = format!("/v1/webhooks/{webhook}");
        Call::patch(&path, &json!({ "status": "disabled" })).on(account)
    };
    let deleted =
        |account: &str, webhook: &str| Call::delete(&format!("/v1/webhooks/{webhook}")).on(account);
    let closed = |account: &str, _: &str| Call::delete(&format!("/v1/accounts/{account}"));
    for end in [&disabled as &dyn Fn(&str, &str) -> Call, &deleted, &closed] {
        assert_eq!(attempts_after(false, end), [] as [Duration; 0]);
        // The first event's retry, two seconds after.
        let late = attempts_after(true, end);
        assert_eq!(late.len(), 1, "{late:?}");
        assert!(late[0] <= REMEMBERED_FOR, "{late:?}");
    }
}

/// A remembered document says that the webhook takes nothing, or is of an older generation.
#[test]
fn no_delivery_is_dropped_for_what_was_remembered() {
    let (mut simulation, account, webhook) = failing(true);
    let path = format!("/v1/webhooks/{webhook}");
    let is = |status: &str| Call::patch(&path, &json!({ "status": status })).on(&account);
    simulation.post_event(&account);
    simulation.run_for(seconds(1));
    _ = simulation.call(is("disabled")).expect(200);
    simulation.run_for(seconds(60));
    assert_eq!(statuses(&mut simulation, &account), ["cancelled"]);
    // The webhook is seen as it is enabled again, and taken up a moment later.
    simulation.network.answers(URL, 200);
    _ = simulation.call(is("enabled")).expect(200);
    let since = json!({ "since": "2020-01-01T00:00:00.000Z" });
    let recover = Call::post(&format!("{path}/recover"), &since).on(&account);
    _ = simulation.call(recover).expect(202);
    simulation.post_event(&account);
    simulation.run_for(seconds(2));
    assert_eq!(statuses(&mut simulation, &account), ["delivered", "delivered"]);
}

#[test]
fn no_event_is_refused_for_the_types_that_were_remembered() {
    let (mut simulation, account, _) = failing(true);
    let event = |kind: &str| {
        let object = json!({ "id": "rep_1", "object": "report" });
        let event = json!({ "type": kind, "environment": "test", "data": { "object": object } });
        Call::post("/v1/events", &event).on(&account)
    };
    let register = |kind: &str| Call::put(&format!("/v1/event_types/{kind}"), &json!({}));
    // No type is registered.
    _ = simulation.call(event("report.made")).expect(202);
    _ = simulation.call(register("report.sent")).expect(200);
    let registered = simulation.now();
    // One that is not registered is taken for a few seconds, and one that is at once.
    _ = simulation.call(event("report.made")).expect(202);
    _ = simulation.call(event("report.sent")).expect(202);
    simulation.run_until(registered.plus(REMEMBERED_FOR));
    _ = simulation.call(event("report.made")).expect(422);
    _ = simulation.call(register("report.made")).expect(200);
    _ = simulation.call(event("report.made")).expect(202);
}

/// Time for which a token that was ended in another process still verifies, if it is remembered.
fn verifies_after_its_end(is_shared: bool) -> Duration {
    let (mut simulation, account, _) = failing(is_shared);
    let key = simulation.create_key(&account, "secret", "test");
    let token = json!({ "name": "gateway", "scopes": ["keys:verify"] });
    let token = simulation.call(Call::post("/v1/operator_tokens", &token)).expect(201);
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
    let verify = verify.bearer(&token.text("/token"));
    assert_eq!(simulation.call(verify.clone()).expect(200).text("/code"), "valid");
    _ = simulation.call(Call::delete(&token.text("/uri"))).expect(200);
    let ended = simulation.now();
    while simulation.call(verify.clone()).status == 200 {
        simulation.run_for(seconds(1));
    }
    _ = simulation.call(verify).expect(401);
    simulation.now().since(ended)
}

#[test]
fn an_ended_operator_token_is_refused_within_seconds_and_on_one_machine_at_once() {
    assert_eq!(verifies_after_its_end(false), Duration::ZERO);
    let late = verifies_after_its_end(true);
    assert!(late > Duration::ZERO && late <= REMEMBERED_FOR, "{late:?}");
}

/// A token is remembered as unknown from before it was made, and works all the same.
#[test]
fn a_new_operator_token_works_at_once() {
    let (mut simulation, ..) = failing(true);
    let token = json!({ "name": "reader", "scopes": ["accounts:read"] });
    let token = simulation.call(Call::post("/v1/operator_tokens", &token)).expect(201);
    let read = Call::get("/v1/accounts").bearer(&token.text("/token"));
    _ = simulation.call(read).expect(200);
}
