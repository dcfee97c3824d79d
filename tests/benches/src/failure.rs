//! Why a bench has no result.

use std::{fmt, io};

/// What did not work, in words.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure that `why` describes.
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// A failure of `what` because of `why`.
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
