//! API keys that are broken up, anywhere: by quotes, line breaks, concatenation and the like.
//!
//! The checksum tells a key from words that follow one another.

use memchr::memchr_iter;
use zeroize::Zeroizing;

use super::span::Span;
use crate::key::token;

/// Number of underscores in a key; text with fewer is not looked at further.
const UNDERSCORES: usize = 3;

/// Finds the API keys whose letters do not all stand next to one another.
pub(super) fn keys(bytes: &[u8], mut each: impl FnMut(Span)) {
    if memchr_iter(b'_', bytes).nth(UNDERSCORES - 1).is_none() {
        return;
    }
    let letters = Letters::of(bytes);
    for at in memchr_iter(b'_', &letters.text) {
        let (from, to) = (at + 1, at + 1 + token::DIGITS);
        let Some(mark) = from.checked_sub(token::MARK_LEN) else { continue };
        if letters.are_broken(mark, to) && letters.are_key(mark, to) {
            each(Span::whole(letters.places[from - 1] + 1, letters.places[to - 1] + 1));
        }
    }
}

/// Letters, digits and underscores of a text, and where in it they stand.
struct Letters {
    text: Zeroizing<Vec<u8>>,
    places: Vec<usize>,
}

impl Letters {
    fn of(bytes: &[u8]) -> Self {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let letters = bytes.iter().enumerate().filter(|(_, byte)| is_letter(byte));
        let (places, text) = letters.map(|(place, byte)| (place, *byte)).unzip();
        Self { text: Zeroizing::new(text), places }
    }

    /// Returns whether there is something between those from `from` to `to`.
    fn are_broken(&self, from: usize, to: usize) -> bool {
        let ends = self.places.get(from).zip(self.places.get(to - 1));
        ends.is_some_and(|(first, last)| last - first > to - 1 - from)
    }

    /// Returns whether those from `mark` to `to`, and some before them as the prefix, are a key.
    fn are_key(&self, mark: usize, to: usize) -> bool {
        let first = mark.saturating_sub(token::MOST_OF_PREFIX);
        let text = self.text.get(first..to).and_then(|text| str::from_utf8(text).ok());
        text.is_some_and(|text| {
            (0..mark - first).any(|skipped| token::parse(&text[skipped..]).is_ok())
        })
    }
}
