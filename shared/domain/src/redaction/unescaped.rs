//! Unescaped text: the text as read by somebody who decodes it as often as needed.

use std::borrow::Cow;

use memchr::memchr3;

/// Number of rounds of unescaping: JSON within JSON, percent-encoding within JSON.
const ROUNDS: usize = 3;

/// Plain bytes of a text, and the place in the text that each of them comes from.
pub(super) struct Unescaped<'t> {
    bytes: Cow<'t, [u8]>,
    /// Start of each byte in the original text, then its length; none if nothing was unescaped.
    places: Option<Vec<usize>>,
}

impl<'t> Unescaped<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut plain = Self { bytes: Cow::Borrowed(text.as_bytes()), places: None };
        for _ in 0..ROUNDS {
            let Some(next) = plain.once() else { break };
            plain = next;
        }
        plain
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the place in the original text of the byte at `index`.
    pub(super) fn place(&self, index: usize) -> usize {
        match &self.places {
            None => index,
            Some(places) => places.get(index).or(places.last()).copied().unwrap_or_default(),
        }
    }

    /// Removes one more layer of escapes; none where there is no escape.
    fn once(&self) -> Option<Self> {
        let bytes = &*self.bytes;
        let first = memchr3(b'%', b'\\', b'&', bytes)?;
        let mut plain = Vec::with_capacity(bytes.len());
        let mut places = Vec::with_capacity(bytes.len() + 1);
        plain.extend_from_slice(&bytes[..first]);
        places.extend((0..first).map(|index| self.place(index)));
        let (mut at, mut changed) = (first, false);
        while at < bytes.len() {
            let (unit, length) = Unit::at(&bytes[at..]);
            changed |= length > 1;
            let before = plain.len();
            unit.push(&mut plain);
            places.extend((before..plain.len()).map(|_| self.place(at)));
            at += length;
        }
        places.push(self.place(bytes.len()));
        changed.then_some(Self { bytes: Cow::Owned(plain), places: Some(places) })
    }
}

/// Unit of a text: a byte, or an escape for a character.
enum Unit {
    Byte(u8),
    Character(char),
}

impl Unit {
    /// Reads the unit that `rest`, which is not empty, begins with, and its length.
    fn at(rest: &[u8]) -> (Self, usize) {
        let escape = match rest[0] {
            b'%' => Some(percent(rest)),
            b'\\' => Some(backslashes(rest)),
            b'&' => entity(rest),
            _ => None,
        };
        escape.unwrap_or((Self::Byte(rest[0]), 1))
    }

    fn push(&self, plain: &mut Vec<u8>) {
        match self {
            Self::Byte(byte) => plain.push(*byte),
            Self::Character(c) => {
                plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

/// Reads `%5F`, and `%255F` and `%25255F`, which are that percent-encoded again.
fn percent(rest: &[u8]) -> (Unit, usize) {
    let mut at = 1;
    while rest[at..].starts_with(b"25") {
        at += 2;
    }
    match hex(&rest[at..], 2) {
        Some(value) => (Unit::Byte(u8::try_from(value).unwrap_or_default()), at + 2),
        None => (Unit::Byte(b'%'), at),
    }
}

/// `\u005f`, `\x5f`, `\/`, `\n`, and `\_` as Markdown has it, with as many backslashes as escaping
/// them again makes of one.
fn backslashes(rest: &[u8]) -> (Unit, usize) {
    let count = rest.iter().take_while(|byte| **byte == b'\\').count();
    let after = &rest[count..];
    let escaped = match after.first() {
        Some(b'u') => hex(&after[1..], 4).and_then(char::from_u32).map(|c| (c, 5)),
        Some(b'x') => hex(&after[1..], 2).and_then(char::from_u32).map(|c| (c, 3)),
        Some(c @ (b'/' | b'"' | b'\'' | b'_')) => Some((char::from(*c), 1)),
        // A letter here is none of the word after it.
        Some(b'n' | b'r' | b't') => Some((' ', 1)),
        _ => None,
    };
    match escaped {
        Some((c, length)) => (Unit::Character(c), count + length),
        None => (Unit::Byte(b'\\'), count),
    }
}

/// Reads `&#95;`, `&#x5f;`, the five named entities, and those of the underscore in tokens.
fn entity(rest: &[u8]) -> Option<(Unit, usize)> {
    /// Length of the longest entity that is understood, `&#x10ffff;`.
    const LONGEST: usize = 10;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = str::from_utf8(&rest[1..end]).ok()?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "lowbar" | "UnderBar" => '_',
        _ => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(value.ok()?)?
        }
    };
    Some((Unit::Character(c), end + 1))
}

/// Reads the first `digits` hex digits as a number.
fn hex(rest: &[u8], digits: usize) -> Option<u32> {
    let mut digits = rest.get(..digits)?.iter().map(|byte| char::from(*byte).to_digit(16));
    digits.try_fold(0, |value, digit| digit.map(|digit| value << 4 | digit))
}
