//! Limits: what one account, key, session or address may use, and what being refused costs.

use domain::Rate;
use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation, minutes, seconds};

use crate::world::{World, refused};

fn own(credential: &str) -> Call {
    Call::get("/v1/account").bearer(credential)
}

/// Checks that `answer` is 429 and says how long to wait; returns its sentence and that time.
#[track_caller]
fn limited(answer: Answer) -> (String, u64) {
    let answer = answer.expect(429);
    assert_eq!(answer.text("/code"), "rate_limited");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    let sentence = answer.text("/error");
    let unit = if wait == 1 { "second" } else { "seconds" };
    let advice = format!(" Wait {wait} {unit} and try again.");
    assert!(sentence.ends_with(&advice), "{sentence:?} does not end with {advice:?}");
    (sentence, wait)
}

/// Rows of the key's API log: status, code, count.
fn rows(world: &mut World, filter: &str) -> Vec<(u64, Value, Value)> {
    let path = format!("/v1/logs?kind=api_request{filter}");
    let rows = world.simulation.list(&world.account, &path);
    let row = |row: &Value| {
        (row["status"].as_u64().unwrap(), row["error_code"].clone(), row["count"].clone())
    };
    rows.iter().map(row).collect()
}

/// Ends every key of the account.
fn expire_keys(world: &mut World) {
    for key in world.simulation.list(&world.account, "/v1/api_keys") {
        let path = format!("/v1/api_keys/{}/expire", key["id"].as_str().unwrap());
        _ = world.simulation.call(Call::post(&path, &json!({})).on(&world.account)).expect(200);
    }
}

#[test]
fn a_thousand_refusals_are_one_row_and_a_few_commits() {
    let mut world = World::new();
    expire_keys(&mut world);
    let key = world.publishable_key.clone();
    _ = world.simulation.faults.take_calls();
    for _ in 0..1000 {
        let refused = refused(&mut world.simulation, own(&key));
        assert_eq!(refused, (401, "key_expired".to_owned(), Value::Null));
    }
    let commits = world.simulation.faults.take_calls().get("store.commit").copied();
    // One for each power of two up to a thousand.
    assert!(commits.unwrap_or_default() <= 10, "{commits:?}");
    let row = (401, json!("key_expired"), json!(1000));
    assert_eq!(rows(&mut world, ""), std::slice::from_ref(&row));
    // The next minute has a row of its own.
    world.simulation.run_for(minutes(1));
    _ = world.simulation.call(own(&key)).expect(401);
    assert_eq!(rows(&mut world, ""), [(401, json!("key_expired"), json!(1)), row]);
}

#[test]
fn every_kind_of_refusal_is_counted_in_the_row_of_its_key() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.key_requests = Rate::per_minute(3);
    }));
    let (publishable, secret) = (world.publishable_key.clone(), world.secret_key.clone());
    _ = world.simulation.call(Call::get("/v1/webhooks").bearer(&publishable)).expect(403);
    _ = world.simulation.call(own(&publishable)).expect(200);
    _ = world.simulation.call(Call::get("/v1/webhooks").bearer(&publishable)).expect(403);
    _ = world.simulation.call(own(&publishable)).expect(429);
    _ = world.simulation.call(Call::get("/v1/nowhere").bearer(&publishable)).expect(429);
    _ = world.simulation.call(Call::get("/v1/api_keys").bearer(&secret)).expect(403);
    let denied = (403, json!("permission_denied"), json!(1));
    let limited = (429, json!("rate_limited"), json!(4));
    let passed = (200, Value::Null, Value::Null);
    assert_eq!(rows(&mut world, ""), [denied, passed, limited]);
}

#[test]
fn refused_verifications_are_counted_too() {
    let mut world = World::new();
    expire_keys(&mut world);
    let request = json!({ "method": "GET", "path": "/v1/reports" });
    let verify = json!({ "key": world.secret_key, "request": request });
    _ = world.simulation.faults.take_calls();
    for _ in 0..100 {
        let answer = world.simulation.call(Call::post("/v1/api_keys/verify", &verify)).expect(200);
        assert_eq!(answer.text("/code"), "expired");
    }
    assert!(world.simulation.faults.take_calls()["store.commit"] <= 7);
    let rows = world.simulation.list(&world.account, "/v1/logs?kind=api_request");
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&row["count"], &row["error_code"]), (&json!(100), &json!("expired")));
    assert_eq!(row["path"], "/v1/reports");
}

#[test]
fn a_refused_request_is_no_use_of_its_key() {
    let mut world = World::new();
    expire_keys(&mut world);
    let key = world.secret_key.clone();
    _ = world.simulation.call(own(&key)).expect(401);
    for key in world.simulation.list(&world.account, "/v1/api_keys?include_expired=true") {
        assert_eq!(key["last_used_at"], Value::Null);
    }
}

#[test]
fn keys_and_sessions_of_an_account_share_its_requests() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.account_requests = Rate::per_minute(6);
    }));
    let credentials =
        [world.secret_key.clone(), world.publishable_key.clone(), world.session.clone()];
    for credential in credentials.iter().cycle().take(6) {
        _ = world.simulation.call(own(credential)).expect(200);
    }
    for credential in &credentials {
        let (sentence, wait) = limited(world.simulation.call(own(credential)));
        assert!(sentence.contains("this account together made more than 6"), "{sentence}");
        assert_eq!(wait, 10);
    }
    // Neither other accounts nor the operator are affected.
    let other = world.simulation.open_account();
    let other = world.simulation.create_key(&other, "secret", "test");
    _ = world.simulation.call(own(&other)).expect(200);
    _ = world.simulation.call(Call::get("/v1/account").on(&world.account)).expect(200);
    world.simulation.run_for(seconds(10));
    _ = world.simulation.call(own(&credentials[2])).expect(200);
}

#[test]
fn keys_that_are_refused_use_up_nothing_of_their_account() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.account_requests = Rate::per_minute(2);
    }));
    let (publishable, session) = (world.publishable_key.clone(), world.session.clone());
    for _ in 0..10 {
        _ = world.simulation.call(Call::get("/v1/webhooks").bearer(&publishable)).expect(403);
    }
    _ = world.simulation.call(own(&session)).expect(200);
}

#[test]
fn a_portal_session_has_a_limit_of_its_own() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.session_requests = Rate::per_minute(2);
    }));
    let session = world.session.clone();
    for _ in 0..2 {
        _ = world.simulation.call(own(&session)).expect(200);
    }
    let (sentence, wait) = limited(world.simulation.call(own(&session)));
    assert!(sentence.starts_with("More than 2 requests were made in this portal session"));
    assert_eq!(wait, 30);
    let other = world.simulation.open_session(&world.account);
    _ = world.simulation.call(own(&other)).expect(200);
}

#[test]
fn pings_and_resends_to_a_webhook_are_limited_whoever_asks() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.pings = Rate::per_minute(2);
        settings.limits.resends = Rate::per_minute(3);
    }));
    let event = world.simulation.post_event(&world.account);
    let webhook = world.webhook.id.clone();
    let ping = Call::post(&format!("/v1/webhooks/{webhook}/ping"), &json!({}));
    let body = json!({ "webhook_id": webhook });
    let resend = Call::post(&format!("/v1/events/{event}/resend"), &body);
    for (call, most) in [(ping, 2), (resend, 3)] {
        let callers = [call.clone().on(&world.account), call.clone().bearer(&world.session)];
        for call in callers.iter().cycle().take(most) {
            _ = world.simulation.call(call.clone()).expect(202);
        }
        for call in &callers {
            let (sentence, _) = limited(world.simulation.call(call.clone()));
            assert!(sentence.contains("to this webhook"), "{sentence}");
        }
    }
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits().len(), 1 + 2 + 3);
}

#[test]
fn keys_beyond_the_quota_are_refused_until_one_expires() {
    let mut world = World::of(Simulation::with(1, |settings| settings.limits.keys = 4));
    let new = json!({ "type": "secret", "environment": "test" });
    let create = Call::post("/v1/api_keys", &new);
    let first = world.simulation.call(create.clone().on(&world.account)).expect(201).text("/id");
    _ = world.simulation.call(create.clone().on(&world.account)).expect(201);
    let refused = world.simulation.call(create.clone().on(&world.account)).expect(409);
    assert_eq!(refused.text("/code"), "quota_limit_exceeded");
    assert!(refused.text("/error").ends_with("Expire one that is no longer needed."));
    // The other environment has a quota of its own, and a key can always be replaced.
    let account = world.account.clone();
    world.simulation.credential(&account);
    let live = json!({ "type": "secret", "environment": "live" });
    _ = world.simulation.call(Call::post("/v1/api_keys", &live).on(&account)).expect(201);
    let roll = Call::post(&format!("/v1/api_keys/{first}/roll"), &json!({})).on(&account);
    let successor = world.simulation.call(roll).expect(201).text("/id");
    _ = world.simulation.call(create.clone().on(&account)).expect(409);
    let expire = Call::post(&format!("/v1/api_keys/{successor}/expire"), &json!({}));
    _ = world.simulation.call(expire.on(&account)).expect(200);
    _ = world.simulation.call(create.clone().on(&account)).expect(201);
    _ = world.simulation.call(create.on(&account)).expect(409);
}

#[test]
fn the_quota_of_keys_holds_however_many_are_created_at_once() {
    let mut world = World::of(Simulation::with(1, |settings| settings.limits.keys = 5));
    let new = json!({ "type": "secret", "environment": "test" });
    let create = Call::post("/v1/api_keys", &new).on(&world.account);
    let tickets: Vec<_> = (0..10).map(|_| world.simulation.send(create.clone())).collect();
    world.simulation.run_for(seconds(5));
    let statuses = tickets.iter().map(|ticket| ticket.answer().unwrap().status);
    assert_eq!(statuses.filter(|status| *status == 201).count(), 3);
}

#[test]
fn log_rows_beyond_the_quota_are_counted_not_kept() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.log_bytes = Rate::per_day(4000);
    }));
    let key = world.secret_key.clone();
    for _ in 0..20 {
        _ = world.simulation.call(own(&key)).expect(200);
    }
    let rows = rows(&mut world, "");
    let counted: Vec<u64> = rows.iter().filter_map(|(_, _, count)| count.as_u64()).collect();
    assert_eq!(counted.len(), 1, "{rows:?}");
    let kept = rows.len() as u64 - 1;
    assert!((2..8).contains(&kept), "{rows:?}");
    assert_eq!(kept + counted[0], 20);
    // Another account's rows are kept, and a delivery succeeds without its row.
    world.simulation.post_event(&world.account);
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits().len(), 1);
    assert_eq!(world.simulation.list(&world.account, "/v1/logs"), [] as [Value; 0]);
    let other = world.simulation.open_account();
    let own_key = world.simulation.create_key(&other, "secret", "test");
    _ = world.simulation.call(own(&own_key)).expect(200);
    assert_eq!(world.simulation.list(&other, "/v1/logs?kind=api_request").len(), 1);
}

/// Calls that each grow something that is kept for ever, with what undoes them.
fn loops(world: &World) -> [(Call, Option<&'static str>); 6] {
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let patch = |text: &str| Call::patch(&webhook, &json!({ "description": text }));
    let new = json!({ "webhook_url": "https://ada.example/loop", "environment": "test" });
    [
        (
            Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "test" })),
            Some("expire"),
        ),
        (Call::post("/v1/webhooks", &new), Some("delete")),
        (Call::post(&format!("{webhook}/rotate_secret"), &json!({ "overlap_seconds": 0 })), None),
        (Call::post(&format!("{webhook}/reveal_secret"), &json!({})), None),
        (patch("one"), None),
        (patch("two"), None),
    ]
}

#[test]
fn an_account_can_not_make_its_history_grow_without_end() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.changes = Rate::per_day(60);
    }));
    let session = world.session.clone();
    let mut made = 0;
    'changes: loop {
        for (call, undo) in loops(&world) {
            let answer = world.simulation.call(call.bearer(&session));
            if answer.status == 429 {
                let (sentence, wait) = limited(answer);
                assert!(sentence.starts_with("More than 60 changes were made"), "{sentence}");
                assert_eq!(wait, 24 * 60);
                break 'changes;
            }
            assert!(answer.status < 300, "{}", answer.json());
            made += 1;
            let path = answer.json()["uri"].as_str().unwrap_or_default().to_owned();
            // What takes authority away costs nothing.
            let undo = match undo {
                Some("expire") => Call::post(&format!("{path}/expire"), &json!({})),
                Some(_) => Call::delete(&path),
                None => continue,
            };
            _ = world.simulation.call(undo.bearer(&session)).expect(200);
        }
    }
    assert_eq!(made, 60);
    // A key of the account has the same budget, the operator none, and another account its own.
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let change = Call::patch(&webhook, &json!({ "description": "three" }));
    _ = limited(world.simulation.call(change.clone().bearer(&world.secret_key)));
    _ = world.simulation.call(change.clone().on(&world.account)).expect(200);
    let disable = Call::patch(&webhook, &json!({ "status": "disabled" }));
    _ = world.simulation.call(disable.bearer(&session)).expect(200);
    world.simulation.run_for(minutes(24));
    let other = world.simulation.open_session(&world.account);
    let again = Call::patch(&webhook, &json!({ "description": "four" }));
    _ = world.simulation.call(again.bearer(&other)).expect(200);
}

#[test]
fn changes_that_are_refused_use_up_nothing() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.changes = Rate::per_day(1);
    }));
    let taken = json!({ "webhook_url": crate::world::URL, "environment": "test" });
    for _ in 0..5 {
        let call = Call::post("/v1/webhooks", &taken).bearer(&world.session);
        assert_eq!(world.simulation.call(call).expect(409).text("/code"), "url_taken");
    }
    let new = json!({ "webhook_url": "https://ada.example/2", "environment": "test" });
    let call = Call::post("/v1/webhooks", &new).bearer(&world.session);
    _ = world.simulation.call(call).expect(201);
}

/// A customer causes them by signing in and out, although the operator opens them.
#[test]
fn portal_sessions_can_not_be_opened_and_ended_without_end() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.changes = Rate::per_day(5);
    }));
    let open = Call::post("/v1/portal_sessions", &json!({})).on(&world.account);
    // The world has opened one.
    for _ in 0..4 {
        let opened = world.simulation.call(open.clone()).expect(201);
        let end = Call::delete(&format!("/v1/portal_sessions/{}", opened.text("/id")));
        _ = world.simulation.call(end.bearer(&opened.text("/token"))).expect(200);
    }
    let (sentence, _) = limited(world.simulation.call(open));
    assert!(sentence.starts_with("More than 5 portal sessions"), "{sentence}");
}

/// However many keys have expired, the quota and the count of a list cost the same.
#[test]
fn expired_keys_cost_nothing_when_keys_are_counted() {
    let mut world = World::of(Simulation::with(1, |settings| settings.limits.keys = 3));
    let new = json!({ "type": "secret", "environment": "test" });
    let create = Call::post("/v1/api_keys", &new).on(&world.account);
    for _ in 0..20 {
        let key = world.simulation.call(create.clone()).expect(201).text("/uri");
        let expire = Call::post(&format!("{key}/expire"), &json!({})).on(&world.account);
        _ = world.simulation.call(expire).expect(200);
    }
    _ = world.simulation.call(create.clone()).expect(201);
    _ = world.simulation.call(create).expect(409);
    for (filter, count) in [("", 3), ("?include_expired=true", 23)] {
        let list = world.simulation.show(&world.account, &format!("/v1/api_keys{filter}"));
        assert_eq!(list["count"], count, "{filter}");
    }
}
