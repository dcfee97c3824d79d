//! Retries that attempts in a list announce: only those that will be.

use std::collections::BTreeSet;

use crate::client::resources::{Attempt, Webhook};

/// Takes the next attempt from those of `attempts`, newest first, that a later one has followed or
/// whose webhook is disabled.
pub(super) fn settle<'a>(
    attempts: impl IntoIterator<Item = &'a mut Attempt>,
    webhooks: &[Webhook],
) {
    let disabled = webhooks.iter().filter(|webhook| !webhook.is_enabled());
    let disabled: BTreeSet<&str> = disabled.map(|webhook| webhook.id.as_str()).collect();
    let mut followed = BTreeSet::new();
    for attempt in attempts {
        let delivery = (attempt.event_id.clone(), attempt.webhook_id.clone());
        if !followed.insert(delivery) || disabled.contains(attempt.webhook_id.as_str()) {
            attempt.next_attempt_at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attempt(event: &str, next: Option<&str>) -> Attempt {
        serde_json::from_value(json!({
            "id": "log_1", "created_at": "2026-01-31T09:00:00.000Z", "environment": "test",
            "event_id": event, "event_type": "a.b", "webhook_id": "wh_1",
            "webhook_url": "https://a.example/", "attempt": 1, "trigger": "schedule",
            "status": "failed", "response_status": 503, "error": null, "duration_ms": 3,
            "next_attempt_at": next, "request": {"headers": {}, "body": null}, "response": null,
        }))
        .unwrap()
    }

    #[test]
    fn only_the_newest_attempt_of_a_delivery_announces_a_retry() {
        let next = Some("2026-01-31T10:00:00.000Z");
        let mut attempts = [attempt("evt_1", None), attempt("evt_1", next), attempt("evt_2", next)];
        settle(&mut attempts, &[]);
        assert_eq!(
            attempts.each_ref().map(|one| one.next_attempt_at.is_some()),
            [false, false, true]
        );
    }
}
