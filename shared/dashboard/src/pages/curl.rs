//! Delivery attempts as a command for a shell.

use std::fmt::Write as _;

use crate::client::resources::Attempt;

/// Headers that `curl` sets by itself.
const OWN: [&str; 4] = ["content-length", "host", "connection", "accept-encoding"];

/// Command that posts an attempt's request again; none if its body is gone, or it went to a topic.
pub(super) fn command(attempt: &Attempt) -> Option<String> {
    let body = attempt.request.body.as_deref()?;
    if !attempt.webhook_url.starts_with("http") {
        return None;
    }
    let mut command = format!("curl --request POST {}", quoted(&attempt.webhook_url));
    for (name, value) in &attempt.request.headers {
        if !OWN.contains(&name.to_ascii_lowercase().as_str()) {
            // Writing to a String can't fail.
            _ = write!(command, " \\\n  --header {}", quoted(&format!("{name}: {value}")));
        }
    }
    _ = write!(command, " \\\n  --data-raw {}", quoted(body));
    Some(command)
}

/// One word of a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_in_a_delivery_leaves_its_word() {
        let attempt: Attempt = serde_json::from_value(json!({
            "id": "log_1", "created_at": "2026-01-31T09:00:00.000Z", "environment": "test",
            "event_id": "evt_1", "event_type": "a.b", "webhook_id": "wh_1",
            "webhook_url": "https://a.example/$(id)", "attempt": 1, "trigger": "schedule",
            "status": "failed", "response_status": 503, "error": null, "duration_ms": 3,
            "next_attempt_at": null, "response": null,
            "request": {"headers": {"content-length": "9", "webhook-id": "evt_1"}, "body": "{\"a\":\"it's\"}"},
        }))
        .unwrap();
        let expected = "curl --request POST 'https://a.example/$(id)' \\\n  --header 'webhook-id: evt_1' \\\n  \
                        --data-raw '{\"a\":\"it'\\''s\"}'";
        assert_eq!(command(&attempt).unwrap(), expected);
    }
}
