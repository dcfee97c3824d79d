//! Data of released versions: a newer version opens a data directory and imports an export, and they
//! mean what they meant.
//!
//! `data/v0.1.0` was written by version 0.1.0 and is never edited: a data directory, its export, and
//! in `said.json` what the API said of it. Events and logs in it expire, so this holds what stays:
//! accounts, keys, webhooks, secrets, and the length of the history. All of it holds before and after the
//! views were derived anew, and what came from before works on.

use latchhook_scenarios::{Account, Backend, Caller, Receiver, Settings, Value, json};

const SAID: &str = include_str!("../data/v0.1.0/said.json");

/// Key that was rolled with an end to come: whether it is good depends on the date.
const ROLLED: &str = "rolled, still good";

/// Passphrase of the export.
const PASSPHRASE: &str = "fixture-passphrase";

#[tokio::test]
async fn data_of_version_0_1_0_opens_and_means_what_it_meant() {
    let Some(backend) = Backend::on_data_of("v0.1.0", &Settings::default()) else { return };
    means_what_it_meant(&backend, 0).await;
    rebuild(&backend).await;
    means_what_it_meant(&backend, 1).await;
}

#[tokio::test]
async fn an_export_of_version_0_1_0_is_imported_and_means_what_it_meant() {
    let settings = Settings::default();
    let Some(backend) = Backend::on_export_of("v0.1.0", PASSPHRASE, &settings) else { return };
    means_what_it_meant(&backend, 0).await;
    rebuild(&backend).await;
    means_what_it_meant(&backend, 1).await;
}

#[tokio::test]
async fn an_installation_of_version_0_1_0_works_on() {
    let Some(backend) = Backend::on_data_of("v0.1.0", &Settings::default()) else { return };
    let said = &said()["accounts"]["Acme Inc."];
    let id = text(&said["id"]).to_owned();
    let old = Account { operator: backend.operator().acting_on(&id), id };
    let receiver = Receiver::start().await;

    let webhook = &said["webhooks"]["delivers"];
    let path = format!("/v1/webhooks/{}", text(&webhook["id"]));
    old.operator.patch(&path, json!({"webhook_url": receiver.url("/old")})).await.is(200);
    let object = json!({"id": "rep_9", "object": "report", "amount": 1.1, "name": "Zoë"});
    let event =
        json!({"type": "report.completed", "environment": "test", "data": {"object": object}});
    let event = old.event_with(event).await;
    let delivery = receiver.next().await;
    assert_eq!((delivery.event(), delivery.path.as_str()), (event.as_str(), "/old"));
    assert!(delivery.verifies(text(&webhook["signing_secret"])), "by the secret it had");
    assert_eq!(old.attempts(&event, 1).await[0]["event_id"], json!(event));

    let key = &said["keys"]["secret test"];
    let roll = format!("/v1/api_keys/{}/roll", text(&key["id"]));
    let successor = old.operator.post(&roll, json!({})).await.is(201)["key"].clone();
    let new = Account::open(&backend).await;
    let hook = new.webhook(&receiver.url("/new")).await;
    let event = new.event("report.created").await;
    assert!(receiver.next().await.verifies(&hook.secret));
    new.delivery_at("delivered", &event, &hook).await;

    for _ in 0..2 {
        rebuild(&backend).await;
        for (key, code) in [(&key["key"], "expired"), (&successor, "valid")] {
            let answer = old.operator.post("/v1/api_keys/verify", json!({"key": key})).await;
            assert_eq!(answer.is(200)["code"], code);
        }
    }
}

/// Checks the data directory and derives the views anew. Nothing differs: what this version keeps and the
/// earlier one did not was added at the first start.
async fn rebuild(backend: &Backend) {
    let checked = backend.command(&["check"]).await;
    assert!(checked.status.success(), "{}", checked.output);
    backend.terminate();
    assert!(backend.ended().await.status.success());
    let rebuilt = backend.command(&["rebuild"]).await;
    let is_whole = rebuilt.status.success() && rebuilt.output.contains("each equals");
    assert!(is_whole, "{}", rebuilt.output);
    backend.restart().await;
}

#[expect(clippy::unwrap_used, reason = "the file is as it was recorded")]
fn said() -> Value {
    serde_json::from_str(SAID).unwrap()
}

/// Holds the API's answers against what was said. They were held so `before` times already, and each of
/// those added what it revealed to the history.
#[expect(clippy::unwrap_used, reason = "the file is as it was recorded")]
async fn means_what_it_meant(backend: &Backend, before: usize) {
    for account in said()["accounts"].as_object().unwrap().values() {
        let operator = backend.operator().acting_on(text(&account["id"]));
        let is_open = account["closed"] == false;
        let mut revealed = 0;
        for (name, key) in account["keys"].as_object().unwrap() {
            let expected = match name.as_str() {
                ROLLED => continue,
                _ if !is_open => "account_closed",
                "expired" => "expired",
                _ => "valid",
            };
            key_is_as_it_was(&operator, key, expected).await;
            revealed += usize::from(expected == "valid");
        }
        if is_open {
            let snapshot = &account["snapshot"];
            let listed = operator.list("/v1/webhooks?environment=test").await;
            let listed: Vec<Value> = listed.into_iter().map(without_later_settings).collect();
            assert_eq!(&Value::from(listed), &snapshot["webhooks"]);
            let webhooks = account["webhooks"].as_object().unwrap();
            for webhook in webhooks.values() {
                secret_is_as_it_was(&operator, webhook).await;
            }
            revealed += webhooks.len();
            let history = operator.list("/v1/audit_events").await.len();
            assert_eq!(json!(history - revealed * (before + 1)), snapshot["audit_events"]);
        }
    }
}

/// Returns a webhook as version 0.1.0 showed it; what it knew nothing of is as if never set.
fn without_later_settings(mut webhook: Value) -> Value {
    let later = [
        ("filter", Value::Null),
        ("headers", json!({})),
        ("rate_limit", Value::Null),
        ("signing", json!("hmac")),
    ];
    for (name, unset) in later {
        assert_eq!(webhook.as_object_mut().and_then(|fields| fields.remove(name)), Some(unset));
    }
    webhook
}

async fn key_is_as_it_was(operator: &Caller, key: &Value, expected: &str) {
    let answer = operator.post("/v1/api_keys/verify", json!({"key": key["key"]})).await;
    assert_eq!(answer.is(200)["code"], expected, "{}", key["id"]);
    if expected == "valid" {
        let path = format!("/v1/api_keys/{}/reveal", text(&key["id"]));
        assert_eq!(operator.post_nothing(&path).await.is(200)["key"], key["key"]);
    }
}

async fn secret_is_as_it_was(operator: &Caller, webhook: &Value) {
    let path = format!("/v1/webhooks/{}/reveal_secret", text(&webhook["id"]));
    let revealed = operator.post_nothing(&path).await.is(200);
    assert_eq!(revealed["signing_secret"], webhook["signing_secret"]);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
