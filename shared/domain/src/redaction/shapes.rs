//! Secrets that are recognized by their form, in plain text.

use memchr::{memchr_iter, memchr2_iter};
use zeroize::Zeroizing;

use super::{MASK, decode, span::Span};
use crate::key::token;

/// Minimum number of digits of a secret. A shorter piece reveals a sixth of a key at most.
const FEWEST: usize = 8;
/// Minimum length of a third party's bearer token.
const FEWEST_OF_BEARER: usize = 16;
/// Maximum length of a URL's authority that is searched.
const LONGEST_AUTHORITY: usize = 512;
/// The most bytes that are passed over between two digits of a broken key.
const LONGEST_GAP: usize = 3;
/// Letters of `test_` and `live_`.
const ENVIRONMENT_LEN: usize = "test_".len();

/// Prefixes, without the underscore, of tokens that are not API keys.
const PREFIXES: [&[u8]; 3] = [b"lhop", b"lhps", b"whsec"];

/// Finds API keys, operator tokens, portal tokens and signing secrets.
pub(super) fn tokens(bytes: &[u8], mut each: impl FnMut(Span)) {
    for at in memchr_iter(b'_', bytes) {
        let Some(start) = after_mark(bytes, at) else { continue };
        let from = start.from;
        let to = from + bytes[from..].iter().take_while(|byte| start.is_digit(**byte)).count();
        if let Some(end) = broken_key(bytes, &start).filter(|end| *end > to) {
            each(Span::whole(from, end));
        } else if to - from >= FEWEST {
            let is_whole_key = start.is_key && to - from == token::DIGITS;
            each(Span { from, to, shown: if is_whole_key { token::SHOWN_LEN } else { 0 } });
        }
    }
}

/// Beginning of a token's digits, and the kind of token.
struct Start {
    from: usize,
    is_key: bool,
}

impl Start {
    const fn is_digit(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || (!self.is_key && matches!(byte, b'+' | b'/' | b'=' | b'-'))
    }
}

/// Returns the end of an API key that has quotes, line breaks or the like between its digits. Its
/// checksum tells it from words that follow one another.
fn broken_key(bytes: &[u8], start: &Start) -> Option<usize> {
    let mark = start.from.checked_sub(token::MARK_LEN).filter(|_| start.is_key)?;
    let is_of_prefix = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let letters = bytes[..mark].iter().rev().take(token::MOST_OF_PREFIX).take_while(is_of_prefix);
    let prefix = letters.count();
    let mut key = Zeroizing::new(Vec::with_capacity(prefix + token::MARK_LEN + token::DIGITS));
    key.extend_from_slice(&bytes[mark - prefix..start.from]);
    let (whole, mut at, mut gap) = (key.len() + token::DIGITS, start.from, 0);
    while key.len() < whole {
        match *bytes.get(at)? {
            byte if byte.is_ascii_alphanumeric() => {
                key.push(byte);
                gap = 0;
            }
            b'_' => return None,
            _ if gap == LONGEST_GAP => return None,
            _ => gap += 1,
        }
        at += 1;
    }
    let key = str::from_utf8(&key).ok()?;
    (0..prefix).any(|first| token::parse(&key[first..]).is_ok()).then_some(at)
}

/// The digits after what ends in the underscore `at`, or in `test_` or `live_` after it.
fn after_mark(bytes: &[u8], at: usize) -> Option<Start> {
    let (before, after) = (&bytes[..at], &bytes[at + 1..]);
    let word = |word: &[u8]| {
        ends_with(before, word)
            && !before[..at - word.len()].last().is_some_and(u8::is_ascii_alphanumeric)
    };
    let environment = after.get(..ENVIRONMENT_LEN).unwrap_or_default();
    if environment.eq_ignore_ascii_case(b"test_") || environment.eq_ignore_ascii_case(b"live_") {
        let is_key = word(b"sk") || word(b"pk");
        return is_key.then_some(Start { from: at + 1 + ENVIRONMENT_LEN, is_key });
    }
    let is_token = PREFIXES.iter().any(|prefix| word(prefix));
    is_token.then_some(Start { from: at + 1, is_key: false })
}

/// Finds credentials after `Basic` and `Bearer`, and passwords in URLs.
pub(super) fn credentials(bytes: &[u8], mut each: impl FnMut(Span)) {
    for at in memchr2_iter(b' ', b'+', bytes) {
        let is_credential = if ends_with(&bytes[..at], b"basic") {
            decode::is_user_and_password
        } else if ends_with(&bytes[..at], b"bearer") {
            is_bearer
        } else {
            continue;
        };
        let from = at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'+')).count();
        // In text that writes spaces as plus signs, a plus is not a digit.
        let is_digit = |byte: u8| is_token68(byte) && (byte != b'+' || bytes[at] == b' ');
        let to = from + bytes[from..].iter().take_while(|byte| is_digit(**byte)).count();
        if is_credential(&bytes[from..to]) {
            each(Span::whole(from, to));
        }
    }
    for at in memchr_iter(b':', bytes).filter(|at| bytes[*at..].starts_with(b"://")) {
        let from = at + b"://".len();
        if let Some((password_at, end)) = password(&bytes[from..], ends_with(&bytes[..at], b"sns"))
        {
            each(Span::whole(from + password_at, from + end));
        }
    }
}

/// Returns whether `text` is a third party's token and not just a word after "bearer". Our own
/// tokens are found by their form, so that their kind stays visible.
fn is_bearer(text: &[u8]) -> bool {
    let mut is_ours = false;
    tokens(text, |_| is_ours = true);
    text.len() >= FEWEST_OF_BEARER && text.iter().any(u8::is_ascii_digit) && !is_ours
}

/// Finds the password in the text after `://`. Access keys of SNS topics can contain slashes.
fn password(rest: &[u8], is_topic: bool) -> Option<(usize, usize)> {
    let rest = &rest[..rest.len().min(LONGEST_AUTHORITY)];
    let ends = |byte: u8| match byte {
        b'/' | b'?' | b'#' => !is_topic,
        b'"' | b'<' | b'>' | b'\\' => true,
        byte => byte.is_ascii_whitespace() || byte.is_ascii_control(),
    };
    let authority = &rest[..rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len())];
    let end = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', &authority[..end])?;
    let password = &authority[colon + 1..end];
    (!password.is_empty() && password != MASK.as_bytes()).then_some((colon + 1, end))
}

/// Returns whether `byte` is in the token68 alphabet of RFC 9110, section 11.2.
const fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// Returns whether `bytes` end with `word`, ignoring case.
fn ends_with(bytes: &[u8], word: &[u8]) -> bool {
    let tail = bytes.len().checked_sub(word.len()).map(|at| &bytes[at..]);
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(word))
}
