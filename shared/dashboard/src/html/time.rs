//! Times as people read them.
//!
//! Without scripts they are in UTC. With them, `page.js` puts the reader's own zone and language in
//! place, which is why every time stands in a `<time>` with its instant.

use std::time::Duration;

use askama::filters::Safe;
use domain::Timestamp;

/// What writes times on a page that was asked for at an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times(pub(crate) Timestamp);

/// The steps in which spans are told: how many seconds one is, and its name.
const STEPS: [(u64, &str); 5] = [
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3600, "hour"),
    (60, "minute"),
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
impl Times {
    /// How long ago it was, or how soon it will be; the exact time on hover, and on focus.
    pub(crate) fn ago(&self, at: &Timestamp) -> Safe<String> {
        let text = relative(self.0, *at);
        let exact = utc(*at);
        Safe(format!(
            "<time datetime=\"{at}\" title=\"{exact}\" tabindex=\"0\" data-ago>{text}</time>"
        ))
    }

    /// The exact time.
    #[expect(clippy::unused_self, reason = "templates ask the same object for every time")]
    pub(crate) fn at(&self, at: &Timestamp) -> Safe<String> {
        let text = utc(*at);
        Safe(format!("<time datetime=\"{at}\" title=\"{text}\" data-at>{text}</time>"))
    }

    /// Whether it is still to come.
    pub(crate) fn is_ahead(&self, at: &Timestamp) -> bool {
        *at > self.0
    }

    /// The beginning of the hour that it is.
    pub(crate) fn hour(&self) -> Timestamp {
        const HOUR: i64 = 3_600_000;
        Timestamp::from_millis(self.0.as_millis() / HOUR * HOUR)
    }
}

/// `2026-01-31 09:30:00 UTC`.
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

/// A span in its greatest unit; none below a minute.
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
