//! Escaping of untrusted texts for output.

use std::fmt::Write as _;

/// Returns `text` with the characters escaped that could drive a terminal or hide what is written.
/// Every text from outside (a request's path, a receiver's answer) is printed through this. Line
/// breaks and tabs stay. The escapes are those of JSON strings.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut shown, c);
    }
    shown
}

/// Returns bytes as text with the same escapes; bytes that are not text are shown as `\xff`.
pub(crate) fn harmless_bytes(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut shown, c));
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

fn push(shown: &mut String, c: char) {
    if (c.is_control() && c != '\n' && c != '\t') || reorders(c) {
        let _ = write!(shown, "\\u{:04x}", u32::from(c));
    } else {
        shown.push(c);
    }
}

/// Returns whether the character changes the direction of those after it, so that a text reads as
/// another.
const fn reorders(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_can_not_drive_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\nc\td\r"), "a\\u001b[2Jb\nc\td\\u000d");
        assert_eq!(harmless("\u{7f}\u{9b}31m\u{202e}é"), "\\u007f\\u009b31m\\u202eé");
    }

    #[test]
    fn bytes_that_are_not_text_are_escaped() {
        assert_eq!(harmless_bytes(b"a\xff\x1b\xc3\xa9\xc3"), "a\\xff\\u001b\u{e9}\\xc3");
    }
}
