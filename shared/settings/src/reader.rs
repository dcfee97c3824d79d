//! Reader of settings that gathers the problems with them.

use std::collections::BTreeMap;

use crate::{Names, Problems, Setting, sources::Sources};

/// Settings that one binary takes.
pub trait Subset: Sized {
    /// Reads the settings; must ask `reader` for every one of them, always.
    fn read(reader: &mut Reader<'_>) -> Self;
}

/// No settings.
impl Subset for () {
    fn read(_: &mut Reader<'_>) {}
}

/// Settings that two parts of a binary take.
impl<One: Subset, Other: Subset> Subset for (One, Other) {
    fn read(reader: &mut Reader<'_>) -> Self {
        (One::read(reader), Other::read(reader))
    }
}

/// Returns the names of the settings that `S` asks for.
#[must_use]
pub fn taken<S: Subset>() -> Vec<Names> {
    let env = BTreeMap::new();
    let nowhere = Sources::environment(&env);
    let mut reader = Reader { sources: &nowhere, problems: Problems::default(), asked: Vec::new() };
    S::read(&mut reader);
    reader.asked
}

/// Reader of settings. For a value that can't be parsed it adds a problem and goes on, so that all
/// of them are found.
pub struct Reader<'a> {
    sources: &'a Sources<'a>,
    problems: Problems,
    asked: Vec<Names>,
}

impl<'a> Reader<'a> {
    pub(crate) fn read<S: Subset>(
        sources: &'a Sources<'a>,
        problems: Problems,
    ) -> Result<S, Problems> {
        let mut reader = Self { sources, problems, asked: Vec::new() };
        let settings = S::read(&mut reader);
        reader.problems.none().map(|()| settings)
    }

    /// Reads a setting that must have a value, at least a default.
    pub fn required<T: Default>(&mut self, setting: &Setting<T>) -> T {
        self.required_or(setting, T::default())
    }

    /// Reads a setting that must have a value of a type without a default: `instead` is only
    /// returned together with a problem.
    pub fn required_or<T>(&mut self, setting: &Setting<T>, instead: T) -> T {
        if self.sources.find(&setting.names).is_none() {
            self.problems.add(setting.names.env, "is missing");
        }
        self.optional(setting).unwrap_or(instead)
    }

    /// Returns whether a setting has a value, a default included.
    pub(crate) fn has(&self, names: &Names) -> bool {
        self.sources.find(names).is_some()
    }

    /// Adds a problem that a setting has with others.
    pub(crate) fn problem(&mut self, names: &Names, why: &str) {
        self.problems.add(names.env, why);
    }

    /// Reads a setting that may have no value.
    pub fn optional<T>(&mut self, setting: &Setting<T>) -> Option<T> {
        self.asked.push(setting.names);
        let found = self.sources.find(&setting.names)?;
        let parsed = (setting.parse)(found.value.trim());
        parsed.map_err(|why| self.problems.add(found.place, why)).ok()
    }
}
