//! Batches: commits that share a transaction.

use std::collections::BTreeMap;

use domain::Timestamp;
use ports::{
    queue::{Message, Receipt},
    store::{CommitError, Document, Key, Numbers},
};

use super::{Answer, prepared::Prepared};

/// Commits that share a transaction.
pub(super) type Batch = Vec<(Box<Prepared>, Answer)>;

/// Results of the commits of a batch, in their order.
pub(super) type Outcomes = Vec<Result<(), CommitError>>;

/// Effects of a batch outside the database.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) arrived: Vec<Message>,
    pub(super) finished: Vec<Receipt>,
    /// Documents that change, as they are afterwards: most are read soon.
    pub(super) documents: Vec<(Key, Option<Document>)>,
    /// Keys of documents that are put ahead of their commit: rows of logs, which nobody reads soon.
    pub(super) ahead: Vec<Key>,
    /// Additions of all commits together, which are written at the end.
    pub(super) numbers: BTreeMap<Key, (Numbers, Option<Timestamp>)>,
}
