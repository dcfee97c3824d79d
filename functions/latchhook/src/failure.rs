//! Failures of commands, and their exit codes.

use std::{io, process::ExitCode};

use ports::Chain;

/// Reason why a command failed; determines the exit code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command was tried and failed.
    #[error("{0}")]
    Failed(String),
    /// The command was not understood: arguments, environment or configuration are wrong.
    #[error("{0}")]
    Usage(String),
    /// The server could not be reached, or the connection broke.
    #[error("{0}")]
    Unreachable(String),
    /// The reader of the output (`head`, a pager) has closed it.
    #[error("the output was closed")]
    OutputClosed,
}

/// Section of `--help` about exit codes.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; the API's error code and the field it is about are on stderr
  2  wrong arguments, environment or configuration
  3  the server could not be reached";

impl Failure {
    /// Returns the exit code, one for each kind.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::OutputClosed => 0,
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
        })
    }

    /// Creates a failure of `what` with the error's whole chain of causes.
    pub(crate) fn because(what: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        Self::Failed(format!("{what}: {}", Chain(error)))
    }

    /// Adds the action during which it happened.
    pub(crate) fn during(self, what: &str) -> Self {
        match self {
            Self::Failed(why) => Self::Failed(format!("{what}: {why}")),
            Self::Usage(why) => Self::Usage(format!("{what}: {why}")),
            Self::Unreachable(why) => Self::Unreachable(format!("{what}: {why}")),
            Self::OutputClosed => Self::OutputClosed,
        }
    }

    /// Creates a failure of `what` because of `why`.
    pub(crate) fn of(what: &str, why: impl std::fmt::Display) -> Self {
        Self::Failed(format!("{what}: {why}"))
    }
}

/// Converts an error of the server, with its whole chain of causes.
impl From<standalone::Error> for Failure {
    fn from(error: standalone::Error) -> Self {
        let text = Chain(&error).to_string();
        match error {
            standalone::Error::Setting(_) => Self::Usage(text),
            standalone::Error::Step { .. } => Self::Failed(text),
        }
    }
}

/// Converts an error of writing to standard output, the only I/O error that is returned unwrapped.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::of("writing the output", error),
        }
    }
}
