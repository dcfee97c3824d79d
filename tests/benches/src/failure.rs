//! Error of the bench: why it has no result.

use std::{fmt, io};

/// Error with a sentence for people.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Creates a failure described by `why`.
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// Creates a failure of `what` because of `why`.
    pub(crate) fn of(what: &str, why: impl fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}
