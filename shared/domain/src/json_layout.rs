//! Layout of JSON text for reading, token by token: only white space between tokens changes.
//!
//! Parsing JSON into values and serializing them again sorts keys, rounds numbers, resolves escapes
//! and drops duplicate names. A person who looks at what was sent must not be shown any of that, so
//! these functions copy tokens unchanged.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// Deepest nesting that is indented. Deeper text would be mostly indentation, which grows with the
/// square of the depth.
const DEEPEST: usize = 64;

/// Largest text that is made by indenting, in bytes: a megabyte is long enough for a page.
const LARGEST: usize = 1 << 20;

/// Indentation of one level: two spaces, as in `serde_json` and most other tools.
const INDENT: &str = "  ";

/// Returns `text` indented, with one member or element on each line; every token is copied
/// unchanged.
///
/// None when `text` is not JSON, is nested more than 64 levels deep, or would be larger than a megabyte; show it
/// as it is then.
#[must_use]
pub fn indented(text: &str) -> Option<String> {
    if !is_json(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut tokens = Tokens(text).peekable();
    while let Some(token) = tokens.next() {
        if out.len() > LARGEST {
            return None;
        }
        match token {
            "{" | "[" => {
                out.push_str(token);
                if let Some(close) = tokens.next_if(|next| matches!(*next, "}" | "]")) {
                    out.push_str(close);
                    continue;
                }
                depth += 1;
                if depth > DEEPEST {
                    return None;
                }
                break_line(&mut out, depth);
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push_str(token);
            }
            "," => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            value => out.push_str(value),
        }
    }
    Some(out)
}

/// Returns `text` without the line breaks between its tokens and otherwise unchanged; a JSON token
/// can't contain a line break.
#[must_use]
pub fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace(['\n', '\r'], ""))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str(INDENT);
    }
}

/// Iterator over the tokens of valid JSON: punctuation, strings with their quotes, and the other
/// scalars.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start_matches([' ', '\t', '\n', '\r']);
        let length = match rest.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => string_length(rest),
            _ => rest
                .find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"'])
                .unwrap_or(rest.len()),
        };
        let (token, rest) = rest.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

/// Returns the length of the string at the start of `text`, both quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_order_escapes_and_duplicates_are_kept() {
        let text =
            r#"{"z":1.10,"a":12345678901234567890123,"e":1E+2,"u":"\u0041\/\"}","z":[-0.0,{}]}"#;
        let shown = "{\n  \"z\": 1.10,\n  \"a\": 12345678901234567890123,\n  \"e\": 1E+2,\n  \
                     \"u\": \"\\u0041\\/\\\"}\",\n  \"z\": [\n    -0.0,\n    {}\n  ]\n}";
        assert_eq!(indented(text).as_deref(), Some(shown));
    }

    #[test]
    fn white_space_is_kept_inside_strings_only() {
        let text = " [ \"a  b\" ,\r\n\t[ ] , { \"k\" : null } ] ";
        let shown = "[\n  \"a  b\",\n  [],\n  {\n    \"k\": null\n  }\n]";
        assert_eq!(indented(text).as_deref(), Some(shown));
        assert_eq!(indented(r#""only a text""#).as_deref(), Some(r#""only a text""#));
        assert_eq!(indented("1.0").as_deref(), Some("1.0"));
    }

    #[test]
    fn invalid_or_deeply_nested_json_is_not_indented() {
        for text in ["", "{", "{\"a\":1,}", "nothing", "1 2", "[1] x"] {
            assert_eq!(indented(text), None, "{text}");
        }
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(indented(&nested(DEEPEST)).is_some());
        assert_eq!(indented(&nested(DEEPEST + 1)), None);
        assert_eq!(indented(&nested(100_000)), None);
    }

    #[test]
    fn what_would_be_mostly_indentation_is_not_indented() {
        let wide = |numbers: usize| {
            let (open, close) = ("[".repeat(DEEPEST), "]".repeat(DEEPEST));
            format!("{open}{}1{close}", "1,".repeat(numbers))
        };
        assert!(indented(&wide(1_000)).is_some());
        assert_eq!(indented(&wide(100_000)), None);
    }

    #[test]
    fn one_line_differs_only_in_line_breaks() {
        assert_eq!(on_one_line("{\n  \"a\": 1.10\r\n}"), "{  \"a\": 1.10}");
        assert_eq!(on_one_line("{ \"a\":1 }"), "{ \"a\":1 }");
    }

    proptest! {
        #[test]
        fn indenting_keeps_every_token(text in json()) {
            let shown = indented(&text).unwrap();
            let tokens = |text| Tokens(text).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(tokens(&shown), tokens(&text));
            prop_assert_eq!(indented(&shown), Some(shown));
        }
    }

    /// Generates JSON text with scalars that a parser would write differently.
    fn json() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
            "\"([^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u00[0-9a-fA-F]{2}){0,8}\"",
            Just("true".to_owned()),
            Just("null".to_owned()),
        ];
        scalar.prop_recursive(4, 32, 5, |inner| {
            let member = (".{0,3}", inner.clone())
                .prop_map(|(name, value)| format!("{} : {value}", serde_json::Value::String(name)));
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(|all| format!("[{}]", all.join(" ,"))),
                prop::collection::vec(member, 0..5)
                    .prop_map(|all| format!("{{ {}\n}}", all.join(","))),
            ]
        })
    }
}
