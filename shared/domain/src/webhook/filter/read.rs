//! Reading of a filter, and everything that can be wrong with one.

use std::{collections::BTreeSet, ops::Bound};

use serde_json::{Map, Number, Value, value::RawValue};

use super::{
    LARGEST_FILTER,
    pattern::{Members, Pattern, Shape, Test, Text, Wanted},
};

/// Error: the JSON is not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} {what}")]
pub struct NotAFilter {
    /// Path of the offending part, which begins with `filter`.
    pub path: String,
    /// Fault of that part, as the end of a sentence.
    pub what: String,
}

/// Operators of a value, for sentences.
const OPERATORS: &str =
    "prefix, suffix, anything-but, numeric, exists, equals-ignore-case or wildcard";

/// Reads a pattern.
pub(super) fn pattern(text: &RawValue) -> Result<Pattern, NotAFilter> {
    let top = At::top();
    if text.get().len() > LARGEST_FILTER {
        return Err(top.wrong(format_args!("must have at most {LARGEST_FILTER} bytes")));
    }
    let value: Value =
        serde_json::from_str(text.get()).map_err(|_| top.wrong("must be an event pattern"))?;
    let Value::Object(object) = value else {
        return Err(top.wrong("must be an event pattern: an object"));
    };
    let mut reader = Reader::default();
    // Without a member it matches everything.
    let members =
        if object.is_empty() { Members::default() } else { reader.members(&top, &object)? };
    Ok(Pattern { members, absent: reader.absent })
}

/// Place in a filter.
#[derive(Clone)]
struct At {
    /// Path for people.
    shown: String,
    /// Path of the field in the event.
    field: Vec<String>,
}

impl At {
    fn top() -> Self {
        Self { shown: "filter".to_owned(), field: Vec::new() }
    }

    /// Returns the place of the event's field `name`.
    fn field(&self, name: &str) -> Self {
        let mut at = self.part(name);
        at.field.push(name.to_owned());
        at
    }

    /// Returns the place of a part that is no field, such as an operator.
    fn part(&self, name: &str) -> Self {
        Self { shown: format!("{}.{name}", self.shown), field: self.field.clone() }
    }

    fn element(&self, index: usize) -> Self {
        Self { shown: format!("{}[{index}]", self.shown), field: self.field.clone() }
    }

    fn wrong(&self, what: impl std::fmt::Display) -> NotAFilter {
        NotAFilter { path: self.shown.clone(), what: what.to_string() }
    }
}

#[derive(Default)]
struct Reader {
    absent: Vec<Vec<String>>,
}

impl Reader {
    fn members(&mut self, at: &At, object: &Map<String, Value>) -> Result<Members, NotAFilter> {
        if object.is_empty() {
            return Err(at.wrong("must not be empty"));
        }
        let mut members = Members::default();
        for (name, value) in object {
            if name == "$or" {
                members.alternatives.push(self.alternatives(&at.part(name), value)?);
            } else {
                let at = at.field(name);
                members.named.push((name.clone(), self.wanted(&at, value)?));
            }
        }
        Ok(members)
    }

    fn alternatives(&mut self, at: &At, value: &Value) -> Result<Vec<Members>, NotAFilter> {
        let branches = value.as_array().filter(|branches| branches.len() >= 2);
        let branches =
            branches.ok_or_else(|| at.wrong("must be a list of two patterns or more"))?;
        let branch = |(index, value): (usize, &Value)| {
            let at = at.element(index);
            let object =
                value.as_object().ok_or_else(|| at.wrong("must be a pattern: an object"))?;
            self.members(&at, object)
        };
        branches.iter().enumerate().map(branch).collect()
    }

    fn wanted(&mut self, at: &At, value: &Value) -> Result<Wanted, NotAFilter> {
        match value {
            Value::Object(object) => self.members(at, object).map(Wanted::Object),
            Value::Array(values) => self.tests(at, values).map(Wanted::OneOf),
            _ => Err(at.wrong("must be a list of values, or an object")),
        }
    }

    fn tests(&mut self, at: &At, values: &[Value]) -> Result<Vec<Test>, NotAFilter> {
        if values.is_empty() {
            return Err(at.wrong("must not be empty"));
        }
        let (mut tests, mut exactly) = (Vec::new(), BTreeSet::new());
        for (index, value) in values.iter().enumerate() {
            let at = at.element(index);
            tests.push(match value {
                Value::String(text) => {
                    exactly.insert(text.clone());
                    continue;
                }
                Value::Number(number) => Test::Number(number.clone()),
                Value::Bool(value) => Test::Bool(*value),
                Value::Null => Test::Null,
                Value::Object(object) => self.operator(&at, object)?,
                Value::Array(_) => return Err(at.wrong("must not be a list")),
            });
        }
        if !exactly.is_empty() {
            tests.push(Test::Texts(exactly));
        }
        Ok(tests)
    }

    fn operator(&mut self, at: &At, object: &Map<String, Value>) -> Result<Test, NotAFilter> {
        let (name, value) = only(at, object)?;
        let inner = at.part(name);
        match name {
            "anything-but" => anything_but(&inner, value).map(Test::AnythingBut),
            "numeric" => numeric(&inner, value),
            "exists" => match value {
                Value::Bool(true) => Ok(Test::Present),
                Value::Bool(false) => {
                    self.absent.push(at.field.clone());
                    Ok(Test::Absent(self.absent.len() - 1))
                }
                _ => Err(inner.wrong("must be true or false")),
            },
            "prefix" | "suffix" if value.is_object() => folded_end(&inner, name, value),
            "prefix" | "suffix" | "equals-ignore-case" | "wildcard" => {
                shape(&inner, name, value).map(Test::Shape)
            }
            _ => Err(inner.wrong(format_args!("is no operator: use {OPERATORS}"))),
        }
    }
}

/// Returns the only member of an operator.
fn only<'v>(at: &At, object: &'v Map<String, Value>) -> Result<(&'v str, &'v Value), NotAFilter> {
    let mut members = object.iter();
    match (members.next(), members.next()) {
        (Some((name, value)), None) => Ok((name, value)),
        _ => Err(at.wrong(format_args!("must have one operator: {OPERATORS}"))),
    }
}

/// Reads the shape that `operator` makes of a text.
fn shape(at: &At, operator: &str, value: &Value) -> Result<Shape, NotAFilter> {
    let text = value.as_str().ok_or_else(|| at.wrong("must be a text"))?;
    match operator {
        "prefix" => Ok(Shape::Prefix(Text::Exact(text.to_owned()))),
        "suffix" => Ok(Shape::Suffix(Text::Exact(text.to_owned()))),
        "equals-ignore-case" => Ok(Shape::Folded(text.to_lowercase())),
        _ => wildcard(text).map(Shape::Wildcard).map_err(|what| at.wrong(what)),
    }
}

/// Reads `{"equals-ignore-case": …}` as the value of a prefix or suffix.
fn folded_end(at: &At, operator: &str, value: &Value) -> Result<Test, NotAFilter> {
    let object = value.as_object().filter(|object| object.len() == 1);
    let value = object.and_then(|object| object.get("equals-ignore-case"));
    let value = value.ok_or_else(|| at.wrong("must be a text, or have equals-ignore-case"))?;
    let text = value.as_str();
    let text = text.ok_or_else(|| at.part("equals-ignore-case").wrong("must be a text"))?;
    let text = Text::Folded(text.to_lowercase());
    Ok(Test::Shape(if operator == "prefix" { Shape::Prefix(text) } else { Shape::Suffix(text) }))
}

/// Reads the parts of a wildcard between its asterisks. A backslash escapes an asterisk or itself.
fn wildcard(text: &str) -> Result<Vec<String>, &'static str> {
    let mut parts = vec![String::new()];
    let (mut letters, mut after_asterisk) = (text.chars(), false);
    while let Some(letter) = letters.next() {
        let literal = match letter {
            '*' if after_asterisk => return Err("must not have two asterisks in a row"),
            '*' => None,
            '\\' => match letters.next() {
                Some(escaped @ ('*' | '\\')) => Some(escaped),
                _ => return Err("must have an asterisk or a backslash after a backslash"),
            },
            letter => Some(letter),
        };
        after_asterisk = literal.is_none();
        match (literal, parts.last_mut()) {
            (Some(letter), Some(part)) => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    Ok(parts)
}

/// Reads what a value must not be: a text, a number, a list of either, or an operator on texts.
fn anything_but(at: &At, value: &Value) -> Result<Vec<Test>, NotAFilter> {
    const KINDS: &str = "must be a text, a number, or a list of texts or of numbers";
    match value {
        Value::Object(object) => {
            let (name, value) = only(at, object)?;
            let at = at.part(name);
            if !matches!(name, "prefix" | "suffix" | "equals-ignore-case" | "wildcard") {
                return Err(at.wrong("is no operator of anything-but"));
            }
            let Value::Array(values) = value else {
                return shape(&at, name, value).map(|shape| vec![Test::Shape(shape)]);
            };
            if values.is_empty() {
                return Err(at.wrong("must not be empty"));
            }
            let one = |(index, value)| shape(&at.element(index), name, value).map(Test::Shape);
            values.iter().enumerate().map(one).collect()
        }
        Value::Array(values) if values.is_empty() => Err(at.wrong("must not be empty")),
        Value::Array(values) => {
            let texts: Option<BTreeSet<String>> =
                values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            let number = |value: &Value| value.as_number().cloned().map(Test::Number);
            let numbers: Option<Vec<Test>> = values.iter().map(number).collect();
            texts.map(|texts| vec![Test::Texts(texts)]).or(numbers).ok_or_else(|| at.wrong(KINDS))
        }
        Value::String(text) => Ok(vec![Test::Texts([text.clone()].into())]),
        Value::Number(number) => Ok(vec![Test::Number(number.clone())]),
        Value::Null | Value::Bool(_) => Err(at.wrong(KINDS)),
    }
}

/// Reads a comparison with numbers: `["=", 5]`, `["<", 10]`, or `[">", 0, "<=", 5]`.
fn numeric(at: &At, value: &Value) -> Result<Test, NotAFilter> {
    const SHAPE: &str = "must be a comparison such as [\">\", 0, \"<=\", 5]";
    let Some(list) = value.as_array() else { return Err(at.wrong(SHAPE)) };
    let mut comparisons = Vec::new();
    for (index, pair) in list.chunks(2).enumerate() {
        let [sign, number] = pair else { return Err(at.wrong(SHAPE)) };
        let sign = sign.as_str().ok_or_else(|| at.element(2 * index).wrong("must be a sign"))?;
        let number = number.as_number();
        let number = number.ok_or_else(|| at.element(2 * index + 1).wrong("must be a number"))?;
        comparisons.push((sign, number));
    }
    let bound = |number: &Number| number.as_f64().unwrap_or_default();
    let lower = |sign: &str, number: &Number| match sign {
        ">" => Some(Bound::Excluded(bound(number))),
        ">=" => Some(Bound::Included(bound(number))),
        _ => None,
    };
    let upper = |sign: &str, number: &Number| match sign {
        "<" => Some(Bound::Excluded(bound(number))),
        "<=" => Some(Bound::Included(bound(number))),
        _ => None,
    };
    match comparisons.as_slice() {
        [("=", number)] => Ok(Test::Number((*number).clone())),
        [(sign, number)] => {
            let below = || upper(sign, number).map(|high| Test::Between(Bound::Unbounded, high));
            let above = lower(sign, number).map(|low| Test::Between(low, Bound::Unbounded));
            above.or_else(below).ok_or_else(|| at.element(0).wrong("must be =, <, <=, > or >="))
        }
        [(first, low), (second, high)] => {
            if bound(low) >= bound(high) {
                return Err(at.wrong("must have its lower bound below its upper one"));
            }
            let bounds = lower(first, low).zip(upper(second, high));
            bounds.map(|(low, high)| Test::Between(low, high)).ok_or_else(|| at.wrong(SHAPE))
        }
        _ => Err(at.wrong(SHAPE)),
    }
}
