//! Filling of a sentence's placeholders, and the check of a sentence that somebody else wrote.

use std::{borrow::Cow, fmt::Display};

use askama::filters::{Html, Safe, escape};

/// Error of a name that no page asks for.
pub(super) const UNKNOWN: &str = "there is no such sentence";

/// Placeholder of an explanation in English, which a sentence in another language may leave out.
const EXPLANATION: &str = "why";

/// Value of a placeholder.
pub(super) type Value<'a> = (&'static str, &'a dyn Display);

/// Part of a sentence.
#[derive(Clone, Copy)]
enum Part<'a> {
    Text(&'a str),
    /// Name of a placeholder.
    Place(&'a str),
}

/// Splits a sentence at its placeholders.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    text.split_inclusive('}').flat_map(|piece| match piece.split_once('{') {
        None => [Part::Text(piece), Part::Text("")],
        Some((before, place)) => [Part::Text(before), Part::Place(place.trim_end_matches('}'))],
    })
}

/// Fills the placeholders of a sentence with text.
pub(super) fn filled<'a>(text: &'a str, values: &[Value<'_>]) -> Cow<'a, str> {
    if values.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(joined(text, values, str::to_owned))
}

/// Fills the placeholders of a sentence with markup, and escapes the rest.
pub(super) fn around(text: &str, values: &[Value<'_>]) -> Safe<String> {
    let escaped = |text: &str| {
        let Ok(escaped) = escape(text, Html);
        escaped.to_string()
    };
    Safe(joined(text, values, escaped))
}

fn joined(text: &str, values: &[Value<'_>], write: impl Fn(&str) -> String) -> String {
    let value = |place| values.iter().find(|(name, _)| *name == place);
    let joined = parts(text).map(|part| match part {
        Part::Text(text) => write(text),
        Part::Place(place) => value(place).map(|(_, value)| value.to_string()).unwrap_or_default(),
    });
    joined.collect()
}

/// Checks that a sentence has all `places`, but for an explanation, and no other.
pub(super) fn check(text: &str, places: &[&str]) -> Result<(), String> {
    if text.matches('{').count() != text.matches('}').count() {
        return Err("a { without its }".to_owned());
    }
    let is_known = |place: &str| places.contains(&place);
    let there: Vec<&str> = parts(text).filter_map(place).collect();
    if let Some(unknown) = there.iter().find(|place| !is_known(place)) {
        return Err(format!("{{{unknown}}} has no meaning here"));
    }
    match places.iter().find(|place| !there.contains(place) && **place != EXPLANATION) {
        Some(missing) => Err(format!("lacks {{{missing}}}")),
        None => Ok(()),
    }
}

fn place(part: Part<'_>) -> Option<&str> {
    match part {
        Part::Text(_) => None,
        Part::Place(place) => Some(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_not_filled_itself() {
        let filled = filled("{a} and {b}", &[("a", &"{b}"), ("b", &1)]);
        assert_eq!(filled, "{b} and 1");
    }

    #[test]
    fn a_sentence_around_markup_is_escaped() {
        let Safe(told) = around("<since> {at}", &[("at", &Safe("<time>now</time>"))]);
        assert_eq!(told, "&#60;since&#62; <time>now</time>");
    }
}
