//! Reading settings, and gathering the problems with them.

use std::collections::BTreeMap;

use crate::{Names, Problems, Setting, sources::Sources};

/// The settings that one binary takes.
pub trait Subset: Sized {
    /// Asks `reader` for every one of them, always.
    fn read(reader: &mut Reader<'_>) -> Self;
}

/// Which settings `S` takes: those that it asks for.
#[must_use]
pub fn taken<S: Subset>() -> Vec<Names> {
    let env = BTreeMap::new();
    let nowhere = Sources::environment(&env);
    let mut reader = Reader { sources: &nowhere, problems: Problems::default(), asked: Vec::new() };
    S::read(&mut reader);
    reader.asked
}

/// Reads settings. For one that can't be understood it adds a problem and goes on, so that all of
/// them are found.
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

    /// A setting that has to have a value, from a default at the least.
    pub fn required<T: Default>(&mut self, setting: &Setting<T>) -> T {
        self.required_or(setting, T::default())
    }

    /// The same where the type has no default: `instead` is used beside a problem only.
    pub fn required_or<T>(&mut self, setting: &Setting<T>, instead: T) -> T {
        if self.sources.find(&setting.names).is_none() {
            self.problems.add(setting.names.env, "is missing");
        }
        self.optional(setting).unwrap_or(instead)
    }

    /// A setting that may have none.
    pub fn optional<T>(&mut self, setting: &Setting<T>) -> Option<T> {
        self.asked.push(setting.names);
        let found = self.sources.find(&setting.names)?;
        let parsed = (setting.parse)(found.value.trim());
        parsed.map_err(|why| self.problems.add(found.place, why)).ok()
    }
}
