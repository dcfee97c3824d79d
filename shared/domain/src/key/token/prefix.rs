//! Key prefix: the operator's mark at the start of every key.

use std::{fmt, str::FromStr};

/// Most letters of a prefix.
pub(crate) const MOST: usize = 16;
/// Prefixes of operator tokens and of portal sessions' tokens.
const RESERVED: [&str; 2] = ["lhop", "lhps"];

/// Prefix of every key of this installation, by which people and secret scanners recognize its
/// origin: chosen by the operator, `lh` by default.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPrefix(String);

/// Error: the text can't be a [`KeyPrefix`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 16 lowercase letters, digits and underscores, starting with a letter, ending \
     with a letter or digit, and not lhop or lhps, which are other tokens'"
)]
pub struct NotAKeyPrefix;

impl KeyPrefix {
    /// Returns the prefix, without the underscore that follows it in a key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for KeyPrefix {
    fn default() -> Self {
        Self("lh".to_owned())
    }
}

impl FromStr for KeyPrefix {
    type Err = NotAKeyPrefix;

    fn from_str(text: &str) -> Result<Self, NotAKeyPrefix> {
        if is_valid(text) { Ok(Self(text.to_owned())) } else { Err(NotAKeyPrefix) }
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns whether a key can start with `prefix`.
pub(super) fn is_valid(prefix: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    prefix.len() <= MOST
        && prefix.starts_with(|first: char| first.is_ascii_lowercase())
        && prefix.bytes().all(allowed)
        && !prefix.ends_with('_')
        && !prefix.split('_').next().is_some_and(|first| RESERVED.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_short_and_plain() {
        for text in ["lh", "a", "acme_corp", "sk_test", "a__b", "k3", "abcdefghijklmnop"] {
            assert_eq!(text.parse::<KeyPrefix>().map(|prefix| prefix.to_string()), Ok(text.into()));
        }
        for text in [
            "",
            "_",
            "_a",
            "a_",
            "3k",
            "LH",
            "l-h",
            "l h",
            "lé",
            "lhop",
            "lhop_x",
            "abcdefghijklmnopq",
        ] {
            assert_eq!(text.parse::<KeyPrefix>(), Err(NotAKeyPrefix), "{text}");
        }
    }
}
