//! Masked URLs: one that is sent back as it was shown keeps its credentials.

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD};
use serde_json::{Value, json};
use simulation::{Call, Simulation};

const URL: &str = "https://user:hunter2hunter2@ada.example/hooks";
const SHOWN: &str = "https://user:****@ada.example/hooks";
const TOPIC: &str = "sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI@us-east-1/123456789012/reports";
const SHOWN_TOPIC: &str = "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/reports";
const DIGITS: &str = "7Qx2mZ9rT4bLkV8nJ3cWfY6hPd5sGa1eXuQKzq";

struct Hook {
    simulation: Simulation,
    account: String,
    path: String,
}

impl Hook {
    fn at(url: &str) -> Self {
        let mut simulation = Simulation::new(1);
        let account = simulation.open_account();
        let path = format!("/v1/webhooks/{}", simulation.create_webhook(&account, url).id);
        Self { simulation, account, path }
    }

    fn patch(&mut self, change: &Value) -> simulation::Answer {
        self.simulation.call(Call::patch(&self.path, change).on(&self.account))
    }

    fn shown(&mut self) -> String {
        let shown = self.simulation.show(&self.account, &self.path);
        shown["webhook_url"].as_str().unwrap().to_owned()
    }

    /// Types of the webhook's events, newest first.
    fn history(&mut self) -> Vec<String> {
        let events = self.simulation.list(&self.account, "/v1/audit_events");
        let of_webhooks =
            events.iter().filter_map(|event| event["type"].as_str()?.strip_prefix("webhook."));
        of_webhooks.map(str::to_owned).collect()
    }

    /// URL to which an event is delivered now, with its credentials.
    fn delivered_to(&mut self) -> String {
        self.simulation.network.answers(SHOWN, 200);
        self.simulation.post_event(&self.account);
        self.simulation.run_until_quiet();
        let hits = self.simulation.network.hits();
        hits.last().unwrap().target.canonical().expose().to_owned()
    }
}

#[test]
fn a_url_that_is_patched_as_it_is_shown_keeps_its_credentials() {
    for (url, shown, spellings) in [
        (URL, SHOWN, vec![SHOWN, "HTTPS://user:%2A%2a%2A*@ADA.example:443/hooks"]),
        (TOPIC, SHOWN_TOPIC, vec![SHOWN_TOPIC]),
        (
            "https://token@ada.example/hooks",
            "https://****@ada.example/hooks",
            vec!["https://****@ada.example/hooks", "https://****:@ada.example/hooks"],
        ),
    ] {
        let mut hook = Hook::at(url);
        assert_eq!(hook.shown(), shown);
        let before = hook.simulation.disk.everything();
        for spelling in spellings {
            let answer = hook.patch(&json!({ "webhook_url": spelling })).expect(200);
            assert_eq!(answer.text("/webhook_url"), shown);
        }
        assert_eq!(hook.history(), ["created"], "a change of nothing is no event");
        assert_eq!(hook.simulation.disk.everything(), before);
        assert_eq!(hook.delivered_to(), url);
    }
}

#[test]
fn other_fields_change_beside_a_url_that_is_sent_as_shown() {
    let mut hook = Hook::at(URL);
    let change = json!({ "webhook_url": SHOWN, "description": "ours" });
    let answer = hook.patch(&change).expect(200);
    assert_eq!(
        (answer.text("/webhook_url"), answer.text("/description")),
        (SHOWN.into(), "ours".into())
    );
    assert_eq!(hook.history(), ["updated", "created"]);
    assert_eq!(hook.delivered_to(), URL);
}

#[test]
fn a_mask_in_any_other_url_is_refused() {
    for url in [
        "https://user:****@ada.example/other",
        "https://user:****@ada.example/hooks?x",
        "https://user:****@bob.example/hooks",
        "https://user:****@ada.example:8443/hooks",
        "https://eve:****@ada.example/hooks",
        "https://user:%2A%2A%2A%2A@ada.example/other",
        "https://****@ada.example/hooks",
        "http://user:****@ada.example/hooks",
        SHOWN_TOPIC,
        "https://ada.example/hooks?key=lh_sk_test_****abcd",
        "https://user:****new@ada.example/hooks",
        "https://user:new****@ada.example/hooks",
        "https://user:new@ada.example/hooks?auth=****",
        "https://ada.example/%2A%2A%2A%2A",
        "sns://AKIAIOSFODNN7EXAMPLE:****new@us-east-1/123456789012/reports",
    ] {
        let mut hook = Hook::at(URL);
        let before = hook.simulation.disk.everything();
        let refused = hook.patch(&json!({ "webhook_url": url })).expect(422);
        assert_eq!(
            (refused.text("/code"), refused.text("/param")),
            ("invalid_field".into(), "webhook_url".into()),
            "{url}"
        );
        assert!(refused.text("/error").contains("****"), "{}", refused.text("/error"));
        let new = json!({ "webhook_url": url, "environment": "test" });
        let call = Call::post("/v1/webhooks", &new).on(&hook.account);
        assert_eq!(hook.simulation.call(call).expect(422).text("/code"), "invalid_field");
        assert_eq!(hook.simulation.disk.everything(), before);
    }
}

#[test]
fn a_mask_does_not_restore_credentials_of_an_earlier_url() {
    let mut hook = Hook::at(URL);
    let _ = hook.patch(&json!({ "webhook_url": "https://ada.example/hooks" })).expect(200);
    let refused = hook.patch(&json!({ "webhook_url": SHOWN })).expect(422);
    assert_eq!(refused.text("/code"), "invalid_field");
}

#[test]
fn new_credentials_replace_the_old_ones() {
    let mut hook = Hook::at(URL);
    let url = URL.replace("hunter2hunter2", "another");
    let _ = hook.patch(&json!({ "webhook_url": url })).expect(200);
    assert_eq!(hook.history(), ["url_changed", "created"]);
    assert_eq!(hook.delivered_to(), url);
}

#[test]
fn an_api_key_in_a_url_is_delivered_with_and_never_shown() {
    let url = format!("https://ada.example/hooks?key=lh_sk_test_{DIGITS}");
    let shown = "https://ada.example/hooks?key=lh_sk_test_****QKzq";
    let mut hook = Hook::at(&url);
    assert_eq!(hook.shown(), shown);
    let _ = hook.patch(&json!({ "webhook_url": shown })).expect(200);
    assert_eq!(hook.history(), ["created"]);
    assert_eq!(hook.delivered_to(), url);
    for kept in hook.simulation.disk.everything() {
        assert!(!kept.contains(&DIGITS[..20]), "{kept}");
    }
}

#[test]
fn a_secret_of_which_nothing_is_shown_stays_with_a_url_that_is_sent_as_shown() {
    let key = format!("lh_sk_test_{DIGITS}");
    let basic = STANDARD_NO_PAD.encode(format!("{key}:"));
    for url in [
        format!("https://ada.example/hooks?auth={basic}"),
        format!("https://ada.example/{basic}/x"),
        "https://ada.example/?to=https://u:hunter2hunter2@bob.example/".to_owned(),
    ] {
        let mut hook = Hook::at(&url);
        let shown = hook.shown();
        assert!(shown.contains("****") && shown != url, "{shown}");
        let before = hook.simulation.disk.everything();
        _ = hook.patch(&json!({ "webhook_url": shown })).expect(200);
        assert_eq!(hook.simulation.disk.everything(), before);
        assert_eq!(hook.delivered_to(), url);
        assert_eq!(hook.history(), ["created"]);
        let other = shown.replace("ada", "eve");
        _ = hook.patch(&json!({ "webhook_url": other })).expect(422);
    }
}

#[test]
fn a_mask_is_no_api_key() {
    let mut hook = Hook::at(URL);
    let keys = format!("/v1/api_keys?environment={}", "test");
    let _ = hook.simulation.create_key(&hook.account.clone(), "secret", "test");
    let redacted = hook.simulation.list(&hook.account, &keys)[0]["redacted"].clone();
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": redacted }));
    assert_eq!(hook.simulation.call(verify).expect(200).text("/code"), "not_found");
    let call = Call::get("/v1/webhooks").bearer(redacted.as_str().unwrap());
    assert_eq!(hook.simulation.call(call).expect(401).text("/code"), "bad_authentication");
}

#[test]
fn a_path_with_letters_of_several_bytes_for_the_digits_of_a_key_is_answered_as_any_other() {
    let mut hook = Hook::at(URL);
    let path = format!("/v1/webhooks/lh_sk_live_0{}0", "ä".repeat(18));
    _ = hook.simulation.call(Call::get(&path).on(&hook.account)).expect(404);
}
