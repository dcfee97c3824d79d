//! Trouble of a webhook whose every delivery fails, in words.

use std::borrow::Cow;

use domain::Timestamp;
use serde::Deserialize;

use crate::words::TroubleWords;

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

    /// Share of recent attempts that failed, in a sentence.
    pub(crate) fn rate<'a>(&self, say: &'a TroubleWords) -> Cow<'a, str> {
        let Self { recent_attempts: all, recent_failures: failed, .. } = self;
        match (all, failed) {
            (0, _) => say.rate_none(),
            (1, 1) => say.rate_one(),
            _ if all == failed => say.rate_all(all),
            _ => say.rate(failed, all),
        }
    }

    /// Fault of the receiver, and what to look at.
    pub(crate) fn why<'a>(&self, say: &'a TroubleWords) -> Cow<'a, str> {
        let Some(cause) = &self.cause else { return Cow::Borrowed("") };
        let told = say.told(cause.response_status, &cause.error_code);
        told.unwrap_or_else(|| say.attempts_say())
    }
}

/// Advice about one failed attempt, as a sentence of its own; none if there is none to give.
pub(super) fn advice<'a>(
    status: Option<u16>,
    code: &str,
    say: &'a TroubleWords,
) -> Option<Cow<'a, str>> {
    match status {
        Some(status) => Some(Cow::Owned(capitalized(&say.meaning(status)))),
        None => say.unanswered(code).map(|(_, check)| check),
    }
}

/// Text with a capital letter at its beginning.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
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
        let say = TroubleWords::ENGLISH;
        let refused = trouble(4, Some(401), "bad_status");
        let why = refused.why(&say);
        assert!(why.starts_with("It answers 401: it refuses the delivery. "), "{why}");
        assert!(why.contains("signing secret"));
        assert!(trouble(1, None, "tls_error").why(&say).contains("certificate"));
    }

    #[test]
    fn an_attempt_is_told_with_what_to_check_and_no_more() {
        let say = TroubleWords::ENGLISH;
        let advice = |status, code| advice(status, code, &say);
        let check = "Check its certificate: the host name, the chain and the expiry.";
        assert_eq!(advice(None, "tls_error").unwrap(), check);
        let check = "Nothing is at that path. Check the URL.";
        assert_eq!(advice(Some(404), "bad_status").unwrap(), check);
        assert_eq!(advice(None, "of_tomorrow"), None);
    }

    #[test]
    fn a_failure_or_two_do_not_alarm_every_page() {
        assert!(!trouble(2, None, "timeout").lasts() && trouble(3, None, "timeout").lasts());
        let rate = |count| trouble(count, None, "").rate(&TroubleWords::ENGLISH).into_owned();
        assert_eq!(rate(3), "All 3 attempts of the last 24 hours failed.");
        assert_eq!(rate(1), "The only attempt of the last 24 hours failed.");
    }
}
