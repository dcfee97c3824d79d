//! Percent-encoding in a normal form (RFC 3986, section 6.2.2).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters that are escaped in plain text: all but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Escapes everything in `text` that could have a meaning in a URL.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Decodes `encoded`; none when an escape is broken or the result is not UTF-8.
pub(super) fn decode(encoded: &str) -> Option<String> {
    if !escapes_are_whole(encoded) {
        return None;
    }
    percent_decode_str(encoded).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Normalizes a path or a query: needless escapes are undone, and needed ones written in capitals.
/// Reserved characters stay as they are, because escaping one changes its meaning. None when an
/// escape is broken.
pub(super) fn normalize(text: &str) -> Option<String> {
    if !escapes_are_whole(text) {
        return None;
    }
    let mut normal = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, after @ ..]) = (*first, tail) {
            rest = after;
            push_escape(&mut normal, hex_value(*high) << 4 | hex_value(*low));
        } else if is_unreserved(*first) || is_reserved_in_path_or_query(*first) {
            normal.push(char::from(*first));
        } else {
            normal.push_str(percent_encoding::percent_encode_byte(*first));
        }
    }
    Some(normal)
}

fn push_escape(normal: &mut String, byte: u8) {
    if is_unreserved(byte) {
        normal.push(char::from(byte));
    } else {
        normal.push_str(percent_encoding::percent_encode_byte(byte));
    }
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        matches!(after.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10),
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Returns whether RFC 3986, section 3, allows `byte` unescaped in a path or a query though
/// reserved: sub-delimiters and the rest of `pchar` and `query`.
fn is_reserved_in_path_or_query(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'$'
            | b'&'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
            | b':'
            | b'@'
            | b'/'
            | b'?'
    )
}
