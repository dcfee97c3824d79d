//! Error of a document or event that can't be read.

use domain::UnreadableEvent;
use ports::Corrupt;
use serde::de::Error as _;

use super::Form;
use crate::problem::Problem;

/// Stored document or event that this release can't read. Asking again does not help; another
/// release, or a rebuild, does.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The document has a form that this release does not read.
    #[error("a stored document ({name}) has form {number}; this release knows form {known}")]
    Form {
        /// Name of the document.
        name: &'static str,
        /// Number of its form.
        number: u64,
        /// Number of the form that this release writes.
        known: u16,
    },
    /// The document does not match its form.
    #[error("a stored document ({name}) is damaged")]
    Damaged {
        /// Name of the document.
        name: &'static str,
        /// Complaint of the parser.
        #[source]
        why: serde_json::Error,
    },
    /// An event can't be read.
    #[error("a stored event can't be read")]
    Event(#[from] UnreadableEvent),
}

impl Unreadable {
    /// Makes the error of a document that matches its form, but makes no sense: `why`.
    pub(crate) fn damaged<F: Form>(why: impl std::fmt::Display) -> Self {
        Self::Damaged { name: F::NAME, why: serde_json::Error::custom(why) }
    }
}

impl From<Unreadable> for Problem {
    fn from(why: Unreadable) -> Self {
        Corrupt::from(why).into()
    }
}

impl From<Unreadable> for Corrupt {
    fn from(why: Unreadable) -> Self {
        Self::new("reading what is stored", why)
    }
}
