//! Endpoints in answers of Svix.
//!
//! The form is that of `GET /api/v1/app/{app_id}/endpoint` (<https://api.svix.com/docs>): `data` is a list
//! of endpoints. What newer versions renamed is read by either name. An endpoint's secret and headers are
//! answers of their own, which whoever makes the file adds to it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::input::{self, Found};

/// Endpoints that are found, and notes about what is left out.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    pub(super) found: Vec<Found>,
    pub(super) notes: Vec<String>,
}

/// Endpoint as Svix shows it, as far as it is taken over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    id: String,
    url: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    disabled: bool,
    #[serde(alias = "filterTypes")]
    event_types: Option<Vec<String>>,
    channels: Option<Vec<String>>,
    /// Messages a second.
    #[serde(alias = "rateLimit")]
    throttle_rate: Option<u64>,
    secret: Option<Secret>,
    headers: Option<Headers>,
}

/// Secret of an endpoint: the answer that has it, or its text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Secret {
    Answer { key: String },
    Text(String),
}

/// Headers of an endpoint.
#[derive(Deserialize)]
struct Headers {
    headers: BTreeMap<String, String>,
}

/// Reads the endpoints of one answer, or several.
///
/// # Errors
/// The place of what is not an endpoint, or has no secret.
pub(super) fn endpoints(text: &str) -> Result<Endpoints, String> {
    let mut endpoints = Endpoints::default();
    for (index, object) in input::objects(text, "data")?.iter().enumerate() {
        let endpoint: Option<Endpoint> = object.read();
        let endpoint =
            endpoint.ok_or_else(|| format!("endpoint {} is not one of Svix's", index + 1))?;
        let id = endpoint.id.clone();
        if endpoint.disabled {
            endpoints.notes.push(format!("{id} is left out: it is disabled"));
            continue;
        }
        if endpoint.channels.as_ref().is_some_and(|channels| !channels.is_empty()) {
            endpoints
                .notes
                .push(format!("{id} gets the events of all channels: they are not taken over"));
        }
        let body = endpoint.body().ok_or_else(|| {
            format!(
                "{id} has no secret: add what GET …/endpoint/{id}/secret answers, as --help says"
            )
        })?;
        endpoints.found.push(Found { place: id, body });
    }
    Ok(endpoints)
}

impl Endpoint {
    /// Returns the endpoint as Latchhook takes it; none without its secret.
    fn body(self) -> Option<Value> {
        let secret = match self.secret? {
            Secret::Answer { key } | Secret::Text(key) => key,
        };
        // Svix takes secrets with and without the prefix.
        let secret = match secret.strip_prefix("whsec_") {
            None => format!("whsec_{secret}"),
            Some(_) => secret,
        };
        let mut body = json!({ "webhook_url": self.url, "signing_secret": secret });
        if !self.description.trim().is_empty() {
            body["description"] = self.description.into();
        }
        if let Some(types) = self.event_types.filter(|types| !types.is_empty()) {
            body["event_types"] = json!(types);
        }
        if let Some(limit) = self.throttle_rate {
            body["rate_limit"] = json!({ "limit": limit, "period_seconds": 1 });
        }
        if let Some(Headers { headers }) = self.headers.filter(|all| !all.headers.is_empty()) {
            body["headers"] = json!(headers);
        }
        Some(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_svix_knows_of_an_endpoint_is_taken_over() {
        let text = r#"{"data": [{
            "id": "ep_1", "url": "https://a.example/hooks", "description": "Billing", "uid": null,
            "version": 1, "filterTypes": ["invoice.paid"], "channels": null, "rateLimit": 5,
            "metadata": {}, "createdAt": "2025-01-31T00:00:00Z", "updatedAt": "2025-01-31T00:00:00Z",
            "secret": {"key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
            "headers": {"headers": {"X-Tenant": "acme"}, "sensitive": ["Authorization"]}
        }, {
            "id": "ep_2", "url": "https://b.example/", "description": "", "eventTypes": [],
            "throttleRate": 7, "secret": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        }], "iterator": "x", "done": true}"#;
        let endpoints = endpoints(text).unwrap();
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let first = json!({
            "webhook_url": "https://a.example/hooks", "signing_secret": secret,
            "description": "Billing", "event_types": ["invoice.paid"],
            "rate_limit": { "limit": 5, "period_seconds": 1 }, "headers": { "X-Tenant": "acme" },
        });
        let second = json!({
            "webhook_url": "https://b.example/", "signing_secret": secret,
            "rate_limit": { "limit": 7, "period_seconds": 1 },
        });
        let found = [("ep_1", first), ("ep_2", second)];
        assert_eq!(
            endpoints.found,
            found.map(|(place, body)| Found { place: place.to_owned(), body })
        );
        assert!(endpoints.notes.is_empty());
    }

    #[test]
    fn disabled_endpoints_are_left_out_and_channels_are_told() {
        let text = r#"[{"id": "ep_1", "url": "https://a.example/", "disabled": true},
            {"id": "ep_2", "url": "https://b.example/", "channels": ["x"], "secret": "whsec_x"}]"#;
        let endpoints = endpoints(text).unwrap();
        assert_eq!(endpoints.found.len(), 1);
        assert_eq!(
            endpoints.notes,
            [
                "ep_1 is left out: it is disabled",
                "ep_2 gets the events of all channels: they are not taken over"
            ]
        );
    }

    #[test]
    fn an_endpoint_without_its_secret_is_an_error_that_names_it() {
        let text = r#"{"data": [{"id": "ep_1", "url": "https://a.example/"}]}"#;
        assert!(endpoints(text).unwrap_err().starts_with("ep_1 has no secret"));
        assert_eq!(endpoints("{}").unwrap_err(), "endpoint 1 is not one of Svix's");
    }
}
