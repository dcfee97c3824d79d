//! Formatting of times.
//!
//! The server writes them in UTC. Every time is a `<time>` element with its instant, so that
//! `page.js` can show it in the reader's time zone and language.

use std::borrow::Cow;

use askama::filters::Safe;
use domain::Timestamp;

use crate::words::TimeWords;

/// Formatter of the times on a page, relative to the instant of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times<'a> {
    pub(crate) now: Timestamp,
    pub(crate) say: &'a TimeWords,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
impl<'a> Times<'a> {
    /// Relative time ("5 minutes ago", "in 2 hours"), with the exact time on hover. It is no tab
    /// stop: a list has dozens.
    pub(crate) fn ago(&self, at: &Timestamp) -> Safe<String> {
        let text = askama::filters::escape(self.words(*at), askama::filters::Html);
        let Ok(text) = text;
        let exact = utc(*at);
        Safe(format!("<time datetime=\"{at}\" title=\"{exact}\" data-ago>{text}</time>"))
    }

    /// Relative time in words, for a sentence.
    pub(crate) fn words(self, at: Timestamp) -> Cow<'a, str> {
        self.say.relative(self.now, at)
    }

    /// Exact time.
    #[expect(clippy::unused_self, reason = "templates ask the same object for every time")]
    pub(crate) fn at(&self, at: &Timestamp) -> Safe<String> {
        let text = utc(*at);
        Safe(format!("<time datetime=\"{at}\" title=\"{text}\" data-at>{text}</time>"))
    }

    /// Returns whether the time is in the future.
    pub(crate) fn is_ahead(&self, at: &Timestamp) -> bool {
        *at > self.now
    }
}

/// Formats a time such as `2026-01-31 09:30:00 UTC`.
pub(crate) fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {} UTC", &text[..10], &text[11..19])
}

/// Start of the hour that contains `at`.
pub(crate) fn hour(at: Timestamp) -> Timestamp {
    const HOUR: i64 = 3_600_000;
    Timestamp::from_millis(at.as_millis() / HOUR * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_time_is_in_utc() {
        let now: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        assert_eq!(utc(now), "2026-01-31 09:30:00 UTC");
        assert_eq!(hour(now).to_string(), "2026-01-31T09:00:00.000Z");
    }
}
