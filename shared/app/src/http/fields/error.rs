use std::fmt;

use serde::de;

use crate::problem::{Code, Param, Problem};

/// Error in a field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    fault: Fault,
    /// Path of the field from the top: `data.object.id`.
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Unknown,
    Missing,
    Invalid(String),
}

impl FieldError {
    /// Makes the error of an invalid value: it `must` be something else.
    pub(crate) fn invalid(must: impl fmt::Display) -> Self {
        Self { fault: Fault::Invalid(must.to_string()), path: String::new() }
    }

    /// Prepends `name`, the member of the enclosing object.
    pub(crate) fn under(mut self, name: &str) -> Self {
        let name = Param::part(name);
        self.path = match self.path.as_str() {
            "" => name.to_owned(),
            path if path.starts_with('[') => format!("{name}{path}"),
            path => format!("{name}.{path}"),
        };
        self
    }

    /// Prepends `index`, the position in the enclosing list.
    pub(crate) fn in_list(mut self, index: usize) -> Self {
        let glue = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{glue}{}", self.path);
        self
    }

    /// Prepends `index`, except in a list of plain values, which is named by the list alone.
    pub(super) fn at(mut self, index: usize) -> Self {
        if !self.path.is_empty() {
            return self.in_list(index);
        }
        if let Fault::Invalid(must) = &mut self.fault {
            *must = format!("has an entry that {must}");
        }
        self
    }
}

/// Describes what serde expected, without the names of Rust's types.
fn in_words(expected: &dyn de::Expected) -> String {
    match expected.to_string().as_str() {
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u32" => "a whole number from 0 to 4294967295".to_owned(),
        "u64" | "usize" => "a whole number, not negative".to_owned(),
        "i64" => "a whole number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        words if words.starts_with("struct ") => "an object".to_owned(),
        words => words.to_owned(),
    }
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        let FieldError { fault, path } = error;
        match fault {
            Fault::Unknown => Code::UnknownField.of(path),
            Fault::Missing => Code::MissingField.of_which(path, "is required"),
            Fault::Invalid(must) => Problem::invalid(path, must),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.path, self.fault)
    }
}

impl std::error::Error for FieldError {}

impl de::Error for FieldError {
    fn custom<T: fmt::Display>(must: T) -> Self {
        Self::invalid(must)
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid(format_args!("must be {}", in_words(expected)))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid(format_args!("must be {}", in_words(expected)))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::invalid(domain::kinds::NotOneOf(expected))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self { fault: Fault::Unknown, path: Param::part(field).to_owned() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { fault: Fault::Missing, path: field.to_owned() }
    }
}
