//! Log rows in the order of writing (`written_since`), for clients that follow the log.

use std::{collections::BTreeSet, time::Duration};

use domain::Timestamp;
use serde_json::{Value, json};
use simulation::{Call, Reply, Simulation, seconds};

use crate::world::{World, event};

const FAST: &str = "https://fast.example/";
const SLOW: &str = "https://slow.example/";

/// Client that polls the log, with the rows that it has seen.
struct Follower {
    list: String,
    seen: BTreeSet<String>,
    twice: Vec<String>,
}

impl Follower {
    fn of(list: &str) -> Self {
        Self { list: list.to_owned(), seen: BTreeSet::new(), twice: vec![] }
    }

    /// Reads rows written since `since`, in small pages; returns the times of new ones.
    fn look(&mut self, simulation: &mut Simulation, account: &str, since: Timestamp) -> usize {
        let glue = if self.list.contains('?') { '&' } else { '?' };
        let path = format!("{}{glue}written_since={since}&per_page=3", self.list);
        let rows = simulation.list(account, &path);
        let ids: Vec<String> = rows.iter().map(|row| row["id"].to_string()).collect();
        let distinct: BTreeSet<String> = ids.iter().cloned().collect();
        if distinct.len() < ids.len() {
            self.twice.push(format!("{ids:?}"));
        }
        let before = self.seen.len();
        self.seen.extend(distinct);
        self.seen.len() - before
    }
}

/// Account whose first webhook answers at once and whose second takes 15 seconds, then 400 ms.
fn slow_and_fast() -> (Simulation, String) {
    let mut simulation = Simulation::new(3);
    let account = simulation.open_account();
    for url in [FAST, SLOW] {
        simulation.create_webhook(&account, url);
    }
    simulation.network.answers(FAST, 200);
    simulation.network.on(SLOW, |hit| {
        let odd = hit.at.as_seconds() % 2 == 1;
        Reply::status(200).after(if odd { Duration::from_millis(400) } else { seconds(15) })
    });
    (simulation, account)
}

#[test]
fn every_attempt_is_listed_once_by_when_it_was_written() {
    let (mut simulation, account) = slow_and_fast();
    let all = "/v1/logs".to_owned();
    let failed = simulation
        .list(&account, "/v1/webhooks")
        .into_iter()
        .map(|hook| format!("/v1/logs?webhook_id={}", hook["id"].as_str().unwrap()));
    let lists: Vec<String> = [all, "/v1/logs?environment=test&status=succeeded".to_owned()]
        .into_iter()
        .chain(failed)
        .collect();
    let mut followers: Vec<Follower> = lists.iter().map(|list| Follower::of(list)).collect();
    let mut last_look = simulation.now();
    for _ in 0..40 {
        let _ = simulation.call(Call::post("/v1/events", &event()).on(&account)).expect(202);
        simulation.run_for(seconds(1));
        let now = simulation.now();
        for follower in &mut followers {
            // Rows of the second since the last poll, not of the 15 seconds before.
            let new = follower.look(&mut simulation, &account, last_look);
            assert!(new <= 6, "{new} new rows of {}", follower.list);
        }
        last_look = now;
    }
    simulation.run_until_quiet();
    for follower in &mut followers {
        follower.look(&mut simulation, &account, last_look);
        let rows = simulation.list(&account, &follower.list);
        let rows: BTreeSet<String> = rows.iter().map(|row| row["id"].to_string()).collect();
        assert_eq!(follower.seen, rows, "{}", follower.list);
        assert_eq!(follower.twice, Vec::<String>::new());
    }
    assert_eq!(followers[0].seen.len(), 80);
}

#[test]
fn rows_keep_their_times_and_their_place_in_every_other_list() {
    let (mut simulation, account) = slow_and_fast();
    for _ in 0..4 {
        let _ = simulation.call(Call::post("/v1/events", &event()).on(&account)).expect(202);
        simulation.run_for(seconds(3));
    }
    simulation.run_until_quiet();
    let rows = simulation.list(&account, "/v1/logs");
    let at = |row: &Value| row["created_at"].as_str().unwrap().to_owned();
    assert!(rows.is_sorted_by(|a, b| at(a) >= at(b)), "newest first");
    assert!(rows.iter().any(|row| row["duration_ms"] == 15_000));
    let written = simulation.list(&account, "/v1/logs?written_since=1970-01-01T00:00:00Z");
    assert_eq!(written.len(), rows.len());
    let ended = |row: &Value| {
        let began: Timestamp = at(row).parse().unwrap();
        began.plus(Duration::from_millis(row["duration_ms"].as_u64().unwrap()))
    };
    // A row that took less than a second may be listed by its start.
    let is_after = |a: &Value, b: &Value| ended(a).plus(seconds(1)) >= ended(b);
    assert!(written.is_sorted_by(is_after), "{written:?}");
    let until = at(&rows[3]);
    let both = format!("/v1/logs?written_since=1970-01-01T00:00:00Z&until={until}");
    let before = rows.iter().filter(|row| at(row) <= until).count();
    assert_eq!(simulation.list(&account, &both).len(), before);
}

#[test]
fn requests_that_are_reported_late_are_listed_when_they_are_written() {
    let mut world = World::new();
    let mut follower = Follower::of("/v1/logs?kind=api_request");
    let began = world.simulation.now();
    for index in 0..20 {
        world.simulation.run_for(seconds(60));
        let last_look = world.simulation.now();
        let at = [began, last_look, last_look.plus(seconds(120))][index % 3];
        let row = json!({ "environment": "test", "method": "GET", "path": "/", "status": 200,
            "created_at": at });
        let report = json!({ "request_logs": [row] });
        let call = Call::post("/v1/request_logs", &report).on(&world.account);
        let _ = world.simulation.call(call).expect(202);
        assert_eq!(follower.look(&mut world.simulation, &world.account, last_look), 1);
    }
    assert_eq!(follower.twice, Vec::<String>::new());
}
