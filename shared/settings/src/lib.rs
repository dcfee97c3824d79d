//! What the settings of every binary may be, and how all that is wrong with them is told at once.
//!
//! A binary says where its values stand ([`Source`]) and which settings it has; a [`Reader`] reads
//! them by the rules in [`parse`] and gathers [`Problems`]. A `main` reads the process's
//! [`environment`], once, and hands it on, so that a test needs none. No problem repeats a secret.

mod environment;
pub mod parse;
mod problems;

pub use environment::environment;
pub use problems::Problems;

/// A value, and where it stands, for pointing at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// The value.
    pub value: &'a str,
    /// A flag, a variable, a line of a file.
    pub place: String,
}

/// Where values stand.
pub trait Source {
    /// The value of the setting `name`; an empty one counts as absent.
    fn find(&self, name: &str) -> Option<Found<'_>>;
}

/// Reads settings and gathers the problems with them.
pub struct Reader<'a, S> {
    /// Where the values stand.
    pub source: &'a S,
    /// What is wrong with them.
    pub problems: &'a mut Problems,
}

impl<S: Source> Reader<'_, S> {
    /// A setting that has to have a value, from a default at the least.
    pub fn required<T>(&mut self, name: &str, parse: parse::Parse<T>) -> Option<T> {
        if self.source.find(name).is_none() {
            self.problems.add(name, "is missing");
        }
        self.optional(name, parse)
    }

    /// A setting that may have none.
    pub fn optional<T>(&mut self, name: &str, parse: parse::Parse<T>) -> Option<T> {
        let found = self.source.find(name)?;
        let parsed = parse(found.value.trim());
        parsed.map_err(|why| self.problems.add(found.place, why)).ok()
    }
}
