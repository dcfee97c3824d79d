//! Expiry of a key, as forms ask for it.

use std::time::Duration;

use domain::Timestamp;

use crate::{client::Refusal, session::Fields, words::FormWords};

/// Expiry that a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// At once.
    Now,
    /// Never.
    Never,
    /// At an instant.
    At(Timestamp),
}

/// Choices between now and never, by the value of their field.
const SPANS: [(&str, Duration); 4] = [
    ("hour", Duration::from_hours(1)),
    ("day", Duration::from_hours(24)),
    ("week", Duration::from_hours(7 * 24)),
    ("quarter", Duration::from_hours(90 * 24)),
];

impl Expiry {
    /// Reads the form's choice.
    ///
    /// # Errors
    /// Refuses `expires_at` if a date was chosen but not given, or is over.
    pub(crate) fn read(fields: &Fields, now: Timestamp, say: &FormWords) -> Result<Self, Refusal> {
        let asked = fields.get("expiry");
        if let Some((_, span)) = SPANS.iter().find(|(name, _)| *name == asked) {
            return Ok(Self::At(whole_minute(now.plus(*span))));
        }
        match asked {
            "now" => Ok(Self::Now),
            "date" => match instant(fields.get("expires_at")) {
                None => Err(Refusal::of("expires_at", &say.date())),
                Some(at) if at <= now => Err(Refusal::of("expires_at", &say.future())),
                Some(at) => Ok(Self::At(at)),
            },
            _ => Ok(Self::Never),
        }
    }
}

/// Rounds up to a whole minute, so that a form that is sent twice asks for the same time.
fn whole_minute(at: Timestamp) -> Timestamp {
    const MINUTE: i64 = 60_000;
    Timestamp::from_millis((at.as_millis() + MINUTE - 1) / MINUTE * MINUTE)
}

/// Parses the instant of a date field: UTC if it names no time zone.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let date_only = text.len() == 10;
    let candidates = if date_only {
        [format!("{text}T00:00:00Z"), String::new()]
    } else {
        [format!("{text}:00Z"), format!("{text}Z")]
    };
    let parsed = candidates.iter().find_map(|candidate| candidate.parse().ok());
    parsed.or_else(|| Timestamp::from_form(text).ok())
}

/// Formats an instant for a date field: to the minute, in UTC.
pub(crate) fn date_field(text: &str) -> String {
    instant(text).map(|at| at.to_string()[..16].to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_utc_however_much_of_it_there_is() {
        let at = |text: &str| instant(text).map(|at| at.to_string());
        for text in [
            "2026-01-31T09:30",
            "2026-01-31T09:30:00",
            "2026-01-31T10:30:00+01:00",
            "2026-01-31T10:30:00 01:00",
        ] {
            assert_eq!(at(text).as_deref(), Some("2026-01-31T09:30:00.000Z"), "{text}");
        }
        assert_eq!(at("2026-01-31").as_deref(), Some("2026-01-31T00:00:00.000Z"));
        assert_eq!((at(""), at("tomorrow")), (None, None));
        assert_eq!(date_field("2026-01-31T10:30:00+01:00"), "2026-01-31T09:30");
        assert_eq!(date_field("tomorrow"), "");
    }

    #[test]
    fn a_form_that_is_sent_twice_asks_for_the_same_instant() {
        let now: Timestamp = "2026-01-31T09:30:10.123Z".parse().unwrap();
        let fields = Fields::parse(b"expiry=hour");
        let later = now.plus(Duration::from_secs(2));
        let read = |fields: &Fields, now| Expiry::read(fields, now, &FormWords::ENGLISH);
        assert_eq!(read(&fields, now).unwrap(), read(&fields, later).unwrap());
        for (date, told) in [
            ("", "Choose a date and a time."),
            ("2026-01-31", "Choose a time that is still to come."),
        ] {
            let fields = Fields::parse(format!("expiry=date&expires_at={date}").as_bytes());
            let refused = read(&fields, now).unwrap_err();
            assert_eq!((refused.param.as_deref(), &*refused.message), (Some("expires_at"), told));
        }
    }
}
