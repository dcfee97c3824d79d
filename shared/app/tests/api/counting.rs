//! Counts of attempts: each is counted once, whatever happens around it.

use domain::{Rate, Timestamp};
use serde_json::{Value, json};
use simulation::{Call, Reply, Simulation, days, hours, minutes, seconds};

use crate::world::{URL, World};

/// Path of the statistics of a period in one bucket.
fn stats_path(since: Timestamp, until: Timestamp) -> String {
    format!("/v1/delivery_stats?since={since}&until={until}&buckets=1")
}

/// Attempts, successes, retried and final failures of the first bucket.
fn counted(world: &mut World, path: &str) -> [u64; 4] {
    let stats = world.simulation.show(&world.account, path);
    ["attempts", "succeeded", "retrying", "failed"]
        .map(|name| stats["buckets"][0][name].as_u64().unwrap())
}

/// Numbers of attempts, in the order of `counted`, taken from the `rows` of the log.
fn logged(rows: &[Value], since: Timestamp, until: Timestamp) -> [u64; 4] {
    let at = |row: &Value| row["created_at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let within: Vec<&Value> =
        rows.iter().filter(|row| at(row) >= since && at(row) < until).collect();
    let count =
        |keep: &dyn Fn(&Value) -> bool| within.iter().filter(|row| keep(row)).count() as u64;
    let failed = |row: &Value| row["status"] == "failed";
    [
        within.len() as u64,
        count(&|row| !failed(row)),
        count(&|row| failed(row) && !row["next_attempt_at"].is_null()),
        count(&|row| failed(row) && row["next_attempt_at"].is_null()),
    ]
}

#[test]
fn every_period_of_a_run_with_retries_has_as_many_attempts_as_the_log() {
    let mut world = World::new();
    let began = world.simulation.now();
    world
        .simulation
        .network
        .on(URL, |hit| Reply::status(if hit.at.as_seconds() % 5 == 0 { 200 } else { 503 }));
    for pause in [1, 7, 61, 300, 3600] {
        for _ in 0..5 {
            world.simulation.post_event(&world.account);
            world.simulation.run_for(seconds(pause));
        }
    }
    world.simulation.run_for(hours(26));
    let ended = world.simulation.now();
    let rows = world.simulation.list(&world.account, "/v1/logs?per_page=100");
    let whole = logged(&rows, began, ended);
    assert!(whole[0] > 200 && whole.iter().all(|count| *count > 0), "{whole:?}");
    assert_eq!(counted(&mut world, &stats_path(began, ended)), whole);
    let odd = seconds(1237).saturating_add(std::time::Duration::from_millis(331));
    for part in 0..40 {
        let since = began.plus(odd * part);
        for until in [since.plus(odd), since.plus(seconds(17)), since.plus(hours(9))] {
            let path = stats_path(since, until);
            assert_eq!(counted(&mut world, &path), logged(&rows, since, until), "{path}");
        }
    }
}

#[test]
fn buckets_part_a_period_without_a_gap() {
    let mut world = World::new();
    let began = world.simulation.now();
    for _ in 0..50 {
        world.simulation.post_event(&world.account);
        world.simulation.run_for(std::time::Duration::from_millis(3_331));
    }
    let ended = world.simulation.now();
    for buckets in [1, 3, 7, 96] {
        let path = format!("/v1/delivery_stats?since={began}&until={ended}&buckets={buckets}");
        let stats = world.simulation.show(&world.account, &path);
        let all = stats["buckets"].as_array().unwrap();
        let sum: u64 = all.iter().map(|bucket| bucket["attempts"].as_u64().unwrap()).sum();
        assert_eq!((all.len(), sum), (buckets, 50));
        assert!(all.windows(2).all(|pair| pair[0]["until"] == pair[1]["since"]), "{all:?}");
    }
}

#[test]
fn a_bucket_has_what_began_at_its_start_and_not_what_began_at_its_end() {
    let mut world = World::new();
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(5));
    let row = world.simulation.list(&world.account, "/v1/logs").remove(0);
    let at: Timestamp = row["created_at"].as_str().unwrap().parse().unwrap();
    let later = |by: u64| at.plus(std::time::Duration::from_millis(by));
    let earlier = at.minus(std::time::Duration::from_millis(1));
    for (since, until, attempts) in
        [(at, later(1), 1), (earlier, at, 0), (later(1), later(2), 0), (earlier, later(1), 1)]
    {
        let counted = counted(&mut world, &stats_path(since, until));
        assert_eq!(counted[0], attempts, "{since} to {until}");
    }
}

#[test]
fn attempts_whose_rows_are_not_kept_are_counted() {
    let mut world =
        World::of(Simulation::with(1, |settings| settings.limits.log_bytes = Rate::per_day(4_000)));
    let began = world.simulation.now();
    for _ in 0..20 {
        world.simulation.post_event(&world.account);
    }
    world.simulation.run_for(hours(1));
    let rows = world.simulation.list(&world.account, "/v1/logs").len();
    assert!(rows < 20, "{rows} rows");
    let now = world.simulation.now();
    assert_eq!(counted(&mut world, &stats_path(began, now))[0], 20);
}

#[test]
fn an_edge_in_a_minute_of_very_many_attempts_is_moved_to_its_start() {
    let mut world = World::new();
    world.simulation.run_for(seconds(1));
    let began = world.simulation.now();
    for _ in 0..1_001 {
        world.simulation.post_event(&world.account);
    }
    world.simulation.run_for(minutes(3));
    let path = stats_path(began.plus(seconds(5)), began.plus(minutes(2)));
    let stats = world.simulation.show(&world.account, &path);
    let bucket = &stats["buckets"][0];
    let minute = began.as_millis() / 60_000 * 60_000;
    let since = Timestamp::from_millis(minute).to_string();
    assert_eq!((&bucket["since"], &bucket["attempts"]), (&json!(since), &json!(1_001)));
}

#[test]
fn attempts_are_counted_by_webhook_and_the_counts_end_with_the_log() {
    let mut world = World::new();
    let other = world.simulation.create_webhook(&world.account.clone(), "https://bob.example/");
    world.simulation.network.answers("https://bob.example/", 200);
    for _ in 0..3 {
        world.simulation.post_event(&world.account);
    }
    _ = world
        .simulation
        .call(Call::delete(&format!("/v1/webhooks/{}", other.id)).on(&world.account));
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(1));
    let path = format!("/v1/delivery_stats?webhook_id={}&buckets=1", world.webhook.id);
    assert_eq!(counted(&mut world, &path)[0], 4);
    assert_eq!(counted(&mut world, "/v1/delivery_stats?buckets=1")[0], 4);
    let (since, ended) = (world.simulation.now().minus(hours(1)), world.simulation.now());
    world.simulation.run_for(days(29));
    assert_eq!(counted(&mut world, &stats_path(since, ended))[0], 4);
    world.simulation.run_for(days(2));
    assert_eq!(counted(&mut world, &stats_path(since, ended))[0], 0);
}

#[test]
fn a_failing_webhook_tells_since_when_and_why_and_until_when() {
    let mut world = World::new();
    let began = world.simulation.now();
    world.simulation.network.answers(URL, 401);
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(2).saturating_add(seconds(30)));
    let failing = |world: &mut World| {
        let path = format!("/v1/delivery_stats?webhook_id={}", world.webhook.id);
        world.simulation.show(&world.account, &path)["failing"].clone()
    };
    let told = failing(&mut world);
    let since: Timestamp = told[0]["failing_since"].as_str().unwrap().parse().unwrap();
    assert!(since >= began && since < began.plus(seconds(5)), "{since}");
    assert_eq!(
        told,
        json!([{
            "webhook_id": world.webhook.id,
            "failing_since": since,
            "disables_at": since.plus(days(60)),
            "recent_attempts": 3,
            "recent_failures": 3,
            "cause": { "response_status": 401, "error_code": "bad_status" },
        }])
    );
    world.simulation.network.on(URL, |_| Reply::nothing());
    world.simulation.run_for(hours(2));
    let cause = &failing(&mut world)[0]["cause"];
    assert_eq!(cause["response_status"], Value::Null);
    assert_ne!(cause["error_code"], "bad_status");
    let disabled = json!({ "status": "disabled" });
    let webhook = world.webhook.clone();
    world.simulation.change_webhook(&world.account, &webhook, &disabled);
    assert_eq!(failing(&mut world), json!([]));
    let health = world.simulation.show(&world.account, "/v1/delivery_health");
    assert_eq!(health["failing"], json!([]));
}
