//! API keys.

use domain::{Redacted, key::token};

/// Parses an API key. One that is accepted is masked wherever a text is kept, and with any one
/// digit changed it is none.
pub fn api_key(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let shown = token::redacted(text);
    let Ok(parts) = token::parse(text) else { return };
    assert_eq!(token::parse(text), Ok(parts));
    let digits = &text[text.len() - 38..];
    assert!(digits.bytes().all(|digit| digit.is_ascii_alphanumeric()));
    assert!(!shown.contains(&digits[..34]) && shown.ends_with(&digits[34..]), "{shown}");
    for around in ["", " ", "\"", "?key=", "Bearer "] {
        let kept = Redacted::new(&format!("{around}{text}{around}"));
        assert!(!kept.as_str().contains(&digits[..34]), "{} shows a key", kept.as_str());
    }
    for place in text.len() - 38..text.len() {
        let other = if text.as_bytes()[place] == b'0' { "1" } else { "0" };
        let changed = [&text[..place], other, &text[place + 1..]].concat();
        assert!(token::parse(&changed).is_err(), "a mistyped digit is not noticed");
    }
}
