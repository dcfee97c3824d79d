//! Commits without preconditions of their own, of any size.

use ports::{Commit, store::Write};

use super::{Reply, Work, no_refusal};
use crate::problem::{Code, Problem};

/// Maximum number of writes in a commit ahead of the main one: each is a document, usually with
/// index entries. Every backend accepts at least 100 items at once.
const PER_COMMIT: usize = 45;

impl Work {
    /// Returns this work, for which the authority may be as it was read for the try: what it begins is
    /// looked at again before anything comes of it, as an event's deliveries are.
    #[must_use]
    pub fn as_was_read(&self) -> Self {
        Self { is_as_was_read: true, ..self.clone() }
    }

    /// Returns whether its commits go without checking the authority again, because that would cost as
    /// much as they do.
    pub(super) fn may_be_as_was_read(&self) -> bool {
        self.is_as_was_read && self.backend.store.is_shared()
    }

    /// Keeps `reply` for repeats of a request that commits nothing else.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn keep(&self, reply: &Reply) -> Result<(), Problem> {
        if self.slot.is_none() {
            return Ok(());
        }
        self.committed(Commit::default(), reply).await
    }

    /// Commits without preconditions; a conflict can only be transient, so it is retried. Messages
    /// are [announced](Self::announce).
    ///
    /// # Errors
    /// [`Code::Conflict`] after too many lost races, or that the backend is unavailable.
    pub async fn committed(&self, mut commit: Commit, reply: &Reply) -> Result<(), Problem> {
        self.announce(&mut commit).await?;
        self.insisted(&commit, reply).await
    }

    async fn insisted(&self, commit: &Commit, reply: &Reply) -> Result<(), Problem> {
        self.run(|work| async move { work.commit(commit.clone(), reply, no_refusal).await }).await
    }

    /// Commits, with `more` writes that have no preconditions and mean nothing without the rest. If
    /// that is more than a backend accepts at once, they are committed first, some at a time. If
    /// the process dies in between, nothing refers to those already written, and they expire.
    ///
    /// # Errors
    /// The errors of [`Self::committed`].
    pub async fn committed_with(
        &self,
        mut commit: Commit,
        more: Vec<Write>,
        reply: &Reply,
    ) -> Result<(), Problem> {
        if more.is_empty() {
            return self.committed(commit, reply).await;
        }
        self.announce(&mut commit).await?;
        let mut whole = commit.clone();
        whole.writes.extend_from_slice(&more);
        match self.insisted(&whole, reply).await {
            Err(problem) if problem.code == Code::PayloadTooLarge => {}
            outcome => return outcome,
        }
        let ahead = self.unkept();
        for writes in more.chunks(PER_COMMIT) {
            let some = Commit { writes: writes.to_vec(), ..Commit::default() };
            ahead.insisted(&some, reply).await?;
        }
        self.insisted(&commit, reply).await
    }
}
