//! Data of released versions: a newer version opens a data directory and imports an export, and they
//! mean what they meant.
//!
//! `data/v0.1.0` was written by version 0.1.0 and is never edited: a data directory, its export, and
//! in `said.json` what the API said of it. Events and logs in it expire, so this holds what stays:
//! accounts, keys, webhooks, secrets, and the length of the history.

use latchhook_scenarios::{Backend, Caller, Settings, Value, json};

const SAID: &str = include_str!("../data/v0.1.0/said.json");

/// Key that was rolled with an end to come: whether it is good depends on the date.
const ROLLED: &str = "rolled, still good";

/// Passphrase of the export.
const PASSPHRASE: &str = "fixture-passphrase";

#[tokio::test]
async fn data_of_version_0_1_0_opens_and_means_what_it_meant() {
    let Some(backend) = Backend::on_data_of("v0.1.0", &Settings::default()) else { return };
    means_what_it_meant(&backend).await;
}

#[tokio::test]
async fn an_export_of_version_0_1_0_is_imported_and_means_what_it_meant() {
    let settings = Settings::default();
    let Some(backend) = Backend::on_export_of("v0.1.0", PASSPHRASE, &settings) else { return };
    means_what_it_meant(&backend).await;
}

#[expect(clippy::unwrap_used, reason = "the file is as it was recorded")]
async fn means_what_it_meant(backend: &Backend) {
    let said: Value = serde_json::from_str(SAID).unwrap();
    for account in said["accounts"].as_object().unwrap().values() {
        let operator = backend.operator().acting_on(text(&account["id"]));
        let is_open = account["closed"] == false;
        if is_open {
            let snapshot = &account["snapshot"];
            let listed = operator.list("/v1/webhooks?environment=test").await;
            let listed: Vec<Value> = listed.into_iter().map(without_later_settings).collect();
            assert_eq!(&Value::from(listed), &snapshot["webhooks"]);
            let history = operator.list("/v1/audit_events").await;
            assert_eq!(&Value::from(history.len()), &snapshot["audit_events"]);
            for webhook in account["webhooks"].as_object().unwrap().values() {
                secret_is_as_it_was(&operator, webhook).await;
            }
        }
        for (name, key) in account["keys"].as_object().unwrap() {
            let expected = match name.as_str() {
                ROLLED => continue,
                _ if !is_open => "account_closed",
                "expired" => "expired",
                _ => "valid",
            };
            key_is_as_it_was(&operator, key, expected).await;
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
