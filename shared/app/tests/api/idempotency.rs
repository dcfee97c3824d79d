//! Idempotency keys: a repeat is answered as the first request was.

use ports::store::Collection;
use serde_json::{Value, json};
use simulation::{Answer, Call, Rates, Ticket, hours, minutes, seconds};

use crate::world::{URL, World, event};

fn post_event(world: &World, key: &str) -> Call {
    Call::post("/v1/events", &event()).on(&world.account).once(key)
}

#[test]
fn a_repeat_is_answered_as_the_first_was_and_does_nothing() {
    let mut world = World::new();
    let call = post_event(&world, "k1");
    let first = world.simulation.call(call.clone()).expect(202);
    assert_eq!(first.header("idempotent-replayed"), "");
    world.simulation.run_for(hours(23));
    let repeat = world.simulation.call(call).expect(202);
    assert_eq!(repeat.header("idempotent-replayed"), "true");
    assert_eq!(repeat.body, first.body);
    assert_eq!(world.simulation.list(&world.account, "/v1/events").len(), 1);
}

/// A secret that is shown again is shown, and the history says so.
#[test]
fn a_repeated_reveal_shows_the_secret_again_and_is_in_the_history() {
    let mut world = World::new();
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let secret = keys.iter().find(|key| key["type"] == "secret").unwrap();
    let key = secret["id"].as_str().unwrap().to_owned();
    let webhook = world.webhook.id.clone();
    for (path, id, shown, event) in [
        (format!("/v1/api_keys/{key}/reveal"), key, "/key", "api_key.revealed"),
        (
            format!("/v1/webhooks/{webhook}/reveal_secret"),
            webhook,
            "/signing_secret",
            "webhook.secret_revealed",
        ),
    ] {
        let call = Call::post(&path, &json!({})).on(&world.account).once(&path);
        let answers = [0, 1, 2].map(|_| world.simulation.call(call.clone()).expect(200));
        let replayed = answers.each_ref().map(|answer| answer.header("idempotent-replayed"));
        assert_eq!(replayed, ["", "true", "true"], "{path}");
        assert!(answers[0].text(shown).len() > 20);
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        let history = format!("/v1/audit_events?subject={id}&type={event}");
        assert_eq!(world.simulation.list(&world.account, &history).len(), 3, "{path}");
        let other = Call::post(&path, &json!({ "x": 1 })).on(&world.account).once(&path);
        assert_eq!(world.simulation.call(other).expect(422).text("/code"), "idempotency_mismatch");
    }
    let kept = world.simulation.disk.documents(&[Collection("idempotency")]);
    assert_eq!(kept.len(), 2);
    for (document, _) in kept {
        assert!(!String::from_utf8_lossy(&document.body).contains("sealed"));
    }
}

/// Requests that make a secret and answer with it: each with the place of the secret in the answer, and
/// the subject and type of the event that an access to it is.
fn making_secrets(world: &mut World) -> Vec<(Call, &'static str, &'static str, &'static str)> {
    let key = json!({ "type": "secret", "environment": "test" });
    let url = json!({ "webhook_url": "https://ada.example/again", "environment": "test" });
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let secret = keys.iter().find(|key| key["type"] == "secret").unwrap();
    let key_path = secret["uri"].as_str().unwrap().to_owned();
    let rotation = format!("/v1/webhooks/{}/rotate_secret", world.webhook.id);
    let nothing = json!({});
    let calls = [
        (Call::post("/v1/api_keys", &key), "/key", "/id", "api_key.revealed"),
        (Call::post(&format!("{key_path}/roll"), &nothing), "/key", "/id", "api_key.revealed"),
        (Call::post("/v1/webhooks", &url), "/signing_secret", "/id", "webhook.secret_revealed"),
        (Call::post(&rotation, &nothing), "/signing_secret", "/id", "webhook.secret_revealed"),
        (
            Call::post("/v1/portal_sessions", &nothing),
            "/token",
            "/account_id",
            "account.portal_session_shown",
        ),
    ];
    let once = |(number, (call, secret, subject, event)): (usize, (Call, _, _, _))| {
        (call.on(&world.account).once(&format!("k{number}")), secret, subject, event)
    };
    calls.into_iter().enumerate().map(once).collect()
}

/// Events of `event` about what `answer` shows.
fn accesses(world: &mut World, answer: &Answer, subject: &str, event: &str) -> usize {
    let subject = answer
        .json()
        .pointer(subject)
        .map_or(world.account.clone(), |id| id.as_str().unwrap().to_owned());
    let history = format!("/v1/audit_events?subject={subject}&type={event}");
    world.simulation.list(&world.account, &history).len()
}

#[test]
fn a_repeat_that_shows_a_new_secret_again_is_an_access_and_in_the_history() {
    let mut world = World::new();
    for (call, secret, subject, event) in making_secrets(&mut world) {
        let first = world.simulation.call(call.clone());
        assert!(first.status < 300 && first.text(secret).len() > 20, "{call:?}");
        let before = accesses(&mut world, &first, subject, event);
        for number in 1..=2 {
            let repeat = world.simulation.call(call.clone()).expect(first.status);
            assert_eq!(repeat.header("idempotent-replayed"), "true");
            assert_eq!(repeat.body, first.body, "{call:?}");
            assert_eq!(accesses(&mut world, &first, subject, event), before + number, "{call:?}");
        }
    }
}

#[test]
fn a_repeat_whose_access_can_not_be_recorded_shows_nothing() {
    let mut world = World::new();
    for (call, secret, ..) in making_secrets(&mut world) {
        let first = world.simulation.call(call.clone());
        world.simulation.faults.set_full(true);
        let refused = world.simulation.call(call).expect(503);
        world.simulation.faults.set_full(false);
        assert!(!String::from_utf8_lossy(&refused.body).contains(&first.text(secret)));
    }
}

/// The answer is kept without it, and is otherwise the first.
#[test]
fn a_repeat_is_without_a_secret_that_was_destroyed() {
    let mut world = World::new();
    let url = json!({ "webhook_url": "https://ada.example/again", "environment": "test" });
    let made = Call::post("/v1/webhooks", &url).on(&world.account).once("k1");
    let first = world.simulation.call(made.clone()).expect(201).json();
    let webhook = first["uri"].as_str().unwrap().to_owned();
    let rotate = json!({ "overlap_seconds": 0 });
    let rotation = Call::post(&format!("{webhook}/rotate_secret"), &rotate).on(&world.account);
    let rotation = rotation.once("k2");
    let rotated = world.simulation.call(rotation.clone()).expect(200).json();
    let again = world.simulation.call(made).expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.json(), without_secret(&first));
    assert_eq!(world.simulation.call(rotation.clone()).expect(200).json(), rotated);
    let shown = |world: &mut World| {
        let events = world.simulation.list(&world.account, "/v1/audit_events");
        events.iter().filter(|event| event["type"] == "webhook.secret_revealed").count()
    };
    assert_eq!(shown(&mut world), 1, "what is not shown is no access");
    _ = world.simulation.call(Call::delete(&webhook).on(&world.account)).expect(200);
    let again = world.simulation.call(rotation).expect(200);
    assert_eq!(again.json(), without_secret(&rotated));
    assert_eq!(shown(&mut world), 1);
}

fn without_secret(answer: &Value) -> Value {
    let mut answer = answer.clone();
    let secret = answer.as_object_mut().unwrap().remove("signing_secret");
    assert!(secret.unwrap().as_str().unwrap().starts_with("whsec_"));
    answer
}

/// An expired key is worth nothing; that it was shown again is recorded.
#[test]
fn a_repeat_shows_a_key_that_has_expired_since_as_it_was() {
    let mut world = World::new();
    let key = json!({ "type": "secret", "environment": "test" });
    let made = Call::post("/v1/api_keys", &key).on(&world.account).once("k1");
    let first = world.simulation.call(made.clone()).expect(201);
    let expire = Call::post(&format!("{}/expire", first.text("/uri")), &json!({}));
    _ = world.simulation.call(expire.on(&world.account)).expect(200);
    assert_eq!(world.simulation.call(made).expect(201).body, first.body);
    assert_eq!(accesses(&mut world, &first, "/id", "api_key.revealed"), 1);
}

/// Between any two steps of the repeat: whoever lost the authority is shown nothing.
#[test]
fn a_session_that_ends_while_it_repeats_a_request_is_shown_nothing() {
    for steps in 0.. {
        let mut world = World::new();
        let key = json!({ "type": "secret", "environment": "test" });
        let call = Call::post("/v1/api_keys", &key).bearer(&world.session).once("k1");
        let first = world.simulation.call(call.clone()).expect(201);
        world.simulation.faults.hold_after(steps);
        let ticket = world.simulation.send(call);
        while !world.simulation.faults.is_holding() && ticket.answer().is_none() {
            world.simulation.step();
        }
        if ticket.answer().is_some() {
            assert!(steps > 5, "only {steps} steps");
            return;
        }
        let was_shown = accesses(&mut world, &first, "/id", "api_key.revealed");
        world.simulation.clock.advance(hours(1));
        world.simulation.faults.let_go();
        let answer = world.simulation.wait_for(&ticket);
        let expected = if was_shown == 1 { (201, "") } else { (401, "bad_authentication") };
        let code = answer.json().pointer("/code").map_or(String::new(), |_| answer.text("/code"));
        assert_eq!((answer.status, &*code), expected, "after {steps} steps");
    }
}

/// Answers are sealed with the account's key, which is destroyed with it.
#[test]
fn a_repeat_for_an_account_that_was_closed_since_is_told_so() {
    let mut world = World::new();
    let key = json!({ "type": "secret", "environment": "test" });
    let calls =
        [post_event(&world, "k1"), Call::post("/v1/api_keys", &key).on(&world.account).once("k2")];
    for call in &calls {
        assert!(world.simulation.call(call.clone()).status < 300);
    }
    let close = Call::delete(&format!("/v1/accounts/{}", world.account));
    _ = world.simulation.call(close).expect(200);
    for call in calls {
        assert_eq!(world.simulation.call(call).expect(403).text("/code"), "account_closed");
    }
}

#[test]
fn a_repeated_verification_is_answered_as_the_first_was() {
    let mut world = World::new();
    let asked = json!({ "key": world.secret_key });
    let call = Call::post("/v1/api_keys/verify", &asked);
    let first = world.simulation.call(call.clone().once("k1")).expect(200);
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    for key in keys {
        let path = format!("/v1/api_keys/{}/expire", key["id"].as_str().unwrap());
        _ = world.simulation.call(Call::post(&path, &json!({})).on(&world.account)).expect(200);
    }
    let repeat = world.simulation.call(call.clone().once("k1")).expect(200);
    assert_eq!((repeat.header("idempotent-replayed"), &repeat.body), ("true", &first.body));
    assert_eq!(world.simulation.call(call).expect(200).text("/code"), "expired");
}

#[test]
fn a_key_is_forgotten_after_24_hours() {
    let mut world = World::new();
    let call = post_event(&world, "k1");
    let first = world.simulation.call(call.clone()).expect(202);
    world.simulation.run_for(hours(24) + minutes(1));
    let second = world.simulation.call(call).expect(202);
    assert_ne!(first.text("/id"), second.text("/id"));
    assert_eq!(second.header("idempotent-replayed"), "");
}

#[test]
fn another_body_or_path_with_the_same_key_is_refused() {
    let mut world = World::new();
    let first = post_event(&world, "k1");
    _ = world.simulation.call(first).expect(202);
    let mut other = event();
    other["type"] = "report.created".into();
    let ping = format!("/v1/webhooks/{}/ping", world.webhook.id);
    for call in [Call::post("/v1/events", &other), Call::post(&ping, &event())] {
        let refused = world.refused(call.once("k1"));
        assert_eq!(refused, (422, "idempotency_mismatch".to_owned(), Value::Null));
    }
}

#[test]
fn keys_are_separate_by_caller() {
    let mut world = World::new();
    let ping = format!("/v1/webhooks/{}/ping", world.webhook.id);
    let ping = Call::post(&ping, &json!({})).on(&world.account).once("k1");
    let calls = [ping.clone(), ping.clone().bearer(&world.session), ping.bearer(&world.secret_key)];
    for call in calls {
        let answer = world.simulation.call(call).expect(202);
        assert_eq!(answer.header("idempotent-replayed"), "");
    }
}

#[test]
fn a_repeat_of_a_running_request_is_refused() {
    let mut world = World::new();
    let call = post_event(&world, "k1");
    let tickets: Vec<Ticket> = (0..3).map(|_| world.simulation.send(call.clone())).collect();
    world.simulation.run_for(seconds(1));
    let answers: Vec<_> = tickets.iter().map(|ticket| ticket.answer().unwrap()).collect();
    let first = answers.iter().filter(|answer| answer.status == 202).count();
    let told =
        answers.iter().filter(|answer| answer.text("/code") == "idempotency_in_progress").count();
    assert_eq!(first + told, 3);
    assert!(told > 0, "they did not meet");
    assert_eq!(world.simulation.list(&world.account, "/v1/events").len(), 1);
    let repeat = world.simulation.call(call).expect(202);
    assert_eq!(repeat.header("idempotent-replayed"), "true");
}

#[test]
fn errors_are_not_remembered() {
    let mut world = World::new();
    let mut live = event();
    live["environment"] = "live".into();
    let call = Call::post("/v1/events", &live).on(&world.account).once("k1");
    _ = world.simulation.call(call.clone()).expect(403);
    world.simulation.credential(&world.account);
    _ = world.simulation.call(call).expect(202);
}

#[test]
fn the_answer_is_stored_atomically_with_its_effect() {
    let mut world = World::new();
    let call = post_event(&world, "k1");
    // The request had no effect, so there is nothing to replay.
    world.simulation.faults.set(Rates { before: 1000, ..Rates::NONE });
    let failed = world.simulation.call(call.clone()).expect(503);
    assert_eq!(failed.header("retry-after"), "1");
    world.simulation.faults.set(Rates::NONE);
    assert!(world.simulation.list(&world.account, "/v1/events").is_empty());
    let accepted = world.simulation.call(call.clone()).expect(202);
    assert_eq!(accepted.header("idempotent-replayed"), "");
    world.simulation.run_until_quiet();
    // The request took effect, but the process died before it answered.
    let second = post_event(&world, "k2");
    let ticket = world.simulation.send(second.clone());
    let posted = |world: &World| world.simulation.disk.waiting() > 0;
    world.simulation.workers_rest = true;
    while !posted(&world) {
        world.simulation.step();
    }
    assert!(ticket.answer().is_none(), "it was answered before");
    world.simulation.crash(seconds(1));
    let replayed = world.simulation.call(second).expect(202);
    assert_eq!(replayed.header("idempotent-replayed"), "true");
    assert_eq!(world.simulation.list(&world.account, "/v1/events").len(), 2);
}

#[test]
fn a_key_is_1_to_255_visible_characters() {
    let mut world = World::new();
    let wide = "x".repeat(256);
    for wrong in ["", "with space", "\t", "naïve", &wide] {
        let call = Call::post("/v1/events", &event()).once(wrong);
        let refused = world.refused(call);
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("Idempotency-Key")), "{wrong}");
    }
    let widest = "x".repeat(255);
    let call = post_event(&world, &widest);
    _ = world.simulation.call(call).expect(202);
}

/// A backend whose messages are not sent as part of the commit: the repeat of a resend, which nothing
/// in the store tells of, sends the missing one.
#[test]
fn a_repeat_sends_messages_that_the_first_request_did_not() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 200);
    let event = world.simulation.call(post_event(&world, "k0")).expect(202).text("/id");
    world.simulation.run_until_quiet();
    world.simulation.faults.split_commits();
    let receiver = json!({ "webhook_id": world.webhook.id });
    let call = Call::post(&format!("/v1/events/{event}/resend"), &receiver);
    let call = call.on(&world.account).once("k1");
    _ = world.simulation.faults.take_calls();
    let ticket = world.simulation.send(call.clone());
    while !world.simulation.faults.take_calls().contains_key("store.commit") {
        world.simulation.step();
    }
    world.simulation.crash(seconds(1));
    assert!(ticket.answer().is_none());
    assert_eq!(world.simulation.disk.waiting(), 0);

    // The repeat is not answered before it is sent.
    world.simulation.workers_rest = true;
    let unsent = Rates { before: 1000, ..Rates::NONE };
    let ticket = world.simulation.send(call.clone());
    while !world.simulation.faults.take_calls().contains_key("store.get") {
        world.simulation.step();
    }
    world.simulation.faults.set(unsent);
    world.simulation.run_for(seconds(1));
    assert_eq!(ticket.answer().unwrap().status, 503);
    world.simulation.faults.set(Rates::NONE);
    for _ in 0..2 {
        let repeat = world.simulation.call(call.clone()).expect(202);
        assert_eq!(repeat.header("idempotent-replayed"), "true");
    }
    assert_eq!(world.simulation.disk.waiting(), 1);
    world.simulation.workers_rest = false;
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits().len(), 2);
}
