//! Formatting of times.
//!
//! The server writes them in UTC. Every time is a `<time>` element with its instant, so that
//! `page.js` can show it in the reader's time zone and language.

use std::time::Duration;

use askama::filters::Safe;
use domain::Timestamp;

/// Formatter of the times on a page, relative to the instant of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times(pub(crate) Timestamp);

/// Units of relative times: length in seconds, and name.
const STEPS: [(u64, &str); 5] = [
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3600, "hour"),
    (60, "minute"),
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
impl Times {
    /// Relative time ("5 minutes ago", "in 2 hours"), with the exact time on hover. It is no tab
    /// stop: a list has dozens.
    pub(crate) fn ago(&self, at: &Timestamp) -> Safe<String> {
        let text = relative(self.0, *at);
        let exact = utc(*at);
        Safe(format!("<time datetime=\"{at}\" title=\"{exact}\" data-ago>{text}</time>"))
    }

    /// Relative time in words, for a sentence.
    pub(crate) fn words(self, at: Timestamp) -> String {
        relative(self.0, at)
    }

    /// Exact time.
    #[expect(clippy::unused_self, reason = "templates ask the same object for every time")]
    pub(crate) fn at(&self, at: &Timestamp) -> Safe<String> {
        let text = utc(*at);
        Safe(format!("<time datetime=\"{at}\" title=\"{text}\" data-at>{text}</time>"))
    }

    /// Returns whether the time is in the future.
    pub(crate) fn is_ahead(&self, at: &Timestamp) -> bool {
        *at > self.0
    }

    /// Start of the current hour.
    pub(crate) fn hour(&self) -> Timestamp {
        const HOUR: i64 = 3_600_000;
        Timestamp::from_millis(self.0.as_millis() / HOUR * HOUR)
    }
}

/// Formats a time such as `2026-01-31 09:30:00 UTC`.
pub(crate) fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {} UTC", &text[..10], &text[11..19])
}

fn relative(now: Timestamp, at: Timestamp) -> String {
    let (span, future) = if at > now { (at.since(now), true) } else { (now.since(at), false) };
    match (span_text(span), future) {
        (None, true) => {
            let seconds = span.as_millis().div_ceil(1000);
            format!("in {seconds} second{}", if seconds == 1 { "" } else { "s" })
        }
        (None, false) => "just now".to_owned(),
        (Some(text), true) => format!("in {text}"),
        (Some(text), false) => format!("{text} ago"),
    }
}

/// Formats a span in its largest unit; none below a minute.
pub(crate) fn span_text(span: Duration) -> Option<String> {
    let seconds = span.as_secs();
    let (unit, name) = STEPS.into_iter().find(|(unit, _)| seconds >= *unit)?;
    let count = seconds / unit;
    Some(if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_their_greatest_unit() {
        let now: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        for (seconds, ago, soon) in [
            (0, "just now", "just now"),
            (1, "just now", "in 1 second"),
            (59, "just now", "in 59 seconds"),
            (60, "1 minute ago", "in 1 minute"),
            (7200, "2 hours ago", "in 2 hours"),
            (86_400 * 45, "1 month ago", "in 1 month"),
        ] {
            let span = Duration::from_secs(seconds);
            assert_eq!(relative(now, now.minus(span)), ago);
            assert_eq!(relative(now, now.plus(span)), soon);
        }
        assert_eq!(utc(now), "2026-01-31 09:30:00 UTC");
    }
}
