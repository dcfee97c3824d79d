//! Param: the name of the field that a problem is about.

use std::{borrow::Cow, fmt};

/// Maximum length of a `param` in characters.
const LONGEST: usize = 100;
/// Number of digits from which a name is taken for a value: an identifier, a card, a phone number.
const MANY_DIGITS: usize = 8;
/// Length of a run of letters and digits, with both among them, from which a name is taken for a
/// secret.
const LONG_RUN: usize = 16;
/// Placeholder in a path for a name that is not shown; no path with it is a name.
const UNSHOWN: &str = "?";
/// Marks of our secrets, whatever the installation's key prefix is.
const OF_SECRETS: &[&str] =
    &["sk_test_", "sk_live_", "pk_test_", "pk_live_", "lhop_", "lhps_", "whsec_"];

/// Path of a field as callers are shown it (`data.object.items[3].name`): short, and made of the
/// characters usual in names.
///
/// Callers can send anything where a name belongs, for example a secret key as a form without `=`.
/// Such a text is never repeated, so it can't be made into a `Param`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param(Cow<'static, str>);

impl Param {
    /// Makes the param for the field at `path`; none if that is not a name, or looks like a value.
    pub fn named(path: impl Into<Cow<'static, str>>) -> Option<Self> {
        let path = path.into();
        is_name(&path).then_some(Self(path))
    }

    /// Returns the longest beginning of `path` that can be shown, up to a field's end; none if no name
    /// begins it.
    #[must_use]
    pub fn around(path: &str) -> Option<&str> {
        if is_name(path) {
            return Some(path);
        }
        let ends = path.char_indices().rev().filter(|(_, letter)| matches!(letter, '.' | '['));
        ends.map(|(end, _)| &path[..end]).find(|around| is_name(around))
    }

    /// One name as a part of a path: itself, or a sign for one that is not shown. Of an address
    /// with dots in it not even a part is to be taken for a name.
    pub(crate) fn part(name: &str) -> &str {
        if is_name(name) { name } else { UNSHOWN }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the subject of a sentence about the field at `path`: its name, or else what contains it.
pub(super) fn subject(path: &str) -> Cow<'_, str> {
    if is_name(path) {
        return Cow::Borrowed(path);
    }
    match Param::around(path) {
        Some(around) => Cow::Owned(format!("A field in {around}")),
        None => Cow::Borrowed("A field of the request"),
    }
}

fn is_name(path: &str) -> bool {
    let is_short = (1..=LONGEST).contains(&path.len());
    is_short
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.[]-".contains(&b))
        && !OF_SECRETS.iter().any(|mark| path.contains(mark))
        && !path.split(['.', '[', ']']).any(looks_like_a_value)
}

fn looks_like_a_value(name: &str) -> bool {
    let is_random = |run: &str| {
        run.len() >= LONG_RUN
            && run.bytes().any(|b| b.is_ascii_digit())
            && run.bytes().any(|b| b.is_ascii_alphabetic())
    };
    name.bytes().filter(u8::is_ascii_digit).count() >= MANY_DIGITS
        || name.split(['_', '-']).any(is_random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_shown() {
        let longest = "x".repeat(LONGEST);
        for name in [
            "name",
            "webhook_url",
            "Idempotency-Key",
            "data.object.items[3].name",
            "request_logs[499].path",
            "address_line_2",
            "previous_expires_at",
            "aVeryLongNameInCamelCase",
            &longest,
        ] {
            assert_eq!(Param::named(name.to_owned()).unwrap().as_str(), name);
        }
    }

    #[test]
    fn texts_that_are_not_names_are_not_shown() {
        let too_long = "x".repeat(LONGEST + 1);
        for text in ["", "a b", "{\"key\":1}", "é", "a\0", "a/b", "<script>", "a=b", &too_long] {
            assert_eq!(Param::named(text.to_owned()), None, "{text}");
        }
    }

    #[test]
    fn values_that_look_like_names_are_not_shown() {
        for text in [
            "lh_sk_test_x7Kk2nYw0q1VbR3sT5uZ8aC9dE4fG6hJaB3dE9",
            "acme_pk_live_short",
            "lhop_abc",
            "lhps_abc",
            "whsec_abc",
            "data.whsec_abc",
            "sk_prod_51Habcdefghijklmn",
            "4722c07dd9a10c3985ae432a",
            "123-45-6789",
            "4111111111111111",
            "evt_01jgz2v6nv6e0w5dj3c5rqm8ta",
            "0b9c1f2e-5a1d-4a52-9c1c-0d2f7b5f1c11",
        ] {
            assert_eq!(Param::named(text), None, "{text}");
        }
    }

    #[test]
    fn a_sentence_about_an_unshowable_field_names_what_contains_it() {
        assert_eq!(subject("data.object.id"), "data.object.id");
        assert_eq!(subject("data.object.whsec_abc"), "A field in data.object");
        assert_eq!(subject("data.list[2].a b"), "A field in data.list[2]");
        assert_eq!(subject("lh_sk_test_abc"), "A field of the request");
        assert_eq!(subject(""), "A field of the request");
        let deep = "a.".repeat(60) + "z";
        assert!(subject(&deep).len() <= "A field in ".len() + LONGEST, "{}", subject(&deep));
    }
}
