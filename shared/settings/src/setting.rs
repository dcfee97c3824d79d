//! A setting: what it is called, what it is by default, and what it may be.

use crate::parse::Parse;

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// What it is called.
    pub names: Names,
    /// Understands its text.
    pub(crate) parse: Parse<T>,
}

/// What a setting is called, and what people are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// Its key in the file; its flag is the same with dashes.
    pub key: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What stands for its value in a help, such as `DIR`.
    pub value: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What it is when nothing says otherwise.
    pub default: Option<&'static str>,
}

impl Names {
    /// Its flag, without the dashes before it.
    #[must_use]
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }
}

impl<T> Setting<T> {
    /// A setting without a default.
    pub(crate) const fn new(key: &'static str, env: &'static str, parse: Parse<T>) -> Self {
        Self { names: Names { key, env, value: "VALUE", help: "", default: None }, parse }
    }

    /// The same with a help: what stands for its value, and what it does.
    pub(crate) const fn help(mut self, value: &'static str, help: &'static str) -> Self {
        self.names.value = value;
        self.names.help = help;
        self
    }

    /// The same with a default.
    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.names.default = Some(default);
        self
    }

    /// The same setting, understood in another way.
    pub(crate) const fn understood_by<U>(&self, parse: Parse<U>) -> Setting<U> {
        Setting { names: self.names, parse }
    }
}
