//! API key token: the key itself, as its holder sees it.
//!
//! `{prefix}_{sk|pk}_{test|live}_{32 base62}{6 base62}`: 190 random bits, then the CRC-32 of all
//! that precedes it, so that a mistyped or truncated key is refused without a look-up. Secret
//! scanners match the default prefix with
//!
//! ```text
//! \blh_(sk|pk)_(test|live)_[0-9A-Za-z]{38}\b
//! ```
//!
//! The checksum is no protection: anybody can compute it. A key that parses still has to be looked
//! up.

mod base62;
mod prefix;

use crate::{
    kinds::{Environment, KeyType},
    redaction::MASK,
    secret::Secret,
};

pub(crate) use prefix::MOST as MOST_OF_PREFIX;
pub use prefix::{KeyPrefix, NotAKeyPrefix};

/// Number of random base62 digits.
const RANDOM_LEN: usize = 32;
/// Base62 digits of a bearer token: 62⁴³ is the first power above 2²⁵⁶.
const BEARER_LEN: usize = 43;
/// Base62 digits of the CRC-32: 62⁶ is the first power above 2³².
const CHECKSUM_LEN: usize = 6;
/// Number of digits of a whole key.
pub(crate) const DIGITS: usize = RANDOM_LEN + CHECKSUM_LEN;
/// Number of digits that [`redacted`] leaves. They belong to the checksum and reveal less than 24
/// of the 190 bits.
pub(crate) const SHOWN_LEN: usize = 4;

/// Type and environment of a key, as its text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenParts {
    /// Type of the key: secret or publishable.
    pub key_type: KeyType,
    /// Environment in which the key works.
    pub environment: Environment,
}

/// Error: the text is not an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API key")]
pub struct NotAKey;

/// Makes a new key from the number `entropy`.
///
/// The number is taken modulo 62³²; with 256 bits every key is equally likely to within one part in
/// 2⁶⁵.
#[must_use]
pub fn mint(
    prefix: &KeyPrefix,
    key_type: KeyType,
    environment: Environment,
    entropy: [u8; 32],
) -> Secret {
    // Reserve the whole length: growing would leave a copy behind in freed memory.
    let mut key = String::with_capacity(prefix::MOST + MARK_LEN + DIGITS);
    key.push_str(prefix.as_str());
    key.push_str(mark(TokenParts { key_type, environment }));
    base62::push_random::<RANDOM_LEN>(&mut key, entropy);
    let checksum = checksum(&key);
    key.extend(checksum.map(char::from));
    Secret::new(key)
}

/// Makes a new bearer token other than an API key (`lhop_…`, `lhps_…`): `prefix` and 43 base62
/// digits of the number `entropy`.
#[must_use]
pub fn bearer(prefix: &str, entropy: [u8; 32]) -> Secret {
    let mut token = String::with_capacity(prefix.len() + BEARER_LEN);
    token.push_str(prefix);
    base62::push_random::<BEARER_LEN>(&mut token, entropy);
    Secret::new(token)
}

/// Reads the type and environment from the key `text`, if its checksum is right.
///
/// Any prefix is accepted: the operator may change theirs, and keys given out before still work.
///
/// # Errors
/// [`NotAKey`] when the text is mistyped, truncated, or something else.
pub fn parse(text: &str) -> Result<TokenParts, NotAKey> {
    let Shape { prefix, parts, digits } = Shape::of(text).ok_or(NotAKey)?;
    let (before, given) = text.split_at(text.len() - CHECKSUM_LEN);
    let holds = prefix::is_valid(prefix)
        && digits.bytes().all(|digit| digit.is_ascii_alphanumeric())
        && checksum(before) == *given.as_bytes();
    if holds { Ok(parts) } else { Err(NotAKey) }
}

/// Returns whether `text` has the form of a key with this `prefix`, and is none: somebody has mistyped
/// a digit.
#[must_use]
pub fn is_mistyped(text: &str, prefix: &KeyPrefix) -> bool {
    let is_of_prefix = |shape: Shape<'_>| {
        shape.prefix == prefix.as_str()
            && shape.digits.bytes().all(|digit| digit.is_ascii_alphanumeric())
    };
    Shape::of(text).is_some_and(is_of_prefix) && parse(text).is_err()
}

/// Returns the key `text` as lists show it: `lh_sk_test_****abcd`. Shows nothing of a text that is
/// not a key.
#[must_use]
pub fn redacted(text: &str) -> String {
    let Some(Shape { digits, .. }) = Shape::of(text) else { return MASK.to_owned() };
    let before = &text[..text.len() - digits.len()];
    let shown = &digits[digits.len() - SHOWN_LEN..];
    format!("{before}{MASK}{shown}")
}

/// Parts of a key. They are read from the end, where lengths are fixed and no underscore occurs, so
/// that underscores within a prefix do no harm.
struct Shape<'a> {
    prefix: &'a str,
    parts: TokenParts,
    digits: &'a str,
}

impl<'a> Shape<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let digits_at = text.len().checked_sub(DIGITS)?;
        let (before, digits) = text.split_at_checked(digits_at)?;
        // Whoever takes the last of them counts in bytes.
        if !digits.is_ascii() {
            return None;
        }
        let (prefix, found) = before.split_at_checked(before.len().checked_sub(MARK_LEN)?)?;
        let (_, parts) = MARKS.iter().find(|(mark, _)| *mark == found)?;
        (prefix.len() <= prefix::MOST).then_some(Self { prefix, parts: *parts, digits })
    }
}

/// Letters in a mark.
pub(crate) const MARK_LEN: usize = "_sk_test_".len();

/// Marks between the prefix and the digits, with their meaning.
const MARKS: [(&str, TokenParts); 4] = {
    use Environment::{Live, Test};
    use KeyType::{Publishable, Secret};
    [
        ("_sk_test_", TokenParts { key_type: Secret, environment: Test }),
        ("_sk_live_", TokenParts { key_type: Secret, environment: Live }),
        ("_pk_test_", TokenParts { key_type: Publishable, environment: Test }),
        ("_pk_live_", TokenParts { key_type: Publishable, environment: Live }),
    ]
};

const fn mark(parts: TokenParts) -> &'static str {
    match (parts.key_type, parts.environment) {
        (KeyType::Secret, Environment::Test) => MARKS[0].0,
        (KeyType::Secret, Environment::Live) => MARKS[1].0,
        (KeyType::Publishable, Environment::Test) => MARKS[2].0,
        (KeyType::Publishable, Environment::Live) => MARKS[3].0,
    }
}

fn checksum(before: &str) -> [u8; CHECKSUM_LEN] {
    base62::digits(crc32fast::hash(before.as_bytes()))
}

#[cfg(test)]
mod tests;
