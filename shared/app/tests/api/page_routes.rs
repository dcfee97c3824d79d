//! Routes that only the dashboard calls: the frame of its pages, the overlap of a rotation, and the count
//! of what is undelivered.

use serde_json::{Value, json};
use simulation::{Call, minutes, seconds};

use crate::world::{URL, World, refused};

impl World {
    /// Answer to the session's request of a route beside the API.
    fn beside(&mut self, call: Call) -> Value {
        let session = self.session.clone();
        self.simulation.call(call.bearer(&session)).expect(200).json()
    }

    fn of_webhook(&self, rest: &str) -> String {
        format!("/page/webhooks/{}/{rest}", self.webhook.id)
    }

    fn secret(&mut self) -> String {
        let reveal = format!("/v1/webhooks/{}/reveal_secret", self.webhook.id);
        let call = Call::post(&reveal, &json!({})).on(&self.account);
        self.simulation.call(call).expect(200).text("/signing_secret")
    }

    fn rotate(&mut self, overlap: u32) {
        let rotate = format!("/v1/webhooks/{}/rotate_secret", self.webhook.id);
        let body = json!({ "overlap_seconds": overlap });
        let call = Call::post(&rotate, &body).on(&self.account);
        _ = self.simulation.call(call).expect(200);
    }
}

#[test]
fn the_frame_names_the_account_the_terms_and_what_fails() {
    let mut world = World::new();
    let frame = world.beside(Call::get("/page/frame?alarms=true"));
    assert_eq!(frame["account"]["id"], json!(world.account));
    assert_eq!(frame["terms"]["capabilities"].as_array().unwrap().len(), 6);
    assert_eq!(frame["failing"], json!([]));
    world.simulation.network.answers(URL, 500);
    world.simulation.post_event(&world.account.clone());
    world.simulation.run_for(minutes(3));
    let failing = world.beside(Call::get("/page/frame?alarms=true"))["failing"].clone();
    assert_eq!(failing[0]["webhook_url"], URL);
    assert_eq!(world.beside(Call::get("/page/frame?alarms=false"))["failing"], json!([]));

    let terms = json!({ "capabilities": ["keys:read"] });
    let open = Call::post("/v1/portal_sessions", &terms).on(&world.account);
    world.session = world.simulation.call(open).expect(201).text("/token");
    assert_eq!(world.beside(Call::get("/page/frame?alarms=true"))["failing"], json!([]));
    let key = Call::get("/page/frame?alarms=true").bearer(&world.secret_key);
    assert_eq!(refused(&mut world.simulation, key).0, 403);
}

#[test]
fn an_overlap_is_finished_or_undone() {
    let mut world = World::new();
    let (finish, undo) = (world.of_webhook("overlap/finish"), world.of_webhook("overlap/undo"));
    let overlap = world.of_webhook("overlap");
    let first = world.secret();
    assert_eq!(world.beside(Call::get(&overlap)), json!({ "earlier": [] }));
    let session = world.session.clone();
    let none = Call::post(&undo, &json!({})).bearer(&session);
    assert_eq!(refused(&mut world.simulation, none).1, "conflict");

    world.rotate(3600);
    let second = world.secret();
    let ends = world.beside(Call::get(&overlap))["earlier"].as_array().unwrap().len();
    assert_eq!(ends, 1);
    let undone = world.beside(Call::post(&undo, &json!({})));
    assert_eq!(undone, json!({ "earlier": [] }));
    assert_eq!(world.secret(), first);

    world.rotate(3600);
    let third = world.secret();
    assert!(third != first && third != second);
    _ = world.beside(Call::post(&finish, &json!({})));
    assert_eq!(world.secret(), third);
    // Once more changes nothing.
    assert_eq!(world.beside(Call::post(&finish, &json!({}))), json!({ "earlier": [] }));
    let path = "/v1/audit_events?type=webhook.overlap_ended";
    let history = world.simulation.show(&world.account.clone(), path);
    assert_eq!(history["data"].as_array().unwrap().len(), 1);
    // What was let go is destroyed in its time, and what signs stays.
    world.simulation.run_for(simulation::hours(24 * 10));
    assert_eq!(world.secret(), third);
}

#[test]
fn what_is_undelivered_is_counted_by_its_status() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 503);
    let account = world.account.clone();
    for _ in 0..3 {
        world.simulation.post_event(&account);
    }
    world.simulation.run_for(seconds(5));
    let path = world.of_webhook("undelivered?most=100");
    let counted = |retrying, pending, are_more| json!({ "pending": pending, "retrying": retrying, "exhausted": 0, "cancelled": 0, "are_more": are_more });
    assert_eq!(world.beside(Call::get(&path)), counted(3, 0, false));
    let two = world.of_webhook("undelivered?most=2");
    assert_eq!(world.beside(Call::get(&two)), counted(2, 0, true));
    let past = world.of_webhook("undelivered?most=100&until=2001-01-01T00:00:00Z");
    assert_eq!(world.beside(Call::get(&past)), counted(0, 0, false));
    let recover = format!("/v1/webhooks/{}/recover", world.webhook.id);
    let all = json!({ "since": "2000-01-01T00:00:00Z", "include": ["retrying"] });
    _ = world.simulation.call(Call::post(&recover, &all).on(&account)).expect(202);
    assert_eq!(world.beside(Call::get(&path)), counted(0, 3, false));
    world.simulation.network.answers(URL, 200);
    world.simulation.run_for(seconds(5));
    assert_eq!(world.beside(Call::get(&path)), counted(0, 0, false));
}

#[test]
fn what_is_shown_of_a_spread_list_is_of_all_its_parts() {
    let mut world = World::new();
    world.simulation.faults.split_commits();
    world.simulation.network.answers(URL, 503);
    let account = world.account.clone();
    for _ in 0..12 {
        world.simulation.post_event(&account);
        world.simulation.run_for(seconds(1));
    }
    let path = world.of_webhook("undelivered?most=100");
    assert_eq!(world.beside(Call::get(&path))["retrying"], json!(12));
    let sample = world.of_webhook("sample?type=report.completed");
    let newest = world.simulation.list(&account, "/v1/events")[0]["id"].clone();
    assert_eq!(world.beside(Call::get(&sample))["from"]["event"]["id"], newest);
    let attempt = world.simulation.list(&account, "/v1/logs")[0]["created_at"].clone();
    let path = format!("/page/accounts?ids={account}");
    let overview = world.simulation.call(Call::get(&path)).expect(200).json();
    assert_eq!(overview[0]["last_active_at"], attempt);
}
