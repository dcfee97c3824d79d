//! Definition of a setting: its names, its default, and its parser.

use crate::parse::Parse;

/// Setting with values of type `T`.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// Names and description.
    pub names: Names,
    /// Parser of its text.
    pub(crate) parse: Parse<T>,
}

/// Names and description of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// Key in the file; the flag is the same with dashes.
    pub key: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// Placeholder for its value in help texts, such as `DIR`.
    pub value: &'static str,
    /// Description in help texts.
    pub help: &'static str,
    /// Default value, if there is one.
    pub default: Option<&'static str>,
}

impl Names {
    /// Returns its flag, without the leading dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }
}

impl<T> Setting<T> {
    /// Creates a setting without a default.
    pub(crate) const fn new(key: &'static str, env: &'static str, parse: Parse<T>) -> Self {
        Self { names: Names { key, env, value: "VALUE", help: "", default: None }, parse }
    }

    /// Adds a help text: the placeholder of its value, and its description.
    pub(crate) const fn help(mut self, value: &'static str, help: &'static str) -> Self {
        self.names.value = value;
        self.names.help = help;
        self
    }

    /// Adds a default.
    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.names.default = Some(default);
        self
    }

    /// Returns the same setting with another parser.
    pub(crate) const fn understood_by<U>(&self, parse: Parse<U>) -> Setting<U> {
        Setting { names: self.names, parse }
    }
}
