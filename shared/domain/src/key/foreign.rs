//! Foreign keys: keys that somebody else made, in whatever form.

use sha2::{Digest as _, Sha256};

use crate::{redaction::MASK, secret::Secret};

/// Fewest characters of a key.
const FEWEST: usize = 8;
/// Most characters of a key.
const MOST: usize = 255;
/// Prefixes of other tokens of Latchhook: no key begins like that, so that a token is never looked up
/// as a key.
const RESERVED: [&str; 2] = ["lhop_", "lhps_"];
/// Length from which a few characters of a key are shown: the others are more than anybody guesses.
const LONG: usize = 24;
/// Most letters of the mark that is shown of a long key.
const MARK: usize = 12;
/// Last characters that are shown of a long key.
const SHOWN: usize = 4;

/// Error: the text can't be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 8 to 255 visible ASCII characters, and not begin with lhop_ or lhps_")]
pub struct NotAForeignKey;

/// SHA-256 of a key. Known to whoever knows the key, and of a key that can be guessed to whoever has
/// the hash: so it is kept as the key itself would be.
pub type Hash = [u8; 32];

/// Checks that `text` can be a key of any form.
///
/// # Errors
/// [`NotAForeignKey`] when it is too short, too long, has other characters, or begins like another
/// token of ours.
pub fn check(text: &str) -> Result<(), NotAForeignKey> {
    let is_key = (FEWEST..=MOST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !RESERVED.iter().any(|prefix| text.starts_with(prefix));
    if is_key { Ok(()) } else { Err(NotAForeignKey) }
}

/// Returns the hash of a key.
#[must_use]
pub fn hash(text: &str) -> Hash {
    Sha256::digest(text).into()
}

/// Reads a hash from its 64 hexadecimal digits.
#[must_use]
pub fn read_hash(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

/// Returns the hash as it is kept in place of the key.
#[must_use]
pub fn kept(hash: &Hash) -> Secret {
    Secret::new(hex::encode(hash))
}

/// Returns the key `text` as lists show it: `sk_live_****9f3c`. Of one that is not long nothing is
/// shown, and only letters are taken for a mark.
#[must_use]
pub fn redacted(text: &str) -> String {
    if text.len() < LONG || !text.is_ascii() {
        return MASK.to_owned();
    }
    let is_of_mark = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    let letters = text.bytes().take(MARK).take_while(is_of_mark).count();
    let mark = text[..letters].rfind('_').map_or("", |end| &text[..=end]);
    format!("{mark}{MASK}{}", &text[text.len() - SHOWN..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_of_a_sensible_length() {
        for text in ["12345678", "sk_live_abc", "key:with/all+signs~!", &"x".repeat(255)] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "1234567",
            "1234 678",
            "pässword",
            "12345678\n",
            "lhop_abcdef",
            "lhps_abcdef",
            &"x".repeat(256),
        ] {
            assert_eq!(check(text), Err(NotAForeignKey), "{text}");
        }
    }

    #[test]
    fn little_is_shown_of_a_long_key_and_nothing_of_a_short_one() {
        for (text, shown) in [
            ("sk_live_51Habcdefghijklmnop", "sk_live_****mnop"),
            ("550e8400-e29b-41d4-a716-446655440000", "****0000"),
            ("averylongprefixwithoutanend_123", "****_123"),
            ("abcdefghijklmnopqrstuvwxyz", "****wxyz"),
            ("sk_live_51Habcdefghijkl", "****"),
            ("hunter2hunter2", "****"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    /// The hash is that of `printf hello | sha256sum`.
    #[test]
    fn a_hash_is_read_from_hexadecimal_digits() {
        let text = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(read_hash(text), Some(hash("hello")));
        assert_eq!(read_hash(&text.to_uppercase()), Some(hash("hello")));
        assert_eq!(kept(&hash("hello")).expose(), text);
        for wrong in ["", &text[1..], &text.replace('c', "x")] {
            assert_eq!(read_hash(wrong), None, "{wrong}");
        }
    }
}
