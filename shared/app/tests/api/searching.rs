//! Searches in the logs and among events.

use serde_json::{Value, json};
use simulation::{Call, days, minutes, seconds};

use crate::world::{URL, World, event, refused};

/// World in which an event about `object` was posted and attempted for each of them.
fn after_events_about(objects: &[&str]) -> (World, Vec<String>) {
    let mut world = World::new();
    let posted = objects.iter().map(|object| world.post_about(object)).collect();
    world.simulation.run_for(seconds(5));
    (world, posted)
}

impl World {
    fn post_about(&mut self, object: &str) -> String {
        let mut event = event();
        event["data"]["object"]["id"] = object.into();
        let accepted = self.simulation.call(Call::post("/v1/events", &event).on(&self.account));
        self.simulation.run_for(seconds(1));
        accepted.expect(202).text("/id")
    }

    fn found(&mut self, path: &str) -> Vec<Value> {
        let account = self.account.clone();
        self.simulation.list(&account, path)
    }

    /// Fields of the rows that are found, in their order.
    fn fields(&mut self, path: &str, field: &str) -> Vec<String> {
        let text = |row: &Value| row[field].as_str().map_or(row[field].to_string(), str::to_owned);
        self.found(path).iter().map(text).collect()
    }

    fn report(&mut self, requests: &Value) {
        let call = Call::post("/v1/request_logs", &json!({ "request_logs": requests }));
        _ = self.simulation.call(call.on(&self.account)).expect(202);
    }
}

#[test]
fn deliveries_are_found_by_the_object_that_they_are_about() {
    let (mut world, posted) = after_events_about(&["rep_1", "rep_2", "rep_1", "rep_1/x"]);
    let events = world.fields("/v1/logs?object_id=rep_1", "event_id");
    assert_eq!(events, [posted[2].clone(), posted[0].clone()]);
    assert_eq!(world.fields("/v1/logs?object_id=rep_1&per_page=1", "object_id"), ["rep_1"; 2]);
    assert_eq!(world.fields("/v1/logs?object_id=rep_1%2Fx", "event_id"), [posted[3].clone()]);
    assert_eq!(world.fields("/v1/logs", "object_id"), ["rep_1/x", "rep_1", "rep_2", "rep_1"]);
    assert!(world.found("/v1/logs?object_id=rep_").is_empty());
    assert!(world.found("/v1/logs?object_id=rep_1&environment=live").is_empty());
    let both = format!("/v1/logs?object_id=rep_1&event_id={}", posted[1]);
    assert!(world.found(&both).is_empty(), "an event about another object");
}

#[test]
fn retries_of_older_events_about_an_object_keep_their_place_among_newer_ones() {
    let mut world = World::new();
    world.simulation.network.answers(URL, 503);
    let first = world.post_about("rep_1");
    world.simulation.run_for(minutes(2));
    let second = world.post_about("rep_1");
    world.simulation.run_for(minutes(3));
    let all = world.fields("/v1/logs?object_id=rep_1", "created_at");
    assert!(all.len() > 8 && all.is_sorted_by(|a, b| a >= b), "{all:?}");
    let of =
        |world: &mut World, event: &str| world.found(&format!("/v1/logs?event_id={event}")).len();
    assert_eq!(all.len(), of(&mut world, &first) + of(&mut world, &second));
    for per_page in [1, 3, 100] {
        let path = format!("/v1/logs?object_id=rep_1&per_page={per_page}");
        assert_eq!(world.fields(&path, "created_at"), all, "{per_page} on a page");
    }
}

#[test]
fn an_object_is_found_only_in_its_own_account() {
    let (mut world, _) = after_events_about(&["rep_1"]);
    let other = world.simulation.open_account();
    assert!(world.simulation.list(&other, "/v1/logs?object_id=rep_1").is_empty());
    assert!(world.simulation.list(&other, "/v1/events?object_id=rep_1").is_empty());
}

#[test]
fn a_class_of_statuses_is_every_status_in_it() {
    let mut world = World::new();
    for status in [200, 204, 404, 410, 503] {
        world.simulation.network.answers(URL, status);
        _ = world.post_about("rep_1");
    }
    let statuses = |world: &mut World, status: &str| {
        world.fields(&format!("/v1/logs?status={status}"), "response_status")
    };
    assert_eq!(statuses(&mut world, "2xx"), ["204", "200"]);
    assert_eq!(statuses(&mut world, "4xx"), ["410", "404"]);
    assert_eq!(statuses(&mut world, "404"), ["404"]);
    assert!(statuses(&mut world, "1xx").is_empty() && statuses(&mut world, "3xx").is_empty());
    for status in ["0xx", "6xx", "xx", "4XX", "40x", "600", "+4xx"] {
        let call = Call::get(&format!("/v1/logs?status={status}")).on(&world.account);
        let (code, problem, param) = refused(&mut world.simulation, call);
        assert_eq!((code, &*problem, param), (422, "invalid_field", json!("status")), "{status}");
    }
}

#[test]
fn requests_are_found_by_their_class_method_path_and_address() {
    let mut world = World::new();
    let request = |method, path, status, ip| json!({ "environment": "test", "method": method, "path": path, "status": status, "ip": ip });
    world.report(&json!([
        request("GET", "/v1/reports/1", 200, "203.0.113.7"),
        request("GET", "/v1/reports", 302, "203.0.113.8"),
        request("POST", "/v1/reports", 422, "198.51.100.1"),
        request("GET", "/v1/candidates", 500, "2001:db8::1"),
    ]));
    for (filter, mut statuses) in [
        ("status=4xx", vec!["422"]),
        ("status=5xx&kind=api_request", vec!["500"]),
        ("method=GET", vec!["200", "302", "500"]),
        ("method=get&path=/v1/reports/", vec!["200"]),
        ("path=/v1/reports", vec!["200", "302", "422"]),
        ("path=reports", vec![]),
        ("path=/v1/%25", vec![]),
        ("ip=203.0.113.7", vec!["200"]),
        ("ip=203.0.113.0/24", vec!["200", "302"]),
        ("ip=2001:db8::/32", vec!["500"]),
        ("ip=0.0.0.0/0&method=POST", vec!["422"]),
    ] {
        let kind = if filter.starts_with("status=4") { "kind=api_request&" } else { "" };
        let mut found = world.fields(&format!("/v1/logs?{kind}{filter}"), "status");
        found.sort();
        statuses.sort_unstable();
        assert_eq!(found, statuses, "{filter}");
    }
    for filter in ["ip=nowhere", "ip=203.0.113.0/40", "path=", "method="] {
        let call = Call::get(&format!("/v1/logs?{filter}")).on(&world.account);
        assert_eq!(refused(&mut world.simulation, call).0, 422, "{filter}");
    }
}

#[test]
fn a_request_is_found_by_its_identifier_whoever_gave_it_and_whenever_it_was() {
    let mut world = World::new();
    let key = world.secret_key.clone();
    let call = |world: &mut World| world.simulation.call(Call::get("/v1/webhooks").basic(&key));
    let ours = call(&mut world).expect(200).header("x-request-id").to_owned();
    world.simulation.run_for(days(1));
    _ = call(&mut world).expect(200);
    let named = |id: &str| json!({ "environment": "test", "method": "GET", "path": "/x", "status": 200, "request_id": id });
    // A day after it was given out.
    world.report(&json!([named("trace/7"), named("trace/71"), named(&ours)]));
    assert_eq!(
        world.fields(&format!("/v1/logs?request_id={ours}"), "path"),
        ["/x", "/v1/webhooks"]
    );
    let one = world.fields(&format!("/v1/logs?request_id={ours}&per_page=1"), "path");
    assert_eq!(one, ["/x", "/v1/webhooks"]);
    assert_eq!(world.fields("/v1/logs?request_id=trace%2F7", "request_id"), ["trace/7"]);
    assert!(world.found("/v1/logs?request_id=trace").is_empty());
    assert!(world.found("/v1/logs?request_id=req_01jgz2v6nv6e0w5dj3c5rqm8ta").is_empty());
}

#[test]
fn a_filter_of_the_other_kind_of_log_is_refused() {
    let mut world = World::new();
    for (filters, param) in [
        ("object_id=rep_1&kind=api_request", "object_id"),
        ("object_id=rep_1&method=GET", "object_id"),
        ("method=GET&kind=webhook_delivery", "method"),
        ("path=/x&kind=webhook_delivery", "path"),
        ("ip=::1&kind=webhook_delivery", "ip"),
        ("request_id=x&webhook_id=wh_01jgz2v6nv6e0w5dj3c5rqm8ta", "webhook_id"),
    ] {
        let (status, code, named) = world.refused(Call::get(&format!("/v1/logs?{filters}")));
        assert_eq!((status, &*code, named), (422, "invalid_field", json!(param)), "{filters}");
    }
}

#[test]
fn events_are_found_by_object_webhook_and_status_in_either_order() {
    let (mut world, mut posted) = after_events_about(&["rep_1", "rep_2", "rep_1"]);
    world.simulation.network.answers(URL, 500);
    posted.push(world.post_about("rep_1"));
    let other = world.simulation.create_webhook(&world.account.clone(), "https://bob.example/");
    world.simulation.network.answers("https://bob.example/", 200);
    posted.push(world.post_about("rep_3"));
    let ids =
        |world: &mut World, filters: &str| world.fields(&format!("/v1/events?{filters}"), "id");
    let picked = |places: &[usize]| places.iter().map(|at| posted[*at].clone()).collect::<Vec<_>>();
    let (ada, bob) = (world.webhook.id.clone(), other.id);
    for (filters, places) in [
        ("object_id=rep_1".to_owned(), vec![3, 2, 0]),
        ("object_id=rep_1&order=asc".to_owned(), vec![0, 2, 3]),
        ("order=asc".to_owned(), vec![0, 1, 2, 3, 4]),
        ("order=desc".to_owned(), vec![4, 3, 2, 1, 0]),
        (format!("webhook_id={bob}"), vec![4]),
        (format!("webhook_id={ada}&order=asc"), vec![0, 1, 2, 3, 4]),
        ("status=delivered".to_owned(), vec![4, 2, 1, 0]),
        ("status=retrying".to_owned(), vec![4, 3]),
        (format!("status=delivered&webhook_id={ada}"), vec![2, 1, 0]),
        (format!("status=retrying&webhook_id={bob}"), vec![]),
        ("status=exhausted".to_owned(), vec![]),
    ] {
        assert_eq!(ids(&mut world, &filters), picked(&places), "{filters}");
        assert_eq!(ids(&mut world, &format!("{filters}&per_page=1")), picked(&places), "{filters}");
    }
    let call = Call::get("/v1/events?order=up");
    assert_eq!(world.refused(call).0, 422);
}
