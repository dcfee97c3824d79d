//! Search over both logs: what somebody pasted, read as the filter that it is.

use std::net::IpAddr;

use crate::{
    client::resources::{ApiKey, Webhook},
    session::Fields,
};

/// Beginnings of identifiers, and the filter that each is for.
const PREFIXES: [(&str, &str); 4] =
    [("evt_", "event_id"), ("wh_", "webhook_id"), ("key_", "api_key_id"), ("req_", "request_id")];

/// Address, below that of the logs, at which `searched` is found: a row, or a filtered list.
pub(super) fn find(searched: &str, keys: &[ApiKey], webhooks: &[Webhook]) -> String {
    if searched.starts_with("log_") {
        return format!("/{}", crate::client::encoded(searched));
    }
    let (filter, value) = filter(searched, keys, webhooks);
    let kind = match filter {
        "webhook_id" | "event_id" | "event_type" | "object_id" => "webhook_delivery",
        _ => "api_request",
    };
    format!("?{}", Fields::default().query(&[], &[("kind", kind), (filter, value)]))
}

/// Identifier of the key with that name, in whatever case.
pub(super) fn key_named<'a>(name: &str, keys: &'a [ApiKey]) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let is_called =
        |key: &&ApiKey| key.name.as_ref().is_some_and(|name| name.to_lowercase() == wanted);
    keys.iter().find(is_called).map(|key| key.id.as_str())
}

fn filter<'a>(
    searched: &'a str,
    keys: &'a [ApiKey],
    webhooks: &'a [Webhook],
) -> (&'static str, &'a str) {
    if let Some((_, filter)) = PREFIXES.iter().find(|(prefix, _)| searched.starts_with(prefix)) {
        return (filter, searched);
    }
    if searched.starts_with('/') {
        return ("path", searched);
    }
    if searched.parse::<IpAddr>().is_ok() {
        return ("ip", searched);
    }
    if let Some(id) = key_named(searched, keys) {
        return ("api_key_id", id);
    }
    let wanted = searched.to_lowercase();
    let is_at = |webhook: &&Webhook| webhook.webhook_url.to_lowercase().contains(&wanted);
    // A host or a URL; a shorter word may stand in any.
    let names_a_place = wanted.contains("://") || wanted.contains('/') || wanted.contains(':');
    match webhooks.iter().find(is_at).filter(|_| names_a_place) {
        Some(webhook) => ("webhook_id", &webhook.id),
        None => ("object_id", searched),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(searched: &str) -> String {
        let at = "2026-01-31T09:00:00.000Z";
        let key = serde_json::from_value(json!({
            "id": "key_1", "type": "secret", "environment": "test", "name": "Build server",
            "redacted": "lh_****", "created_at": at, "expires_at": null, "last_used_at": null,
            "status": "active", "replaced_by": null, "imported": false, "revealable": true,
            "scopes": null, "rate_limit": null, "allowed_networks": null,
        }));
        let webhook = serde_json::from_value(json!({
            "id": "wh_1", "environment": "test", "jurisdiction": "US",
            "webhook_url": "https://a.example/hooks", "include_object": false, "event_types": ["*"],
            "description": null, "filter": null, "headers": {}, "signing": "hmac",
            "rate_limit": null, "status": "enabled", "disabled_reason": null, "created_at": at,
            "updated_at": at,
        }));
        find(searched, &[key.unwrap()], &[webhook.unwrap()])
    }

    #[test]
    fn whatever_is_pasted_is_read_as_the_filter_that_it_is() {
        for (searched, expected) in [
            ("log_01", "/log_01"),
            ("evt_01", "?kind=webhook_delivery&event_id=evt_01"),
            ("wh_01", "?kind=webhook_delivery&webhook_id=wh_01"),
            ("req_01", "?kind=api_request&request_id=req_01"),
            ("/v1/reports", "?kind=api_request&path=%2Fv1%2Freports"),
            ("203.0.113.7", "?kind=api_request&ip=203.0.113.7"),
            ("build SERVER", "?kind=api_request&api_key_id=key_1"),
            ("a.example/hooks", "?kind=webhook_delivery&webhook_id=wh_1"),
            ("rep_42", "?kind=webhook_delivery&object_id=rep_42"),
        ] {
            assert_eq!(found(searched), expected, "{searched}");
        }
    }
}
