//! Keys in answers of Unkey.
//!
//! The form is that of `POST /v2/apis.listKeys` in version 2 of its API
//! (<https://www.unkey.com/docs/api-reference>): `data` is a list of keys, times are in milliseconds.

use std::collections::BTreeMap;

use domain::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::input::{self, Found};

/// Keys that are found, and notes about those that are left out.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) found: Vec<Found>,
    pub(super) left_out: Vec<String>,
}

/// Key as Unkey shows it, as far as it is taken over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    #[serde(rename = "keyId")]
    id: String,
    #[serde(default = "yes")]
    enabled: bool,
    name: Option<String>,
    plaintext: Option<String>,
    expires: Option<i64>,
    permissions: Option<Vec<String>>,
    meta: Option<BTreeMap<String, Value>>,
    identity: Option<Identity>,
    ratelimits: Option<Vec<RateLimit>>,
}

/// Somebody or something to which keys belong.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    external_id: Option<String>,
}

/// Rate limit of a key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimit {
    limit: u64,
    /// Milliseconds.
    duration: u64,
    #[serde(default)]
    auto_apply: bool,
}

const fn yes() -> bool {
    true
}

/// Reads the keys of one answer, or several.
///
/// # Errors
/// The place of what is not a key, or has no plaintext.
pub(super) fn keys(text: &str, now: Timestamp) -> Result<Keys, String> {
    let mut keys = Keys::default();
    for (index, object) in input::objects(text, "data")?.iter().enumerate() {
        let place = format!("key {}", index + 1);
        let key: Key = object.read().ok_or_else(|| format!("{place} is not a key of Unkey's"))?;
        let id = key.id.clone();
        let has_expired = key.expires.is_some_and(|at| Timestamp::from_millis(at) <= now);
        if !key.enabled || has_expired {
            let why = if key.enabled { "has expired" } else { "is disabled" };
            keys.left_out.push(format!("{id} is left out: it {why}"));
            continue;
        }
        let body = key.body().ok_or_else(|| {
            format!("{id} has no plaintext: import it by its hash, from a CSV file")
        })?;
        keys.found.push(Found { place: id, body });
    }
    Ok(keys)
}

impl Key {
    /// Returns the key as Latchhook takes it; none without its text.
    fn body(self) -> Option<Value> {
        let mut body = json!({ "key": self.plaintext? });
        if let Some(name) = self.name.filter(|name| !name.trim().is_empty()) {
            body["name"] = name.into();
        }
        if let Some(at) = self.expires {
            body["expires_at"] = Timestamp::from_millis(at).to_string().into();
        }
        if let Some(permissions) = self.permissions.filter(|all| !all.is_empty()) {
            body["scopes"] = json!(permissions);
        }
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let mut metadata: BTreeMap<String, String> =
            self.meta.into_iter().flatten().map(|(name, value)| (name, text(value))).collect();
        if let Some(id) = self.identity.and_then(|identity| identity.external_id) {
            metadata.entry("external_id".to_owned()).or_insert(id);
        }
        if !metadata.is_empty() {
            body["metadata"] = json!(metadata);
        }
        if let Some(rate) = self.ratelimits.iter().flatten().find(|rate| rate.auto_apply) {
            let period = rate.duration.div_ceil(1000);
            body["rate_limit"] = json!({ "limit": rate.limit, "period_seconds": period });
        }
        Some(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_770_000_000_000)
    }

    #[test]
    fn what_unkey_knows_of_a_key_is_taken_over() {
        let text = r#"{"meta": {"requestId": "req_1"}, "data": [{
            "keyId": "key_1", "start": "sk_live", "enabled": true, "name": "CI",
            "createdAt": 1701425400000, "expires": 4073500800000, "plaintext": "sk_live_abc123",
            "permissions": ["reports.read"], "roles": ["reader"], "meta": {"plan": "free", "seats": 3},
            "credits": {"remaining": 5}, "identity": {"id": "id_1", "externalId": "user_7"},
            "ratelimits": [
                {"id": "rl_1", "name": "a", "limit": 5, "duration": 60000, "autoApply": false},
                {"id": "rl_2", "name": "b", "limit": 7, "duration": 1500, "autoApply": true}
            ]
        }], "pagination": {"hasMore": false}}"#;
        let keys = keys(text, now()).unwrap();
        let body = json!({
            "key": "sk_live_abc123", "name": "CI", "expires_at": "2099-01-31T00:00:00.000Z",
            "scopes": ["reports.read"],
            "metadata": { "plan": "free", "seats": "3", "external_id": "user_7" },
            "rate_limit": { "limit": 7, "period_seconds": 2 },
        });
        assert_eq!(keys.found, [Found { place: "key_1".to_owned(), body }]);
    }

    #[test]
    fn keys_that_do_not_work_are_left_out() {
        let text = r#"{"data": [
            {"keyId": "key_1", "enabled": false, "plaintext": "sk_live_abc123"},
            {"keyId": "key_2", "enabled": true, "expires": 1701425400000}
        ]}
        {"data": [{"keyId": "key_3", "enabled": true, "plaintext": "sk_live_abc123"}]}"#;
        let keys = keys(text, now()).unwrap();
        assert_eq!(keys.found.len(), 1);
        let notes = ["key_1 is left out: it is disabled", "key_2 is left out: it has expired"];
        assert_eq!(keys.left_out, notes);
    }

    #[test]
    fn a_key_without_its_text_is_an_error_that_names_it() {
        let text = r#"{"data": [{"keyId": "key_1", "enabled": true}]}"#;
        assert!(keys(text, now()).unwrap_err().starts_with("key_1 has no plaintext"));
        assert_eq!(keys(r#"{"data": [{}]}"#, now()).unwrap_err(), "key 1 is not a key of Unkey's");
    }
}
