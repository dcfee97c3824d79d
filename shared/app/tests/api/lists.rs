//! Lists: order, pages and filters.

use std::collections::BTreeSet;

use domain::answers::{LARGEST_ANSWER, length_in_json};
use serde_json::{Value, json};
use simulation::{Call, days, minutes, seconds};

use crate::world::{URL, World, event};

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn both_environments_are_one_list_in_order() {
    let mut world = World::new();
    world.simulation.credential(&world.account);
    let mut posted = Vec::new();
    for number in 0..23 {
        let mut event = event();
        event["environment"] = ["test", "live", "live"][number % 3].into();
        let accepted = world.simulation.call(Call::post("/v1/events", &event).on(&world.account));
        posted.push(accepted.expect(202).text("/id"));
        // Several rows have the same millisecond.
        world.simulation.run_for(seconds(u64::from(number % 4 == 0)));
    }
    posted.reverse();
    for per_page in [1, 4, 7, 22, 23, 24, 100] {
        let listed =
            world.simulation.list(&world.account, &format!("/v1/events?per_page={per_page}"));
        assert_eq!(ids(&listed), posted, "{per_page} on a page");
    }
    let live = world.simulation.list(&world.account, "/v1/events?environment=live&per_page=3");
    assert!(live.iter().all(|event| event["environment"] == "live"));
    assert_eq!(live.len(), 15);
}

#[test]
fn a_page_of_large_rows_fits_into_an_answer_of_lambda() {
    let mut world = World::new();
    let mut large = event();
    large["data"]["object"]["pages"] = "\"".repeat(100_000).into();
    let mut posted = Vec::new();
    for _ in 0..20 {
        let accepted = world.simulation.call(Call::post("/v1/events", &large).on(&world.account));
        posted.push(accepted.expect(202).text("/id"));
    }
    world.simulation.run_until_quiet();
    posted.sort();
    for (path, field) in [("/v1/events", "/id"), ("/v1/logs", "/event_id")] {
        let first =
            world.simulation.call(Call::get(&format!("{path}?per_page=100")).on(&world.account));
        assert!(length_in_json(&first.expect(200).body) < LARGEST_ANSWER, "{path}");
        let all = world.simulation.list(&world.account, &format!("{path}?per_page=100"));
        let mut of: Vec<_> =
            all.iter().map(|row| row.pointer(field).unwrap().as_str().unwrap()).collect();
        // Attempts are made in another order.
        of.sort_unstable();
        assert_eq!(of, posted, "{path}");
    }
}

#[test]
fn a_page_of_large_schemas_fits_into_an_answer_of_lambda() {
    let mut world = World::new();
    let schema = json!({ "type": "object", "description": "\"".repeat(100_000) });
    let mut names: Vec<String> = (0..20).map(|number| format!("report.large_{number}")).collect();
    for name in &names {
        let put = Call::put(&format!("/v1/event_types/{name}"), &json!({ "schema": schema }));
        _ = world.simulation.call(put).expect(200);
    }
    names.sort();
    names.reverse();
    let first = world.simulation.call(Call::get("/v1/event_types?per_page=100")).expect(200);
    assert!(length_in_json(&first.body) < LARGEST_ANSWER);
    assert!(first.json()["data"].as_array().unwrap().len() < names.len());
    let all = world.simulation.list(&world.account, "/v1/event_types?per_page=100");
    assert!(all.iter().map(|registered| &registered["name"]).eq(&names));
}

/// An HTTP API takes a request line and header values of 10,240 bytes in all, of which two thousand are left to
/// the client's headers here.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
#[test]
fn the_longest_link_to_a_next_page_fits_into_a_request_of_an_http_api() {
    const MOST: usize = 10_240 - 2_048;
    let mut world = World::new();
    // Twelve characters each in a link.
    let long = "\u{1f4ee}".repeat(255);
    let mut large = event();
    large["data"]["object"]["id"] = long.clone().into();
    for _ in 0..2 {
        _ = world.simulation.call(Call::post("/v1/events", &large).on(&world.account)).expect(202);
        let account = Call::post("/v1/accounts", &json!({ "name": long }));
        _ = world.simulation.call(account).expect(201);
    }
    world.simulation.run_until_quiet();
    let filters = [
        ("event_type", "report.completed"),
        ("environment", "test"),
        ("status", "succeeded"),
        ("since", "2020-01-01T00:00:00.000Z"),
        ("until", "2120-01-01T00:00:00.000Z"),
        ("object_id", &long),
    ];
    let logs = form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish();
    let search =
        form_urlencoded::Serializer::new(String::new()).append_pair("search", &long).finish();
    let rows = Call::get(&format!("/v1/logs?{logs}&per_page=1")).on(&world.account);
    let accounts = Call::get(&format!("/v1/accounts?{search}&per_page=1"));
    for call in [rows, accounts] {
        let next = world.simulation.call(call).expect(200).text("/next_href");
        assert!((3_000..MOST).contains(&next.len()), "{next}");
    }
}

#[test]
fn a_key_lists_its_own_environment_only() {
    let mut world = World::new();
    world.simulation.credential(&world.account);
    let mut live = event();
    live["environment"] = "live".into();
    _ = world.simulation.call(Call::post("/v1/events", &live).on(&world.account)).expect(202);
    let test = world.simulation.post_event(&world.account);
    let by_key = Call::get("/v1/events").basic(&world.secret_key);
    let listed = world.simulation.call(by_key).expect(200).json();
    assert_eq!(ids(listed["data"].as_array().unwrap()), [test]);
}

#[test]
fn lists_have_counts_where_they_are_cheap() {
    let mut world = World::new();
    world.simulation.post_event(&world.account);
    world.simulation.run_until_quiet();
    for (path, count) in [
        ("/v1/accounts", json!(1)),
        ("/v1/webhooks", json!(1)),
        ("/v1/webhooks?environment=live", json!(0)),
        ("/v1/api_keys", json!(2)),
        ("/v1/api_keys?environment=live", json!(0)),
        ("/v1/events", Value::Null),
        ("/v1/logs", Value::Null),
        ("/v1/audit_events", Value::Null),
    ] {
        let list = world.simulation.show(&world.account, path);
        assert_eq!((&list["object"], &list["count"]), (&json!("list"), &count), "{path}");
        assert_eq!(list["previous_href"], Value::Null);
    }
}

#[test]
fn expired_keys_are_listed_only_when_asked_for() {
    let mut world = World::new();
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let first = ids(&keys)[0].clone();
    let expire = Call::post(&format!("/v1/api_keys/{first}/expire"), &json!({})).on(&world.account);
    _ = world.simulation.call(expire).expect(200);
    let active = world.simulation.show(&world.account, "/v1/api_keys");
    assert_eq!((active["data"].as_array().unwrap().len(), &active["count"]), (1, &json!(1)));
    let all = world.simulation.show(&world.account, "/v1/api_keys?include_expired=true");
    assert_eq!((ids(all["data"].as_array().unwrap()), &all["count"]), (ids(&keys), &json!(2)));
}

/// World with attempts to two webhooks, of events of two types, failed and succeeded.
fn with_logs() -> World {
    let mut world = World::new();
    world.simulation.create_webhook(&world.account, "https://ada.example/more");
    world.simulation.network.answers("https://ada.example/more", 500);
    for event_type in ["report.completed", "report.created"] {
        let mut event = event();
        event["type"] = event_type.into();
        _ = world.simulation.call(Call::post("/v1/events", &event).on(&world.account)).expect(202);
        world.simulation.run_for(seconds(90));
    }
    world
}

#[test]
fn the_delivery_log_is_filtered_by_each_of_its_filters() {
    let mut world = with_logs();
    let all = world.simulation.list(&world.account, "/v1/logs");
    assert_eq!(all.len(), 8, "2 to one, 4 and 2 to the other");
    let event = all[0]["event_id"].as_str().unwrap().to_owned();
    let webhook = world.webhook.id.clone();
    let at = all[3]["created_at"].as_str().unwrap().to_owned();
    for filter in [
        "status=failed".to_owned(),
        "status=succeeded".to_owned(),
        "status=500".to_owned(),
        "status=200".to_owned(),
        format!("webhook_id={webhook}"),
        format!("webhook_id={webhook}&status=succeeded"),
        format!("event_id={event}"),
        format!("event_id={event}&status=failed"),
        "event_type=report.created".to_owned(),
        "event_type=report.created&status=failed".to_owned(),
        "environment=test".to_owned(),
        format!("since={at}"),
        format!("until={at}"),
        format!("since={at}&until={at}"),
    ] {
        let kept: Vec<_> = all.iter().filter(|row| passes(row, &filter)).cloned().collect();
        assert!(!kept.is_empty() && (kept.len() < 8 || filter.contains("environment")), "{filter}");
        for per_page in [1, 2, 100] {
            let path = format!("/v1/logs?{filter}&per_page={per_page}");
            assert_eq!(world.simulation.list(&world.account, &path), kept, "{path}");
        }
    }
    for nothing in ["environment=live", "status=404", "event_type=report.deleted"] {
        let path = format!("/v1/logs?{nothing}");
        assert!(world.simulation.list(&world.account, &path).is_empty(), "{nothing}");
    }
}

/// Returns whether a row matches every filter of a query, as the contract words them.
fn passes(row: &Value, query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).all(|(name, value)| match name.as_ref() {
        "status" if value.parse::<u16>().is_ok() => row["response_status"].to_string() == value,
        "since" => row["created_at"].as_str() >= Some(value.as_ref()),
        "until" => row["created_at"].as_str() <= Some(value.as_ref()),
        name => row[name] == value.as_ref(),
    })
}

#[test]
fn a_filter_of_the_other_log_is_refused() {
    let mut world = World::new();
    let key = "key_01jgz2v6nv6e0w5dj3c5rqm8ta";
    for (query, param) in [
        ("kind=api_request&event_type=report.created".to_owned(), "event_type"),
        (format!("kind=webhook_delivery&api_key_id={key}"), "api_key_id"),
        ("kind=both".to_owned(), "kind"),
        ("status=wonderful".to_owned(), "status"),
        ("status=99".to_owned(), "status"),
        ("webhook_id=evt_01jgz2v6nv6e0w5dj3c5rqm8ta".to_owned(), "webhook_id"),
        ("since=yesterday".to_owned(), "since"),
    ] {
        let refused = world.refused(Call::get(&format!("/v1/logs?{query}")));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!(param)), "{query}");
    }
}

#[test]
fn every_request_with_a_key_is_in_the_api_log() {
    let mut world = World::new();
    for (path, status) in [("/v1/webhooks", 200), ("/v1/api_keys", 403), ("/v1/logs?x=1", 400)] {
        let call = Call::get(path).basic(&world.secret_key).header("user-agent", "curl/8");
        _ = world.simulation.call(call).expect(status);
        world.simulation.run_for(seconds(1));
    }
    let rows = world.simulation.list(&world.account, "/v1/logs?kind=api_request");
    let told: Vec<_> =
        rows.iter().map(|row| (row["path"].clone(), row["status"].clone())).collect();
    let expected = [("/v1/logs", 400), ("/v1/api_keys", 403), ("/v1/webhooks", 200)];
    assert_eq!(told, expected.map(|(path, status)| (json!(path), json!(status))));
    assert!(rows.iter().all(|row| row["user_agent"] == "curl/8" && row["method"] == "GET"));
    let failed = world.simulation.list(&world.account, "/v1/logs?kind=api_request&status=failed");
    assert!(failed.iter().any(|row| row["error_code"] == "permission_denied"));
    assert!(!failed.iter().any(|row| row["status"] == 200));
}

#[test]
fn the_audit_log_is_filtered_by_each_of_its_filters() {
    let mut world = World::new();
    world.simulation.run_for(days(1));
    let since = world.simulation.now().to_string();
    world.simulation.change_webhook(&world.account, &world.webhook, &json!({ "description": "x" }));
    world.simulation.run_for(minutes(1));
    let session = world.simulation.open_session(&world.account);
    let rotate = format!("/v1/webhooks/{}/rotate_secret", world.webhook.id);
    _ = world.simulation.call(Call::post(&rotate, &json!({})).bearer(&session)).expect(200);
    let types = |rows: Vec<Value>| -> Vec<String> {
        rows.iter().map(|row| row["type"].as_str().unwrap().to_owned()).collect()
    };
    let list = |world: &mut World, query: &str| {
        let path = format!("/v1/audit_events?{query}");
        types(world.simulation.list(&world.account, &path))
    };
    let webhook = format!("subject={}", world.webhook.id);
    assert_eq!(
        list(&mut world, &format!("{webhook}&per_page=2")),
        ["webhook.secret_rotated", "webhook.updated", "webhook.created"]
    );
    assert_eq!(list(&mut world, "type=webhook.updated"), ["webhook.updated"]);
    assert_eq!(list(&mut world, &format!("since={since}&{webhook}")).len(), 2);
    assert_eq!(list(&mut world, &format!("until={since}&{webhook}")).len(), 2);
    let path = "/v1/audit_events?type=webhook.secret_rotated";
    let rotated = world.simulation.list(&world.account, path);
    assert_eq!(rotated[0]["actor"]["type"], "portal_session");
    assert!(rotated[0]["actor"]["id"].as_str().unwrap().starts_with("ps_"));
    let all: BTreeSet<_> = list(&mut world, "").into_iter().collect();
    assert!(all.contains("account.opened") && all.contains("api_key.created"), "{all:?}");
    assert_eq!(world.webhook.url, URL);
}
