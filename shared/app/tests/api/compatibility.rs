//! Compatibility with the modelled service: numbered pages, the form of a limit's end, and how a bad
//! webhook is refused.

use domain::Compatibility;
use latchhook_app::Settings;
use serde_json::{Value, json};
use simulation::{Call, Simulation, seconds};

use crate::world::{URL, World};

const BASE: &str = "https://hooks.example.com";
const BAD_URL: &str =
    "Url is not valid. Please use a publicly available host and the HTTPS or SNS protocol.";

fn world() -> World {
    let checkr = |settings: &mut Settings| settings.compatibility = Compatibility::Checkr;
    World::of(Simulation::with(1, checkr))
}

/// World with so many events more, oldest first.
fn with_events(number: usize) -> (World, Vec<String>) {
    let mut world = world();
    let mut posted = Vec::new();
    for _ in 0..number {
        posted.push(world.simulation.post_event(&world.account));
        world.simulation.run_for(seconds(1));
    }
    (world, posted)
}

fn ids(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Path of a link, which has to begin with the installation's URL.
fn local(href: &Value) -> Option<String> {
    let href = href.as_str()?;
    Some(href.strip_prefix(BASE).unwrap().to_owned())
}

#[test]
fn a_page_is_found_by_its_number() {
    let (mut world, mut posted) = with_events(7);
    posted.reverse();
    for (page, from, to) in [(1, 0, 3), (2, 3, 6), (3, 6, 7), (4, 7, 7)] {
        let path = format!("/v1/events?per_page=3&page={page}");
        let shown = world.simulation.show(&world.account, &path);
        assert_eq!(ids(&shown), posted[from..to], "{page}");
        assert_eq!(shown["next_href"].is_null(), page >= 3, "{page}");
        assert_eq!(shown["previous_href"].is_null(), page == 1, "{page}");
    }
}

#[test]
fn links_are_absolute_and_lead_forwards_and_back() {
    let (mut world, mut posted) = with_events(7);
    posted.reverse();
    let (mut seen, mut links, mut back) = (Vec::new(), Vec::new(), None);
    let mut next = Some("/v1/events?type=report.completed&per_page=2".to_owned());
    while let Some(path) = next {
        let page = world.simulation.show(&world.account, &path);
        seen.extend(ids(&page));
        links.extend(page["next_href"].as_str().map(str::to_owned));
        next = local(&page["next_href"]);
        back = local(&page["previous_href"]);
    }
    assert_eq!(seen, posted);
    for (link, page) in links.iter().zip(2..) {
        let begin =
            format!("{BASE}/v1/events?type=report.completed&page={page}&per_page=2&cursor=");
        assert!(link.starts_with(&begin), "{link}");
    }
    let mut seen = posted[6..].to_vec();
    while let Some(path) = back {
        let page = world.simulation.show(&world.account, &path);
        seen = [ids(&page), seen].concat();
        back = local(&page["previous_href"]);
    }
    assert_eq!(seen, posted);
}

/// Every list is read by other code below, which has to leave out the same rows.
#[test]
fn every_list_has_numbered_pages() {
    let (mut world, posted) = with_events(3);
    world.simulation.run_until_quiet();
    for _ in 0..3 {
        _ = world.simulation.create_key(&world.account, "secret", "test");
        _ = world.simulation.open_account();
    }
    world.simulation.credential(&world.account);
    for name in ["a.a", "b.b", "report.completed"] {
        let put = Call::put(&format!("/v1/event_types/{name}"), &json!({}));
        _ = world.simulation.call(put).expect(200);
        let put = Call::put(&format!("/v1/key_scopes/{name}"), &json!({}));
        _ = world.simulation.call(put).expect(200);
        let token = json!({ "name": name, "scopes": ["keys:read"] });
        _ = world.simulation.call(Call::post("/v1/operator_tokens", &token)).expect(201);
    }
    for path in ["", "/a"] {
        let url = format!("https://grace.example{path}/hooks");
        world.simulation.network.answers(&url, 200);
        let webhook = json!({ "webhook_url": url, "environment": "live" });
        let create = Call::post("/v1/webhooks", &webhook).on(&world.account);
        _ = world.simulation.call(create).expect(201);
        let webhook = json!({ "webhook_url": url });
        _ = world.simulation.call(Call::post("/v1/operator_webhooks", &webhook)).expect(201);
    }
    world.simulation.run_until_quiet();
    for _ in 0..3 {
        _ = world.simulation.open_session(&world.account);
    }
    let now = world.simulation.now();
    for path in [
        "/v1/accounts?".to_owned(),
        "/v1/api_keys?".to_owned(),
        format!("/v1/api_keys?as_of={now}&"),
        "/v1/webhooks?".to_owned(),
        format!("/v1/webhooks?as_of={now}&"),
        "/v1/events?".to_owned(),
        "/v1/events?order=asc&".to_owned(),
        "/v1/events?status=delivered&".to_owned(),
        "/v1/logs?".to_owned(),
        "/v1/logs?object_id=rep_1&".to_owned(),
        format!("/v1/logs?event_id={}&", posted[0]),
        "/v1/audit_events?".to_owned(),
        format!("/v1/audit_events?subject={}&", world.account),
        "/v1/portal_sessions?".to_owned(),
        "/v1/event_types?".to_owned(),
        "/v1/key_scopes?".to_owned(),
        "/v1/operator_tokens?".to_owned(),
        "/v1/operator_webhooks?".to_owned(),
    ] {
        let whole = world.simulation.show(&world.account, &format!("{path}per_page=100"));
        let whole = whole["data"].as_array().unwrap().clone();
        assert!(!whole.is_empty(), "{path}");
        for (row, page) in whole.iter().zip(1..) {
            let path = format!("{path}per_page=1&page={page}");
            let one = world.simulation.show(&world.account, &path);
            assert_eq!(one["data"], json!([row]), "{path}");
            let is_last = page == whole.len();
            assert_eq!(one["next_href"].is_null(), is_last, "{path}");
        }
        let none = world.simulation.show(&world.account, &format!("{path}per_page=0"));
        assert_eq!(none["data"], json!([]), "{path}");
        assert_eq!(none["next_href"], Value::Null, "{path}");
    }
}

#[test]
fn a_number_that_is_none_or_leads_too_far_is_refused() {
    let mut world = world();
    for wrong in ["0", "-1", "x", "", "1.5", "201", "18446744073709551615"] {
        let refused = world.refused(Call::get(&format!("/v1/events?page={wrong}")));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("page")), "{wrong}");
    }
    for wrong in ["101", "-1", "x"] {
        let refused = world.refused(Call::get(&format!("/v1/events?per_page={wrong}")));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("per_page")), "{wrong}");
    }
    _ = world.simulation.show(&world.account, "/v1/events?page=200");
    // A cursor leads on from there: the number beside it is only the page's name.
    let (mut world, _) = with_events(3);
    let first = world.simulation.show(&world.account, "/v1/events?per_page=1");
    let cursor = first["next_href"].as_str().unwrap().rsplit_once("cursor=").unwrap().1.to_owned();
    let path = format!("/v1/events?per_page=1&page=9999&cursor={cursor}");
    let far = world.simulation.show(&world.account, &path);
    assert_eq!(far["data"].as_array().unwrap().len(), 1);
    assert!(far["next_href"].as_str().unwrap().contains("page=10000&"), "{far}");
    assert_eq!(far["previous_href"], Value::Null);
}

#[test]
fn a_limit_ends_at_a_time() {
    let mut world = world();
    let key = world.secret_key.clone();
    let answer = world.simulation.call(Call::get("/v1/webhooks").basic(&key));
    let reset = answer.header("x-ratelimit-reset").to_owned();
    assert!(reset.ends_with('Z') && reset.len() == "2018-02-02T16:39:00Z".len(), "{reset}");
    let at: domain::Timestamp = reset.parse().unwrap();
    assert!(at.since(world.simulation.now()).as_secs() <= 60, "{reset}");
}

#[test]
fn a_bad_webhook_is_refused_in_the_sentences_of_the_service() {
    let mut world = world();
    let cases = [
        (json!({}), "missing_field", "webhook_url", "webhook_url is missing."),
        (
            json!({ "webhook_url": "https://private.example/" }),
            "url_not_public",
            "webhook_url",
            BAD_URL,
        ),
        (
            json!({ "webhook_url": "ftp://a.example/" }),
            "url_scheme_not_allowed",
            "webhook_url",
            BAD_URL,
        ),
        (json!({ "webhook_url": "sns://a" }), "invalid_sns_url", "webhook_url", BAD_URL),
        (json!({ "webhook_url": "no url" }), "invalid_field", "webhook_url", BAD_URL),
        (json!({ "webhook_url": URL }), "url_taken", "webhook_url", "Url has already been taken."),
    ];
    let key = world.secret_key.clone();
    for (body, code, param, sentence) in cases {
        let answer = world.simulation.call(Call::post("/v1/webhooks", &body).basic(&key));
        let refused = answer.expect(400).json();
        let told = (&refused["code"], &refused["param"], &refused["error"]);
        assert_eq!(told, (&json!(code), &json!(param), &json!(sentence)), "{body}");
    }
    let second = json!({ "webhook_url": "https://second.example/" });
    _ = world.simulation.call(Call::post("/v1/webhooks", &second).basic(&key)).expect(201);
    let third = json!({ "webhook_url": "https://third.example/" });
    let answer = world.simulation.call(Call::post("/v1/webhooks", &third).basic(&key));
    let refused = answer.expect(400).json();
    assert_eq!(refused["error"], "Allowed webhook API limit exceeded.");
    assert_eq!(refused["code"], "quota_limit_exceeded");
    // Of what that service knows nothing, ours is said.
    let other = json!({ "webhook_url": "https://third.example/", "event_types": [] });
    let answer = world.simulation.call(Call::post("/v1/webhooks", &other).basic(&key));
    let refused = answer.expect(400).json();
    assert_eq!(
        (&refused["code"], &refused["param"]),
        (&json!("invalid_field"), &json!("event_types"))
    );
    // The log says what was answered.
    let log = world.simulation.show(&world.account, "/v1/logs?kind=api_request&status=400");
    assert_eq!(log["data"].as_array().unwrap().len(), 8);
}

#[test]
fn other_refusals_keep_their_status() {
    let mut world = world();
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let change = json!({ "webhook_url": "https://private.example/" });
    let changed = world.refused(Call::patch(&webhook, &change));
    assert_eq!(changed, (422, "url_not_public".to_owned(), json!("webhook_url")));
    let repeated = Call::post("/v1/webhooks", &json!({ "webhook_url": "https://second.example/" }));
    let key = world.secret_key.clone();
    _ = world.simulation.call(repeated.basic(&key).header("idempotency-key", "k")).expect(201);
    let other = Call::post("/v1/webhooks", &json!({})).basic(&key).header("idempotency-key", "k");
    let refused = world.simulation.call(other).expect(422).json();
    assert_eq!(refused["code"], "idempotency_mismatch");
}

#[test]
fn the_document_describes_it() {
    let world = world();
    let document = world.simulation.app().openapi();
    let list = &document["paths"]["/v1/webhooks"]["get"];
    let parameters = list["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
    assert_eq!(named("page")["schema"]["minimum"], 1);
    assert_eq!(named("per_page")["schema"]["minimum"], 0);
    let reset = &list["responses"]["200"]["headers"]["X-Ratelimit-Reset"];
    assert_eq!(reset["schema"]["format"], "date-time");
}

#[test]
fn without_it_nothing_changes() {
    let mut world = World::new();
    let refused = world.refused(Call::get("/v1/events?page=1"));
    assert_eq!(refused, (400, "unknown_field".to_owned(), json!("page")));
    let refused = world.refused(Call::post("/v1/webhooks", &json!({ "environment": "test" })));
    assert_eq!(refused, (422, "missing_field".to_owned(), json!("webhook_url")));
    let key = world.secret_key.clone();
    let answer = world.simulation.call(Call::get("/v1/webhooks").basic(&key));
    assert!(answer.header("x-ratelimit-reset").parse::<u64>().is_ok());
    assert!(!world.simulation.app().openapi().to_string().contains("ISO 8601"));
}
