//! Problems of a configuration, reported all at once.

use std::fmt;

/// Problems, in the order in which they were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Problems {
    /// Adds the problem `why` with the value at `place`.
    pub fn add(&mut self, place: impl fmt::Display, why: impl fmt::Display) {
        self.0.push(format!("{place}: {why}"));
    }

    /// Checks that there is no problem.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn none(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = if self.0.len() == 1 { "a problem" } else { "problems" };
        write!(f, "the configuration has {problems}:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}
