//! Reasons why a server can't start.

use std::{error::Error as StdError, fmt::Display};

/// Reason why the server can't start, or a file of its data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that only its user can judge is wrong.
    #[error(transparent)]
    Setting(#[from] sender::InvalidOptions),
    /// A step failed.
    #[error("{step}")]
    Step {
        /// The step, or the file or address that it was about.
        step: String,
        /// Cause.
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// Returns a function that makes the cause of a failed step an [`Error`].
pub(crate) fn during<E>(step: impl Display) -> impl FnOnce(E) -> Error
where
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    move |why| Error::Step { step: step.to_string(), source: why.into() }
}
