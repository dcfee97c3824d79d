//! Execution of a command: load, decide, record, commit.

use domain::Decider;
use ports::{
    Commit,
    store::{Key, Write},
};

use super::{Answered, Halt, Reply, Work, no_refusal};
use crate::{
    documents::StoredState,
    problem::{Code, Problem},
    views::{Versioned, View},
};

/// Change of a stream by a command, decided and recorded but not committed.
pub struct Change<S> {
    /// State before the command; none for a new stream.
    pub before: Option<Versioned<S>>,
    /// State after it.
    pub after: Versioned<S>,
    /// Commit of the events and of what follows from them; more can be added to it.
    pub commit: Commit,
}

impl<S> Change<S> {
    /// Returns whether nothing happened: it is already as the command wants it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.commit.appends.is_empty()
    }
}

impl Work {
    /// Executes `command` on the state under the first of `keys` that has one, `also` writes more in
    /// the same commit, and answers with the state afterwards. After a lost race all of it is done
    /// again.
    ///
    /// # Errors
    /// [`Code::NotFound`], the decider's rejection, or those of [`Work::run`].
    pub async fn execute<S: StoredState>(
        &self,
        keys: &[Key],
        command: impl Fn() -> S::Command,
        also: &[Write],
        answer: impl Fn(S) -> Reply,
    ) -> Answered
    where
        S::Event: Clone,
        Problem: From<<S as Decider>::Rejection>,
    {
        let (command, answer) = (&command, &answer);
        self.run(|work| async move {
            let before = work.find::<S>(keys).await?.ok_or(Code::NotFound)?;
            let mut change = work.change(Some(before), command())?;
            change.commit.writes.extend_from_slice(also);
            let reply = answer(change.after.state);
            work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
        })
        .await
    }

    /// Decides `command` on `before`, and records what happened. For commands whose commit has more
    /// in it than [`Work::execute`] can know; to be called, and its commit committed, in
    /// [`Work::run`].
    ///
    /// # Errors
    /// The decider's rejection.
    pub fn change<S: View>(
        &self,
        before: Option<Versioned<S>>,
        command: S::Command,
    ) -> Result<Change<S>, Halt>
    where
        S::Event: Clone,
        Problem: From<<S as Decider>::Rejection>,
    {
        let state = before.as_ref().map(|before| &before.state);
        let events = S::decide(state, command, self.now).map_err(Problem::from)?;
        let mut commit = Commit::default();
        let after = self.record(&mut commit, before.as_ref(), events).ok_or(Code::NotFound)?;
        Ok(Change { before, after, commit })
    }
}
