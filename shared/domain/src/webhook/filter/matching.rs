//! Matching of an event against a pattern.

use memchr::memmem;
use serde_json::{Number, Value};

use super::pattern::{Members, Pattern, Shape, Test, Text, Wanted};

impl Pattern {
    pub(super) fn matches(&self, event: &Value) -> bool {
        // Absence is a property of the whole event, whichever elements of arrays the rest is in.
        let absent: Vec<bool> = self.absent.iter().map(|path| !exists(event, path)).collect();
        self.members.matches(Some(event), &absent)
    }
}

/// Returns whether there is a value, neither object nor array, under `path`.
fn exists(value: &Value, path: &[String]) -> bool {
    match (value, path) {
        (Value::Array(elements), path) => elements.iter().any(|one| exists(one, path)),
        (Value::Object(members), [first, rest @ ..]) => {
            members.get(first).is_some_and(|member| exists(member, rest))
        }
        (value, []) => !value.is_object(),
        _ => false,
    }
}

impl Members {
    /// Returns whether all of them match in one object: `value`, or an element of it.
    fn matches(&self, value: Option<&Value>, absent: &[bool]) -> bool {
        match value {
            Some(Value::Array(elements)) if !elements.is_empty() => {
                elements.iter().any(|one| self.matches(Some(one), absent))
            }
            value => {
                let member = |name: &str| value.and_then(|value| value.as_object()?.get(name));
                let named = |(name, wanted): &(String, Wanted)| match wanted {
                    Wanted::Object(members) => members.matches(member(name), absent),
                    Wanted::OneOf(tests) => one_holds(tests, member(name), absent),
                };
                let one_of = |any: &Vec<Self>| any.iter().any(|one| one.matches(value, absent));
                self.named.iter().all(named) && self.alternatives.iter().all(one_of)
            }
        }
    }
}

/// Returns whether one of `tests` holds for `value`, or for an element of it.
fn one_holds(tests: &[Test], value: Option<&Value>, absent: &[bool]) -> bool {
    let is_absent = |test: &Test| matches!(test, Test::Absent(path) if absent[*path]);
    tests.iter().any(is_absent) || value.is_some_and(|value| any_scalar(tests, value))
}

fn any_scalar(tests: &[Test], value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(|one| any_scalar(tests, one)),
        Value::Object(_) => false,
        scalar => tests.iter().any(|test| test.holds(scalar)),
    }
}

impl Test {
    fn holds(&self, scalar: &Value) -> bool {
        match (self, scalar) {
            (Self::Texts(texts), Value::String(text)) => texts.contains(text),
            (Self::Number(wanted), Value::Number(number)) => are_equal(wanted, number),
            (Self::Between(low, high), Value::Number(number)) => {
                let bounds = (*low, *high);
                number
                    .as_f64()
                    .is_some_and(|number| std::ops::RangeBounds::contains(&bounds, &number))
            }
            (Self::Bool(wanted), Value::Bool(value)) => wanted == value,
            (Self::Shape(shape), Value::String(text)) => shape.fits(text),
            (Self::AnythingBut(tests), scalar) => !tests.iter().any(|test| test.holds(scalar)),
            (Self::Null, Value::Null) | (Self::Present, _) => true,
            _ => false,
        }
    }
}

/// Returns whether two numbers are the same: whole ones by every digit, others as floating point.
fn are_equal(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

impl Shape {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Prefix(Text::Exact(prefix)) => text.starts_with(prefix),
            Self::Prefix(Text::Folded(prefix)) => text.to_lowercase().starts_with(prefix),
            Self::Suffix(Text::Exact(suffix)) => text.ends_with(suffix),
            Self::Suffix(Text::Folded(suffix)) => text.to_lowercase().ends_with(suffix),
            Self::Folded(wanted) => text.to_lowercase() == *wanted,
            Self::Wildcard(parts) => has_parts(text, parts),
        }
    }
}

/// Returns whether `text` consists of `parts`, in their order, with anything between them. The earliest
/// place of each part is as good as any later one, so the search never goes back.
fn has_parts(text: &str, parts: &[String]) -> bool {
    let [first, rest @ ..] = parts else { return false };
    let Some((last, middle)) = rest.split_last() else { return text == first };
    let inner = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
    let Some(mut inner) = inner.map(str::as_bytes) else { return false };
    for part in middle {
        let Some(at) = memmem::find(inner, part.as_bytes()) else { return false };
        inner = &inner[at + part.len()..];
    }
    true
}
