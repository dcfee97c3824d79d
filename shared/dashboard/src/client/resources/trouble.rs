//! Trouble of a webhook whose every delivery fails, in words.

use domain::Timestamp;
use serde::Deserialize;

/// Number of failures from which on every page of the account speaks of them. A receiver that is
/// restarted fails once or twice.
const LASTING: u64 = 3;

/// Webhook of the account whose every delivery fails.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FailingOwn {
    pub(crate) webhook_id: String,
    /// URL; told on the way to a page's frame alone.
    #[serde(default)]
    pub(crate) webhook_url: String,
    #[serde(flatten)]
    pub(crate) trouble: Trouble,
}

/// Trouble of a webhook whose every delivery fails.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Trouble {
    pub(crate) failing_since: Timestamp,
    pub(crate) disables_at: Option<Timestamp>,
    pub(crate) recent_attempts: u64,
    pub(crate) recent_failures: u64,
    pub(crate) cause: Option<Cause>,
}

/// Cause of failures.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Cause {
    pub(crate) response_status: Option<u16>,
    pub(crate) error_code: String,
}

impl Trouble {
    /// Returns whether it has lasted long enough for every page to speak of it.
    pub(crate) const fn lasts(&self) -> bool {
        self.recent_failures >= LASTING
    }

    /// Share of recent attempts that failed, in words.
    pub(crate) fn rate(&self) -> String {
        let Self { recent_attempts: all, recent_failures: failed, .. } = self;
        match (all, failed) {
            (0, _) => "No attempt was made in the last 24 hours".to_owned(),
            (1, 1) => "The only attempt of the last 24 hours failed".to_owned(),
            _ if all == failed => format!("All {all} attempts of the last 24 hours failed"),
            _ => format!("{failed} of {all} attempts in the last 24 hours failed"),
        }
    }

    /// Fault of the receiver, and what to look at.
    pub(crate) fn why(&self) -> String {
        let Some(cause) = &self.cause else { return String::new() };
        match cause.response_status {
            Some(status) => format!("It answers {status}: {}", advice(status)),
            None => unanswered(&cause.error_code).to_owned(),
        }
    }
}

/// Meaning of an answer with `status`, for whoever runs the receiver.
const fn advice(status: u16) -> &'static str {
    match status {
        300..=399 => "redirects are not followed. Enter the address that it leads to.",
        401 | 403 => {
            "it refuses the delivery. Check the signing secret, and credentials in the URL."
        }
        404 => "nothing is at that path. Check the URL.",
        405 => "it takes no POST at that path. Check the URL.",
        408 | 504 => "it took too long. Acknowledge first, and work afterwards.",
        413 => "the payload is too large for it. Raise its limit, or leave the related object out.",
        429 => "it takes fewer requests than it is sent. Raise its limit.",
        500..=599 => "it fails by itself. Its own log says why.",
        _ => "only a 2xx acknowledges. Its own log says why.",
    }
}

/// Meaning of a failure without an answer, for whoever runs the receiver.
fn unanswered(code: &str) -> &'static str {
    match code {
        "dns_error" => "Its host name does not resolve. Check the URL and the DNS record.",
        "address_not_public" => "Its host has a private address. It must be publicly reachable.",
        "connection_error" => "No connection can be made. Check that it runs, and its firewall.",
        "tls_error" => "TLS fails. Check its certificate: the host name, the chain and the expiry.",
        "timeout" => "It takes too long. Acknowledge first, and work afterwards.",
        "protocol_error" => "What it answers is not HTTP. Check the port.",
        "sns_error" => "The topic refuses the message. Check its access key and policy.",
        "message_too_large" => {
            "The message is too large for a topic. Leave the related object out."
        }
        _ => "The attempts say why.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(recent_failures: u64, status: Option<u16>, code: &str) -> Trouble {
        let cause = Some(Cause { response_status: status, error_code: code.to_owned() });
        let failing_since = Timestamp::EPOCH;
        let recent_attempts = recent_failures;
        Trouble { failing_since, disables_at: None, recent_attempts, recent_failures, cause }
    }

    #[test]
    fn a_cause_is_told_with_what_to_check() {
        let refused = trouble(4, Some(401), "bad_status");
        assert!(refused.why().starts_with("It answers 401: "), "{}", refused.why());
        assert!(refused.why().contains("signing secret"));
        assert!(trouble(1, None, "tls_error").why().contains("certificate"));
    }

    #[test]
    fn a_failure_or_two_do_not_alarm_every_page() {
        assert!(!trouble(2, None, "timeout").lasts() && trouble(3, None, "timeout").lasts());
        assert_eq!(trouble(3, None, "").rate(), "All 3 attempts of the last 24 hours failed");
        assert_eq!(trouble(1, None, "").rate(), "The only attempt of the last 24 hours failed");
    }
}
