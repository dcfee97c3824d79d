//! Errors of a backend. Each keeps its cause as its `source`, and says only what it adds to it.

use std::{error::Error, fmt, iter, sync::Arc};

/// Cause of an error, shared by its copies: a failed batch is told to every commit that was in it.
type Cause = Arc<dyn Error + Send + Sync>;

/// Temporary failure of the backend: it can't do what was asked right now, and nothing was changed.
///
/// Examples are a full disk, a closed store, and a service that does not answer. The text is for
/// the operator's log; callers of the API only get `unavailable`.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what} failed")]
pub struct Unavailable {
    /// Operation that failed.
    pub what: &'static str,
    #[source]
    why: Cause,
}

/// Damage: what is stored can't be read, and trying again changes nothing.
///
/// Examples are a document or event that can't be parsed, an event of an unknown name, and a secret
/// that does not open. The text is for the operator's log; callers of the API only get `internal`.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what} failed: what is stored is damaged")]
pub struct Corrupt {
    /// Operation that failed.
    pub what: &'static str,
    #[source]
    why: Cause,
}

/// Reason why something stored can't be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// The backend is unavailable.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// Something stored is damaged.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

impl Unavailable {
    /// Creates the error of the operation `what`, which failed because of `why`: an error, or a
    /// sentence.
    pub fn new(what: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, why: why.into().into() }
    }
}

impl Corrupt {
    /// Creates the error of the operation `what`, which failed because of `why`: an error, or a
    /// sentence.
    pub fn new(what: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, why: why.into().into() }
    }
}

/// Text of an error with all of its causes, for log lines: `making the request failed: connection
/// refused`.
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let causes = iter::successors(self.0.source(), |error| (*error).source());
        for cause in causes {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_cause_and_does_not_repeat_it() {
        let cause = serde_json::from_str::<u8>("x").unwrap_err();
        let said = cause.to_string();
        let error = ReadError::from(Corrupt::new("reading a document", cause));
        assert_eq!(error.to_string(), "reading a document failed: what is stored is damaged");
        assert_eq!(error.source().unwrap().to_string(), said);
        assert_eq!(Chain(&error).to_string(), format!("{error}: {said}"));
    }

    #[test]
    fn a_sentence_is_a_cause_too() {
        let error = Unavailable::new("committing", "the store is closed");
        assert_eq!(Chain(&error).to_string(), "committing failed: the store is closed");
    }
}
