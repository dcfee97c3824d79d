//! Statistics: the data of charts and overviews.

use serde_json::{Value, json};
use simulation::{Call, Reply, hours, minutes, seconds};

use crate::world::{URL, World, event};

/// Sums over all buckets.
fn sums(stats: &Value) -> [u64; 4] {
    let sum = |name: &str| {
        let buckets = stats["buckets"].as_array().unwrap().iter();
        buckets.map(|bucket| bucket[name].as_u64().unwrap()).sum()
    };
    [sum("attempts"), sum("succeeded"), sum("retrying"), sum("failed")]
}

#[test]
fn attempts_are_counted_by_time_and_outcome() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 503);
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(2).saturating_add(seconds(30)));
    world.simulation.network.answers(URL, 200);
    world.simulation.run_for(hours(1));
    let path = format!("/v1/delivery_stats?webhook_id={}&buckets=4", world.webhook.id);
    let stats = world.simulation.show(&world.account, &path);
    assert_eq!(stats["buckets"].as_array().unwrap().len(), 4);
    assert_eq!(sums(&stats), [4, 1, 3, 0]);
    assert_eq!(stats["waiting"], json!({ "count": 0, "sampled": false }));
    let last = &stats["buckets"][3];
    assert_eq!((&last["attempts"], &last["until"]), (&json!(4), &json!(world.simulation.now())));
    let all = world.simulation.show(&world.account, "/v1/delivery_stats?environment=test");
    assert_eq!(sums(&all), [4, 1, 3, 0]);
    let live = world.simulation.show(&world.account, "/v1/delivery_stats?environment=live");
    assert_eq!(sums(&live), [0; 4]);
}

#[test]
fn past_buckets_never_change_and_the_current_one_does() {
    let mut world = World::new();
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(30));
    let (since, until) = (world.simulation.now().minus(hours(1)), world.simulation.now());
    let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=1");
    for _ in 0..2 {
        let stats = world.simulation.show(&world.account, &path);
        assert_eq!(sums(&stats), [1, 1, 0, 0]);
        world.simulation.run_for(hours(1));
    }
    let mut now = "/v1/delivery_stats?buckets=1".to_owned();
    for expected in 2..4 {
        world.simulation.post_event(&world.account);
        world.simulation.run_for(seconds(1));
        let stats = world.simulation.show(&world.account, &now);
        assert_eq!(sums(&stats)[0], expected, "{now}");
        now = "/v1/delivery_stats".to_owned();
    }
}

#[test]
fn an_attempt_that_ends_after_its_bucket_is_counted_within_a_minute() {
    let mut world = World::new();
    world.simulation.network.on(URL, |_| Reply::status(200).after(seconds(10)));
    world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(2));
    let (since, until) = (world.simulation.now().minus(hours(1)), world.simulation.now());
    let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=1");
    world.simulation.run_for(seconds(1));
    assert_eq!(sums(&world.simulation.show(&world.account, &path)), [0; 4]);
    world.simulation.run_for(minutes(1));
    assert_eq!(sums(&world.simulation.show(&world.account, &path)), [1, 1, 0, 0]);
}

#[test]
fn waiting_retries_are_counted_per_webhook_and_in_total() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 503);
    for _ in 0..3 {
        world.simulation.post_event(&world.account);
    }
    world.simulation.run_for(seconds(5));
    let path = format!("/v1/delivery_stats?webhook_id={}", world.webhook.id);
    let all = "/v1/delivery_stats?environment=test";
    let waiting = json!({ "count": 3, "sampled": false });
    assert_eq!(world.simulation.show(&world.account, &path)["waiting"], waiting);
    assert_eq!(world.simulation.show(&world.account, all)["waiting"], waiting);
    let live = world.simulation.show(&world.account, "/v1/delivery_stats?environment=live");
    assert_eq!(live["waiting"], json!({ "count": 0, "sampled": false }));
    let webhook = world.webhook.clone();
    world.simulation.change_webhook(&world.account, &webhook, &json!({ "status": "disabled" }));
    let waiting = json!({ "count": 0, "sampled": false });
    assert_eq!(world.simulation.show(&world.account, &path)["waiting"], waiting);
    assert_eq!(world.simulation.show(&world.account, all)["waiting"], waiting);
}

#[test]
fn buckets_have_bounds_and_a_span_has_a_length() {
    let mut world = World::new();
    let now = world.simulation.now();
    for (query, param) in [
        ("buckets=0".to_owned(), "buckets"),
        ("buckets=97".to_owned(), "buckets"),
        (format!("since={now}&until={now}"), "until"),
        ("since=yesterday".to_owned(), "since"),
        ("webhook_id=evt_1".to_owned(), "webhook_id"),
    ] {
        let refused = world.refused(Call::get(&format!("/v1/delivery_stats?{query}")));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!(param)), "{query}");
    }
    let unknown = "/v1/delivery_stats?webhook_id=wh_01jgz2v6nv6e0w5dj3c5rqm8ta";
    assert_eq!(world.refused(Call::get(unknown)).0, 404);
}

#[test]
fn the_operator_sees_which_webhooks_fail_and_which_are_slow() {
    let mut world = World::new();
    let healthy = world.simulation.show(&world.account, "/v1/delivery_health");
    for list in ["failing", "most_failing", "slowest"] {
        assert_eq!(healthy[list], json!([]), "{list}");
    }
    world.simulation.network.on(URL, |_| Reply::status(500).after(seconds(2)));
    let began = world.simulation.now();
    world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(90));
    let health = world.simulation.show(&world.account, "/v1/delivery_health");
    let [failing, most, slow] = ["failing", "most_failing", "slowest"].map(|list| &health[list][0]);
    for one in [failing, most, slow] {
        assert_eq!(one["account_id"], *world.account);
        assert_eq!((&one["account_name"], &one["environment"]), (&json!("Ada"), &json!("test")));
        assert_eq!(
            (&one["webhook_id"], &one["webhook_url"]),
            (&json!(world.webhook.id), &json!(URL))
        );
    }
    assert!(failing["failing_since"].as_str() >= Some(&began.to_string()));
    assert_eq!((&slow["slowest_ms"], &slow["slow_attempts"]), (&json!(2000), &json!(2)));
    assert_eq!(most["failed_first_attempts"], 1);
    assert_eq!(failing["cause"], json!({ "response_status": 500, "error_code": "bad_status" }));
    assert_eq!((&failing["recent_attempts"], &failing["recent_failures"]), (&json!(2), &json!(2)));
    world.simulation.network.answers(URL, 200);
    world.simulation.run_for(minutes(2));
    let healed = world.simulation.show(&world.account, "/v1/delivery_health");
    assert_eq!((&healed["failing"], healed["slowest"].as_array().unwrap().len()), (&json!([]), 1));
}

/// Ranking of webhooks by failed first attempts, with their number.
fn most_failing(world: &mut World) -> Vec<(String, u64)> {
    let health = world.simulation.show(&world.account, "/v1/delivery_health");
    let listed = health["most_failing"].as_array().unwrap().iter();
    let counted = |one: &Value| one["failed_first_attempts"].as_u64().unwrap();
    listed.map(|one| (one["webhook_id"].as_str().unwrap().to_owned(), counted(one))).collect()
}

/// Posts an event that the receiver at `url` answers with `status`.
fn post(world: &mut World, account: &str, url: &str, status: u16) -> String {
    world.simulation.network.answers(url, status);
    let event = world.simulation.post_event(account);
    world.simulation.run_for(seconds(1));
    event
}

#[test]
fn the_operator_sees_which_webhooks_of_all_accounts_fail_the_most_first_attempts() {
    const ONCE: &str = "https://once.example/hooks";
    const HALF: &str = "https://half.example/hooks";
    let mut world = World::new();
    let ada = world.account.clone();
    let once = world.simulation.create_webhook(&ada, ONCE).id;
    let eve = world.simulation.open_account();
    let half = world.simulation.create_webhook(&eve, HALF).id;
    for status in [503, 200, 503, 200] {
        post(&mut world, &eve, HALF, status);
    }
    post(&mut world, &ada, ONCE, 500);
    let most = [(half.clone(), 2), (once.clone(), 1)];
    assert_eq!(most_failing(&mut world), most);
    let health = world.simulation.show(&ada, "/v1/delivery_health");
    let first = &health["most_failing"][0];
    let newest =
        world.simulation.list(&eve, "/v1/logs?kind=webhook_delivery&status=failed").remove(0);
    assert_eq!(
        (&first["account_id"], &first["webhook_url"], &first["last_at"]),
        (&json!(eve), &json!(HALF), &newest["created_at"])
    );
    let failing: Vec<_> =
        health["failing"].as_array().unwrap().iter().map(|one| &one["webhook_id"]).collect();
    assert_eq!(failing, [&json!(once)], "who fails half is on the other list only");

    world.simulation.network.answers(HALF, 503);
    world.simulation.network.answers(ONCE, 503);
    world.simulation.run_for(hours(1));
    assert_eq!(most_failing(&mut world), most, "retries were counted");

    for _ in 0..2 {
        post(&mut world, &ada, ONCE, 500);
    }
    assert_eq!(most_failing(&mut world), [(once, 3), (half, 2)]);
}

#[test]
fn the_slowest_of_the_newest_attempts_is_first_however_many_webhooks_were_slow_more_often() {
    const SLOWEST: &str = "https://slowest.example/hooks";
    let mut world = World::new();
    let account = world.account.clone();
    let quota = Call::patch(&format!("/v1/accounts/{account}"), &json!({ "webhook_quota": 60 }));
    _ = world.simulation.call(quota).expect(200);
    for number in 0..52 {
        let url = format!("https://slow-{number}.example/hooks");
        world.simulation.create_webhook(&account, &url);
        world.simulation.network.on(&url, |_| Reply::status(200).after(seconds(2)));
    }
    world.simulation.post_event(&account);
    world.simulation.run_for(seconds(20));
    let slowest = world.simulation.create_webhook(&account, SLOWEST).id;
    world.simulation.network.on(SLOWEST, |_| Reply::status(200).after(seconds(9)));
    world.simulation.post_event(&account);
    world.simulation.run_for(seconds(20));
    let health = world.simulation.show(&account, "/v1/delivery_health");
    let listed = health["slowest"].as_array().unwrap();
    assert_eq!((listed.len(), &listed[0]["webhook_id"]), (25, &json!(slowest)));
    assert_eq!((&listed[0]["slowest_ms"], &listed[0]["slow_attempts"]), (&json!(9000), &json!(1)));
}

#[test]
fn a_ranking_of_many_failures_stands_for_five_seconds() {
    let mut world = World::new();
    let (account, webhook) = (world.account.clone(), world.webhook.id.clone());
    world.simulation.network.answers(URL, 500);
    let post = |world: &mut World, count: u64| {
        (0..count).for_each(|_| _ = world.simulation.post_event(&account));
        world.simulation.run_for(seconds(1));
    };
    post(&mut world, 50);
    assert_eq!(most_failing(&mut world), [(webhook.clone(), 50)]);
    post(&mut world, 1);
    assert_eq!(most_failing(&mut world), [(webhook.clone(), 51)], "fifty are counted each time");
    post(&mut world, 1);
    assert_eq!(most_failing(&mut world), [(webhook.clone(), 51)]);
    world.simulation.run_for(seconds(5));
    assert_eq!(most_failing(&mut world), [(webhook, 52)]);
}

#[test]
fn manual_attempts_are_not_first_attempts() {
    let mut world = World::new();
    let (account, webhook) = (world.account.clone(), world.webhook.clone());
    let path = format!("/v1/webhooks/{}", webhook.id);
    let since = world.simulation.now();
    let change = |world: &mut World, status: &str| {
        world.simulation.change_webhook(&account, &webhook, &json!({ "status": status }));
    };
    change(&mut world, "disabled");
    world.simulation.post_event(&account);
    change(&mut world, "enabled");
    let event = post(&mut world, &account, URL, 200);
    world.simulation.network.answers(URL, 500);
    for (path, body) in [
        (format!("{path}/ping"), json!({})),
        (format!("{path}/recover"), json!({ "since": since })),
        (format!("/v1/events/{event}/resend"), json!({ "webhook_id": webhook.id })),
    ] {
        _ = world.simulation.call(Call::post(&path, &body).on(&account)).expect(202);
    }
    world.simulation.run_for(seconds(30));
    let rows = world.simulation.list(&account, "/v1/logs?kind=webhook_delivery");
    let failed = rows.iter().filter(|row| row["status"] == "failed");
    let mut triggers: Vec<_> = failed.map(|row| row["trigger"].as_str().unwrap()).collect();
    triggers.sort_unstable();
    assert_eq!(triggers, ["ping", "recover", "resend"]);
    assert_eq!(most_failing(&mut world), []);
}

#[test]
fn a_row_of_either_log_is_shown_by_itself_as_in_its_list() {
    let mut world = World::new();
    world.simulation.post_event(&world.account);
    world.simulation.run_until_quiet();
    _ = world.simulation.call(Call::get("/v1/webhooks").basic(&world.secret_key)).expect(200);
    for kind in ["webhook_delivery", "api_request"] {
        let rows = world.simulation.list(&world.account, &format!("/v1/logs?kind={kind}"));
        assert!(!rows.is_empty(), "{kind}");
        for row in rows {
            let path = format!("/v1/logs/{}", row["id"].as_str().unwrap());
            assert_eq!(world.simulation.show(&world.account, &path), row);
            let by_key = Call::get(&path).basic(&world.secret_key);
            assert_eq!(world.simulation.call(by_key).expect(200).json(), row);
        }
    }
    let live = world.simulation.list(&world.account, "/v1/logs?environment=live");
    assert!(live.is_empty());
    let unknown = Call::get("/v1/logs/log_01jgz2v6nv6e0w5dj3c5rqm8ta");
    assert_eq!(world.refused(unknown), (404, "not_found".to_owned(), Value::Null));
}

#[test]
fn a_row_of_the_other_environment_is_not_there_for_a_key() {
    let mut world = World::new();
    world.simulation.credential(&world.account);
    let live = json!({ "webhook_url": URL, "environment": "live" });
    _ = world.simulation.call(Call::post("/v1/webhooks", &live).on(&world.account)).expect(201);
    let mut live = event();
    live["environment"] = "live".into();
    _ = world.simulation.call(Call::post("/v1/events", &live).on(&world.account)).expect(202);
    world.simulation.run_until_quiet();
    let rows = world.simulation.list(&world.account, "/v1/logs?environment=live");
    let path = format!("/v1/logs/{}", rows[0]["id"].as_str().unwrap());
    let by_key = world.simulation.call(Call::get(&path).basic(&world.secret_key));
    assert_eq!(by_key.status, 404);
}

#[test]
fn the_retry_schedule_is_listed_by_offsets() {
    let mut world = World::new();
    let schedule = world.simulation.show(&world.account, "/v1/retry_schedule");
    let offsets = schedule["offsets_ms"].as_array().unwrap();
    assert_eq!((&schedule["schedule"], offsets.len()), (&json!("10x1m,24x1h"), 34));
    assert_eq!((&offsets[0], &offsets[33]), (&json!(60_000), &json!((10 + 24 * 60) * 60_000)));
}

#[test]
fn accounts_are_found_by_name_and_by_either_identifier() {
    let mut world = World::new();
    for (name, external_id) in [("Grace Hopper", "navy-1"), ("Alan", "bletchley-2")] {
        let body = json!({ "name": name, "external_id": external_id });
        _ = world.simulation.call(Call::post("/v1/accounts", &body)).expect(201);
    }
    let own = world.account.clone();
    for (search, names) in [
        ("hopper", vec!["Grace Hopper"]),
        ("BLETCHLEY", vec!["Alan"]),
        ("a", vec!["Alan", "Grace Hopper", "Ada"]),
        (own.as_str(), vec!["Ada"]),
        ("nobody", vec![]),
    ] {
        let path = format!("/v1/accounts?search={search}");
        let found = world.simulation.list(&own, &path);
        let found: Vec<&str> = found.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{search}");
        assert_eq!(world.simulation.show(&own, &path)["count"], Value::Null);
    }
}

#[test]
fn a_subject_has_the_same_history_by_itself_as_in_the_whole() {
    let mut world = World::new();
    let webhook = world.webhook.clone();
    for text in ["one", "two"] {
        world.simulation.run_for(minutes(1));
        world.simulation.change_webhook(&world.account, &webhook, &json!({ "description": text }));
    }
    let all = world.simulation.list(&world.account, "/v1/audit_events");
    let of_it: Vec<_> = all.into_iter().filter(|one| one["subject"] == *webhook.id).collect();
    assert_eq!(of_it.len(), 3);
    for per_page in [1, 2, 100] {
        let path = format!("/v1/audit_events?subject={}&per_page={per_page}", webhook.id);
        assert_eq!(world.simulation.list(&world.account, &path), of_it);
    }
    let other = world.simulation.open_account();
    let path = format!("/v1/audit_events?subject={}", webhook.id);
    assert!(world.simulation.list(&other, &path).is_empty());
}
