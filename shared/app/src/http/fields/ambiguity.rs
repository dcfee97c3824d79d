//! Ambiguities of JSON: text that two readers could understand differently.
//!
//! RFC 8259 leaves three things to each reader: which of two members with the same name counts
//! (section 4), the value of a number beyond a double's range (6), and the meaning of half a
//! surrogate pair (8.2). All three are refused in every JSON input, so that a receiver reads what
//! was checked here. Everything else has one meaning and is kept as it was written: `-0`, numbers
//! with more digits than a double has, the escape of U+0000.

use std::{borrow::Cow, collections::HashSet};

use memchr::memchr2;

use super::FieldError;

/// Maximum nesting that is checked. Types allow less, and refuse deeper values by themselves.
const DEEPEST: usize = 128;
/// Maximum number of names of an object that are compared one by one; more are hashed.
const FEW: usize = 16;
/// Maximum length of a number without exponent that is surely within a double's range.
const SURELY_FINITE: usize = 300;

/// Checks `text`, which is valid JSON, in one pass; takes time in proportion to its length.
///
/// # Errors
/// The first ambiguity, with its path from the top.
pub(super) fn check(text: &str) -> Result<(), FieldError> {
    let mut scan = Scan { text, at: 0, open: Vec::new(), names: Vec::new() };
    while let Some(&byte) = text.as_bytes().get(scan.at) {
        scan.token(byte)?;
    }
    Ok(())
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Objects and lists that enclose `at`, the outermost first.
    open: Vec<Level<'a>>,
    /// Names of the enclosing objects that have few members.
    names: Vec<Cow<'a, str>>,
}

/// Enclosing object or list.
enum Level<'a> {
    Object(Members<'a>),
    /// List, with the index of its current element.
    List(usize),
}

/// Members of an object so far.
struct Members<'a> {
    /// Index of its first name in the scan's `names`.
    first: usize,
    /// All names, once there are many.
    many: Option<HashSet<Cow<'a, str>>>,
    /// Name of the current member; none before it was read.
    name: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> {
    /// Adds the next name; `few` has the names of objects with few members. Returns false for a
    /// duplicate.
    fn add(&mut self, name: Cow<'a, str>, few: &mut Vec<Cow<'a, str>>) -> bool {
        self.name = Some(name.clone());
        if let Some(many) = &mut self.many {
            return many.insert(name);
        }
        if few[self.first..].contains(&name) {
            return false;
        }
        few.push(name);
        if few.len() - self.first > FEW {
            self.many = Some(few.drain(self.first..).collect());
        }
        true
    }
}

impl<'a> Scan<'a> {
    /// Reads one token.
    fn token(&mut self, byte: u8) -> Result<(), FieldError> {
        match byte {
            b'"' => return self.string(),
            b'-' | b'0'..=b'9' => return self.number(),
            b'{' => {
                let first = self.names.len();
                self.begin(Level::Object(Members { first, many: None, name: None }))?;
            }
            b'[' => self.begin(Level::List(0))?,
            b'}' | b']' => {
                if let Some(Level::Object(Members { first, .. })) = self.open.pop() {
                    self.names.truncate(first);
                }
            }
            b',' => match self.open.last_mut() {
                Some(Level::Object(members)) => members.name = None,
                Some(Level::List(index)) => *index += 1,
                None => {}
            },
            _ => {}
        }
        self.at += 1;
        Ok(())
    }

    fn begin(&mut self, level: Level<'a>) -> Result<(), FieldError> {
        if self.open.len() == DEEPEST {
            // A path of all levels would be too long.
            let is_object = |level: &&Level<'_>| matches!(level, Level::Object(_));
            let named = self.open.iter().take(2).take_while(is_object).count();
            self.open.truncate(named);
            return Err(self.refused("is nested too deeply"));
        }
        self.open.push(level);
        Ok(())
    }

    fn string(&mut self) -> Result<(), FieldError> {
        let quoted = self.take(end_of_string(&self.text[self.at..]));
        let members = match self.open.last_mut() {
            Some(Level::Object(members)) if members.name.is_none() => members,
            _ => return self.value(quoted),
        };
        let Some(name) = unescaped(quoted) else {
            // Use the escapes themselves, which no valid name contains.
            members.name = Some(Cow::Borrowed(quoted));
            return Err(self.refused("must not have half of a surrogate pair in its name"));
        };
        let is_new = members.add(name, &mut self.names);
        if is_new { Ok(()) } else { Err(self.refused("must not stand twice in one object")) }
    }

    fn value(&self, quoted: &str) -> Result<(), FieldError> {
        let has = |escape| quoted.contains(escape);
        let may_be_half = quoted.contains('\\') && (has("\\ud") || has("\\uD"));
        if may_be_half && unescaped(quoted).is_none() {
            return Err(self.refused("must not hold half of a surrogate pair"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), FieldError> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_of_it = |b: &u8| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let digits = self.take(rest.iter().take_while(|b| is_of_it(b)).count());
        let is_small = digits.len() <= SURELY_FINITE && !digits.contains(['e', 'E']);
        if is_small || digits.parse::<f64>().is_ok_and(f64::is_finite) {
            return Ok(());
        }
        Err(self.refused("must be a number within the range of a double"))
    }

    /// Advances by `length` bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let text = self.text;
        let begin = self.at;
        self.at += length;
        &text[begin..self.at]
    }

    /// Makes the error for the current value.
    fn refused(&self, must: &str) -> FieldError {
        let error = FieldError::invalid(must);
        self.open.iter().rev().fold(error, |error, level| match level {
            Level::Object(members) => error.under(members.name.as_deref().unwrap_or_default()),
            Level::List(index) => error.in_list(*index),
        })
    }
}

/// Returns the length in bytes of the string at the start of `rest`, quotes included.
pub(super) fn end_of_string(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += next + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        // What a backslash escapes is no end.
        at += 1;
    }
    rest.len()
}

/// Returns the content of a string; none if it contains half a surrogate pair.
fn unescaped(quoted: &str) -> Option<Cow<'_, str>> {
    if quoted.contains('\\') {
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    } else {
        quoted.get(1..quoted.len() - 1).map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Code, Problem};

    /// Returns the path and the sentence of the refusal.
    fn refused(text: &str) -> (String, String) {
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok(), "{text}");
        let problem = Problem::from(check(text).unwrap_err());
        assert_eq!(problem.code, Code::InvalidField);
        let param = problem.param.map(|param| param.to_string()).unwrap_or_default();
        (param, problem.message.into_owned())
    }

    #[test]
    fn a_duplicate_name_is_refused_at_any_depth_with_its_path() {
        for (text, path) in [
            (r#"{"id":1,"id":1}"#, "id"),
            (r#"{"id":1,"other":{},"id":2}"#, "id"),
            (r#"{"a":{"b":{"c":1,"c":2}}}"#, "a.b.c"),
            (r#"{"a":[{"b":1},{"b":2,"x":[],"b":3}]}"#, "a[1].b"),
            (r#"{"a":[[0,{"b":1,"b":1}]]}"#, "a[0][1].b"),
            (r#"{"a":{"x":{"x":{}}, "y":1, "x":2}}"#, "a.x"),
            (r#" { "a" : 1 , "b" : "\"" , "a" : 2 } "#, "a"),
            (r#"{"":1,"":2}"#, ""),
        ] {
            let (param, sentence) = refused(text);
            assert_eq!(param, path, "{text}");
            assert!(sentence.ends_with("must not stand twice in one object."), "{sentence}");
        }
    }

    #[test]
    fn names_are_compared_without_escapes() {
        for text in [
            r#"{"id":1,"\u0069d":2}"#,
            r#"{"\u0069\u0064":1,"i\u0064":2}"#,
            r#"{"a/b":1,"a\/b":2}"#,
            r#"{"é":1,"\u00e9":2}"#,
            r#"{"😀":1,"\ud83d\uDE00":2}"#,
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_same_name_in_several_objects_is_allowed() {
        for text in [
            r#"{"id":1,"a":{"id":2},"b":[{"id":3},{"id":4}]}"#,
            r#"{"a":"{\"b\":1,\"b\":2}","b":"a","c":["a","a"]}"#,
            r#"{"A":1,"a":2,"a ":3,"e":4,"é":5}"#,
            r#"["a","a",1,1,null,null]"#,
            "\"a\"",
            "null",
            "{}",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn objects_of_many_names_follow_the_same_rules() {
        let object = |names: &[usize]| {
            let members = names.iter().map(|name| format!(r#""n{name}":{{"n0":[{{"n1":1}}]}}"#));
            format!(r#"{{"a":{{{}}}}}"#, members.collect::<Vec<_>>().join(","))
        };
        for many in [FEW - 1, FEW, FEW + 1, FEW + 2, 10 * FEW] {
            let mut names: Vec<usize> = (0..many).collect();
            assert_eq!(check(&object(&names)), Ok(()), "{many}");
            for twice in [0, many / 2, many - 1] {
                names.push(twice);
                assert_eq!(refused(&object(&names)).0, format!("a.n{twice}"), "{many}");
                names.pop();
            }
        }
    }

    #[test]
    fn a_string_ends_at_the_first_unescaped_quote() {
        for string in
            [r#""""#, r#""a""#, r#""\\""#, r#""\"""#, r#""\\\"""#, r#""\\\\""#, r#""\"\"\\""#]
        {
            assert!(serde_json::from_str::<String>(string).is_ok(), "{string}");
            assert_eq!(end_of_string(&format!(r#"{string},"b":"""#)), string.len(), "{string}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_refused() {
        for (text, path) in [
            (r#"{"a":"\ud800"}"#, "a"),
            (r#"{"a":["x","\uDC00 "]}"#, "a[1]"),
            (r#"{"a":"\ud800\ud800"}"#, "a"),
            (r#"{"a":{"\ud800":1}}"#, ""),
        ] {
            let (param, sentence) = refused(text);
            assert_eq!(param, path, "{text}");
            assert!(sentence.contains("half of a surrogate pair"), "{sentence}");
        }
        for text in [r#"{"a":"\ud83d\ude00"}"#, r#"{"a":"\\ud800"}"#, r#"{"a":"\u0000\uffff"}"#] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_number_beyond_a_doubles_range_is_refused() {
        let long = format!("[{}]", "9".repeat(400));
        for (text, path) in [
            (r#"{"a":1e999}"#, "a"),
            (r#"{"a":[0,-1E400]}"#, "a[1]"),
            (r#"{"a":10.0e308}"#, "a"),
            (&long, "[0]"),
        ] {
            assert_eq!(refused(text).0, path, "{text}");
        }
        let precise = format!("[0.{}]", "1".repeat(400));
        for text in ["[-0,-0.0,1e-999,1.7976931348623157e308,12345678901234567890123]", &precise] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn too_deep_nesting_is_refused_by_the_field_that_contains_it() {
        let deep = |open: &str, close: &str| {
            format!(r#"{{"data":{{"object":{}1{}}}}}"#, open.repeat(9999), close.repeat(9999))
        };
        for text in [deep("[", "]"), deep(r#"{"a":"#, "}"), deep(r#"{"a":[{"b":"#, "}]}")] {
            assert_eq!(refused(&text).0, "data.object");
        }
        let levels = format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST));
        assert_eq!(check(&levels), Ok(()));
    }

    #[test]
    fn a_name_that_can_t_be_shown_is_told_of_by_what_it_is_in() {
        for name in ["ssn 123", "maria.lopez@example.com", "maria.4111111111111111", ""] {
            for (text, around) in [
                (format!(r#"{{"data":{{"{name}":1,"{name}":2}}}}"#), "in data"),
                (format!(r#"{{"data":{{"{name}":{{"x":1,"x":2}}}}}}"#), "in data"),
                (format!(r#"{{"{name}":1,"{name}":2}}"#), "of the request"),
            ] {
                let (param, sentence) = refused(&text);
                assert_eq!(param, "");
                let expected = format!("A field {around} must not stand twice in one object.");
                assert_eq!(sentence, expected, "{text}");
            }
        }
    }
}
