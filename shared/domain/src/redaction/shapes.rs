//! Secrets that are recognized by their form, in plain text.

use memchr::{memchr_iter, memchr2_iter};

use super::{MASK, broken, decode, span::Span};
use crate::key::token;

/// Minimum number of digits of a secret. A shorter piece reveals a sixth of a key at most.
const FEWEST: usize = 8;
/// Minimum number of digits, figures among them, of a secret whose underscores have become hyphens:
/// `sk-live-streaming` is none.
const FEWEST_AFTER_HYPHEN: usize = 19;
/// Minimum length of a third party's bearer token.
const FEWEST_OF_BEARER: usize = 16;
/// Maximum length of a URL's authority that is searched.
const LONGEST_AUTHORITY: usize = 512;
/// Letters of `test_` and `live_`.
const ENVIRONMENT_LEN: usize = "test_".len();

/// Prefixes, without the underscore, of tokens that are not API keys.
const PREFIXES: [&[u8]; 3] = [b"lhop", b"lhps", b"whsec"];

/// Finds API keys, operator tokens, portal tokens and signing secrets. Their underscores may be
/// hyphens, as in what makes a header or an address of a text.
pub(super) fn tokens(bytes: &[u8], mut each: impl FnMut(Span)) {
    broken::keys(bytes, &mut each);
    for at in memchr2_iter(b'_', b'-', bytes) {
        let Some(start) = after_mark(bytes, at) else { continue };
        let from = start.from;
        let to = from + bytes[from..].iter().take_while(|byte| start.is_digit(**byte)).count();
        let is_secret = match bytes[from - 1] {
            b'-' => is_random(&bytes[from..to]),
            _ => to - from >= FEWEST,
        };
        if is_secret {
            let is_whole_key = start.is_key && to - from == token::DIGITS;
            each(Span { from, to, shown: if is_whole_key { token::SHOWN_LEN } else { 0 } });
        }
    }
}

/// Returns whether `digits`, which follow a hyphen, begin with more than words have.
fn is_random(digits: &[u8]) -> bool {
    let first = digits.get(..FEWEST_AFTER_HYPHEN).unwrap_or_default();
    first.iter().any(u8::is_ascii_digit) && first.iter().all(u8::is_ascii_alphanumeric)
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

/// The digits after what ends in the separator `at`, or in `test_` or `live_` after it.
fn after_mark(bytes: &[u8], at: usize) -> Option<Start> {
    let (before, after) = (&bytes[..at], &bytes[at + 1..]);
    let word = |word: &[u8]| {
        ends_with(before, word)
            && !before[..at - word.len()].last().is_some_and(u8::is_ascii_alphanumeric)
    };
    let environment = after.get(..ENVIRONMENT_LEN).unwrap_or_default();
    if is_environment(environment) {
        let is_key = word(b"sk") || word(b"pk");
        return is_key.then_some(Start { from: at + 1 + ENVIRONMENT_LEN, is_key });
    }
    let is_token = PREFIXES.iter().any(|prefix| word(prefix));
    is_token.then_some(Start { from: at + 1, is_key: false })
}

/// Returns whether `word` is `test_` or `live_`, in any case and with either separator.
fn is_environment(word: &[u8]) -> bool {
    word.split_last().is_some_and(|(separator, name)| {
        matches!(separator, b'_' | b'-')
            && [b"test", b"live"].iter().any(|known| name.eq_ignore_ascii_case(*known))
    })
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
