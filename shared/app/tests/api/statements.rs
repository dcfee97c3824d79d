//! Statements: what was meant for a webhook in a window of time, and the proof of it.

use domain::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use simulation::{Call, Simulation, days, hours, minutes, seconds};

use crate::world::{URL, World, event};

impl World {
    fn statement(&mut self, since: Timestamp, until: Timestamp) -> Value {
        let path =
            format!("/v1/webhooks/{}/statement?since={since}&until={until}", self.webhook.id);
        self.simulation.show(&self.account, &path)
    }

    fn post_now(&mut self, body: &Value) -> String {
        let call = Call::post("/v1/events", body).on(&self.account);
        self.simulation.call(call).expect(202).text("/id")
    }
}

/// Digest of these identifiers, as a receiver makes it.
fn digest(ids: &[&String]) -> Value {
    let mut ids = ids.to_vec();
    ids.sort();
    let lines: Vec<String> = ids.iter().map(|id| format!("{id}\n")).collect();
    json!(format!("sha256:{}", hex::encode(Sha256::digest(lines.concat()))))
}

fn numbers(statement: &Value) -> Vec<u64> {
    let names = ["events", "delivered", "pending", "retrying", "exhausted", "cancelled"];
    names.iter().map(|name| statement[name].as_u64().unwrap()).collect()
}

#[test]
fn a_statement_says_how_many_events_were_meant_for_the_webhook_and_what_became_of_them() {
    let mut world = World::new();
    let since = world.simulation.now();
    let delivered = [world.post_now(&event()), world.post_now(&event())];
    world.simulation.run_for(seconds(5));
    world.simulation.network.answers(URL, 500);
    let exhausted = world.post_now(&event());
    world.simulation.run_for(hours(30));
    let retrying = world.post_now(&event());
    world.simulation.run_for(seconds(5));
    let until = world.simulation.now();
    // Accepted at the end of the window, which is not in it.
    _ = world.post_now(&event());
    let statement = world.statement(since, until);
    assert_eq!(numbers(&statement), [4, 2, 0, 1, 1, 0], "{statement}");
    let all = [&delivered[0], &delivered[1], &exhausted, &retrying];
    assert_eq!(statement["digest"], digest(&all));
    let named = (&statement["object"], &statement["webhook_id"]);
    assert_eq!(named, (&json!("webhook_statement"), &json!(world.webhook.id)));
    assert_eq!((&statement["since"], &statement["until"]), (&json!(since), &json!(until)));
    let (account, webhook) = (world.account.clone(), &world.webhook);
    world.simulation.change_webhook(&account, webhook, &json!({ "status": "disabled" }));
    assert_eq!(numbers(&world.statement(since, until)), [4, 2, 0, 0, 1, 1]);
}

#[test]
fn a_statement_reads_so_many_events_and_no_more() {
    let mut world = World::of(Simulation::with(1, |settings| settings.statement_events = 4));
    let since = world.simulation.now();
    let mut cuts = vec![since];
    for _ in 0..2 {
        for _ in 0..2 {
            _ = world.post_now(&event());
        }
        world.simulation.run_for(hours(2));
        cuts.push(world.simulation.now());
    }
    let backdated = since.minus(hours(72));
    let mut event = event();
    event["created_at"] = json!(backdated);
    assert_eq!(numbers(&world.statement(since, cuts[2]))[0], 4);
    _ = world.post_now(&event);
    world.simulation.run_for(seconds(1));
    let until = world.simulation.now();
    let path = format!("/v1/webhooks/{}/statement?since={since}&until={until}", world.webhook.id);
    let refused = world.refused(Call::get(&path));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("since")));
    assert_eq!(numbers(&world.statement(cuts[0], cuts[1]))[0], 2);
    assert_eq!(numbers(&world.statement(cuts[1], until))[0], 3);
}

#[test]
fn neighbouring_windows_have_every_event_once() {
    let mut world = World::new();
    let since = world.simulation.now();
    let (mut ids, mut cuts) = (Vec::new(), vec![since]);
    for _ in 0..6 {
        ids.push(world.post_now(&event()));
        world.simulation.run_for(seconds(1));
        cuts.push(world.simulation.now());
        ids.push(world.post_now(&event()));
    }
    world.simulation.run_for(seconds(1));
    cuts.push(world.simulation.now());
    let parts: Vec<u64> = cuts
        .windows(2)
        .map(|pair| world.statement(pair[0], pair[1])["events"].as_u64().unwrap())
        .collect();
    assert_eq!(parts.iter().sum::<u64>(), 12, "{parts:?}");
    let whole = world.statement(since, *cuts.last().unwrap());
    assert_eq!(whole["digest"], digest(&ids.iter().collect::<Vec<_>>()));
}

#[test]
fn an_event_counts_by_its_acceptance_whenever_it_happened() {
    let mut world = World::new();
    let since = world.simulation.now();
    let mut ids = Vec::new();
    for before in [minutes(0), minutes(59), hours(2), days(300)] {
        let mut posted = event();
        posted["created_at"] = json!(world.simulation.now().minus(before));
        ids.push(world.post_now(&posted));
    }
    world.simulation.run_for(seconds(5));
    let until = world.simulation.now();
    let statement = world.statement(since, until);
    assert_eq!(numbers(&statement)[..2], [4, 4]);
    assert_eq!(statement["digest"], digest(&ids.iter().collect::<Vec<_>>()));
    let earlier = world.statement(since.minus(days(1)), since);
    assert_eq!(numbers(&earlier)[0], 0, "{earlier}");
    // One that is erased is still one that was meant for the webhook.
    let erase = Call::delete(&format!("/v1/events/{}", ids[3])).on(&world.account);
    _ = world.simulation.call(erase).expect(200);
    assert_eq!(world.statement(since, until), statement);
}

#[test]
fn an_empty_window_is_an_empty_statement() {
    let mut world = World::new();
    let now = world.simulation.now();
    let empty = json!("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for since in [now, now.minus(days(31))] {
        let statement = world.statement(since, now);
        assert_eq!(numbers(&statement), [0; 6]);
        assert_eq!(statement["digest"], empty);
    }
}

#[test]
fn a_window_has_bounds() {
    let mut world = World::new();
    let now = world.simulation.now();
    for (since, until, param) in [
        (now.minus(days(31)).minus(seconds(1)), now, "since"),
        (now, now.minus(seconds(1)), "until"),
        (now, now.plus(hours(1)), "until"),
    ] {
        let path =
            format!("/v1/webhooks/{}/statement?since={since}&until={until}", world.webhook.id);
        let refused = world.refused(Call::get(&path));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!(param)));
    }
    let path = format!("/v1/webhooks/{}/statement?per_page=1", world.webhook.id);
    assert_eq!(world.refused(Call::get(&path)).1, "unknown_field");
}

#[test]
fn a_statement_is_for_whoever_may_see_the_webhook() {
    let mut world = World::new();
    let path = format!("/v1/webhooks/{}/statement", world.webhook.id);
    let live = {
        let account = world.account.clone();
        world.simulation.credential(&account);
        world.simulation.create_key(&account, "secret", "live")
    };
    for call in [
        Call::get(&path).on(&world.account),
        Call::get(&path).bearer(&world.session),
        Call::get(&path).basic(&world.secret_key),
    ] {
        _ = world.simulation.call(call).expect(200);
    }
    let other = world.simulation.open_account();
    for call in [Call::get(&path).basic(&live), Call::get(&path).on(&other)] {
        assert_eq!(world.simulation.call(call).expect(404).text("/code"), "not_found");
    }
}
