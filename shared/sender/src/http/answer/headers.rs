//! Headers as the log keeps them.

use std::{borrow::Cow, fmt::Write as _};

use crate::http::header::Header;

/// Number of lines that are kept.
const MAX_LINES: usize = 64;
const MAX_NAME_CHARS: usize = 128;
const MAX_VALUE_CHARS: usize = 256;

/// Returns the first lines, in the order in which they came.
pub(super) fn kept(headers: &[Header]) -> Vec<(String, String)> {
    let lines = headers.iter().map(|Header { name, value }| {
        let value = if name == "set-cookie" {
            Cow::Owned(masked(value))
        } else {
            Cow::Borrowed(&value[..])
        };
        (readable(name, MAX_NAME_CHARS), readable(&value, MAX_VALUE_CHARS))
    });
    lines.take(MAX_LINES).collect()
}

/// Masks the value of a cookie, because it could open a session at the receiver. Its name and its
/// attributes stay, so that cookies are told apart.
fn masked(cookie: &[u8]) -> Vec<u8> {
    let end = cookie.iter().position(|byte| *byte == b';').unwrap_or(cookie.len());
    let (pair, attributes) = cookie.split_at(end);
    let name = pair.iter().position(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
    [&pair[..name], b"****", attributes].concat()
}

/// Returns the beginning of `bytes` as text from which they can be restored: UTF-8 is copied, other
/// bytes and control characters become `\xE9`, a backslash `\\`.
fn readable(bytes: &[u8], limit: usize) -> String {
    let bytes = &bytes[..bytes.len().min(4 * limit)];
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\\' => text.push_str("\\\\"),
                '\t' => text.push('\t'),
                _ if char.is_control() => escape(char.to_string().as_bytes(), &mut text),
                _ => text.push(char),
            }
        }
        escape(chunk.invalid(), &mut text);
    }
    text.chars().take(limit).collect()
}

fn escape(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "\\x{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_text_are_escaped() {
        for (bytes, text) in [
            (&b"nginx"[..], "nginx"),
            ("Größe 5 \u{2713}".as_bytes(), "Größe 5 \u{2713}"),
            (b"caf\xe9", "caf\\xE9"),
            (b"C:\\temp\tx", "C:\\\\temp\tx"),
            (b"a\x00b\x7f\xc2\x85", "a\\x00b\\x7F\\xC2\\x85"),
            (b"", ""),
        ] {
            assert_eq!(readable(bytes, 100), text);
        }
    }

    #[test]
    fn a_cookie_is_shown_without_its_value() {
        for (cookie, shown) in [
            ("session=hush; Path=/; HttpOnly", "session=****; Path=/; HttpOnly"),
            ("a=b=c", "a=****"),
            ("hush", "****"),
            ("=hush;Secure", "=****;Secure"),
            ("", "****"),
        ] {
            assert_eq!(masked(cookie.as_bytes()), shown.as_bytes());
        }
    }

    #[test]
    fn text_is_cut_at_its_limit() {
        assert_eq!(readable("é".repeat(300).as_bytes(), 256), "é".repeat(256));
        assert_eq!(readable(&[0xff; 300], 8), "\\xFF\\xFF");
    }
}
