//! Batches: commits that share a transaction.

use ports::{
    queue::{Message, Receipt},
    store::{CommitError, Document, Key},
};

use super::{Answer, prepared::Prepared};

/// Commits that share a transaction.
pub(super) type Batch = Vec<(Box<Prepared>, Answer)>;

/// Results of the commits of a batch, and the batch's effects outside the database.
pub(super) type Applied = (Vec<Result<(), CommitError>>, Effects);

/// Effects of a batch outside the database.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) arrived: Vec<Message>,
    pub(super) finished: Vec<Receipt>,
    pub(super) documents: Vec<(Key, Option<Document>)>,
}
