//! Commits that bring secrets along, or let them go.

use std::time::Duration;

use domain::{Secret, Timestamp};
use futures_util::future::{join_all, try_join_all};
use ports::{
    Commit,
    store::{CommitError, Condition, Key, Write},
    vault::SecretName,
};

use super::loose::{self, Which, destroy, settle};
use crate::{
    Backend,
    problem::Problem,
    views::{Versioned, View},
    work::{Halt, Reply, Work},
};

/// Time for which a secret is kept that is good for nothing any more: somebody may still want to
/// look at it, and a clock may be late.
const GOOD_FOR_NOTHING: Duration = Duration::from_hours(24);

/// Consequences of a commit for secrets.
#[derive(Default)]
pub(crate) struct Secrets {
    of: Option<(Key, u64)>,
    kept: Vec<(SecretName, Secret)>,
    let_go: Vec<SecretName>,
    ending: Vec<(SecretName, Option<Timestamp>)>,
}

impl Secrets {
    /// Begins with those of `thing`, which must not have changed since it was read: names of secrets
    /// follow from its state, and another commit may have just used the next.
    pub(crate) fn of<S: View>(thing: &Versioned<S>) -> Self {
        Self { of: Some((thing.state.key(), thing.revision)), ..Self::default() }
    }

    /// Keeps `secret` under `name`, which the commit names for the first time.
    pub(crate) fn keep(&mut self, name: SecretName, secret: Secret) {
        self.kept.push((name, secret));
    }

    /// Lets `name` go, which the commit names no longer.
    pub(crate) fn let_go(&mut self, name: SecretName) {
        self.let_go.push(name);
    }

    /// Lets `name` go a day after `ends_at`, from when on it is good for nothing; never if none.
    pub(crate) fn end(&mut self, name: SecretName, ends_at: Option<Timestamp>) {
        self.ending.push((name, ends_at));
    }
}

impl Work {
    /// Commits with `secrets`, as [`Work::commit`] does. Of a commit that does not happen none is
    /// kept, and none let go.
    ///
    /// # Errors
    /// The errors of [`Work::commit`].
    pub(crate) async fn commit_with(
        &self,
        mut commit: Commit,
        mut secrets: Secrets,
        reply: &Reply,
        refusal: impl Fn(&str) -> Option<Problem>,
    ) -> Result<(), Halt> {
        let vault = &self.backend.vault;
        commit.writes.extend(secrets.ending.iter().map(|(name, ends_at)| match ends_at {
            Some(ends_at) => loose::ends(*name, ends_at.plus(GOOD_FOR_NOTHING)),
            None => loose::kept(*name),
        }));
        for name in &secrets.let_go {
            commit.add(vault.forget(*name).await?);
        }
        let is_apart = |name: &SecretName| vault.keeps_apart() && name.purpose.is_secret();
        // A name that follows from a state may have been tried while secrets were kept apart.
        let may_be_tried = secrets.of.is_some() && self.backend.store.is_shared();
        for (name, secret) in secrets.kept.extract_if(.., |(name, _)| !is_apart(name)) {
            commit.add(vault.keep(name, &secret).await?);
            if may_be_tried && name.purpose.is_secret() {
                for write in loose::settled(name) {
                    // A commit writes each item once.
                    if !commit.writes.iter().any(|one| one.key() == write.key()) {
                        commit.writes.push(write);
                    }
                }
            }
        }
        if !vault.keeps_apart() {
            return self.commit(commit, reply, refusal).await;
        }
        commit.writes.extend(secrets.let_go.iter().map(|name| loose::let_go(*name, self.now)));
        if !secrets.kept.is_empty() {
            let named = self.made(&secrets, &commit, &refusal).await?;
            commit.add(named);
        }
        let done = self.commit(commit, reply, refusal).await;
        match &done {
            Ok(()) => destroy_all(&self.backend, &secrets.let_go).await,
            Err(_) => settle_all(&self.backend, &secrets.kept).await,
        }
        done
    }

    /// Makes secrets apart from the store, if `commit` would happen now; returns its writes that
    /// name them.
    async fn made(
        &self,
        Secrets { of, kept, .. }: &Secrets,
        commit: &Commit,
        refusal: impl Fn(&str) -> Option<Problem>,
    ) -> Result<Vec<Write>, Halt> {
        let backend = &self.backend;
        // The conditions of the commit, so that what is refused makes no secret, and nobody makes
        // one under a name that another commit has just used.
        let mut writes: Vec<Write> = commit.writes.iter().filter_map(condition).collect();
        if let Some((of, revision)) = of
            && !writes.iter().any(|write| write.key() == of)
        {
            let condition = Condition::Revision(*revision);
            writes.push(Write::Check { key: of.clone(), condition });
        }
        let conditions = writes.len();
        for (name, _) in kept {
            writes.extend([loose::make(*name, self.now), loose::none_let_go(*name)]);
        }
        let keys: Vec<Key> = writes[..conditions].iter().map(|write| write.key().clone()).collect();
        match backend.store.commit(Commit { writes, ..Commit::default() }).await {
            Ok(()) => {}
            Err(CommitError::ConditionFailed { index }) if index < conditions => {
                let collection = keys[index].partition.collection();
                return Err(refusal(collection).map_or(Halt::Raced, Halt::Refused));
            }
            Err(CommitError::ConditionFailed { index }) => {
                // Another command makes or destroys a secret of that name, or died over it.
                let (name, _) = kept[(index - conditions) / 2];
                loose::clear(backend, name).await?;
                return Err(Halt::Raced);
            }
            Err(CommitError::Unavailable(why)) => return Err(Problem::from(why).into()),
            Err(CommitError::Corrupt(why)) => return Err(Problem::from(why).into()),
            Err(_) => return Err(Halt::Raced),
        }
        let made = kept.iter().map(|(name, secret)| backend.vault.keep(*name, secret));
        match try_join_all(made).await {
            Ok(writes) => {
                let named = kept.iter().map(|(name, _)| loose::named(*name));
                Ok(writes.into_iter().flatten().chain(named).collect())
            }
            Err(why) => {
                settle_all(backend, kept).await;
                Err(why.into())
            }
        }
    }
}

/// Returns the condition of `write` alone, if it has one.
fn condition(write: &Write) -> Option<Write> {
    match write {
        Write::Put { key, condition, .. }
        | Write::Delete { key, condition }
        | Write::Check { key, condition } => (*condition != Condition::None)
            .then(|| Write::Check { key: key.clone(), condition: *condition }),
        Write::Count { key, by, at_most } => {
            // Without room the bound can't hold, whatever the count is.
            let room = at_most.map(|most| most.checked_sub(by.unsigned_abs()));
            let room = room.filter(|_| *by > 0)?;
            let (by, at_most) = if room.is_some() { (0, room) } else { (*by, *at_most) };
            Some(Write::Count { key: key.clone(), by, at_most })
        }
    }
}

/// Destroys secrets whose commit did not happen. What fails is left to the sweep.
async fn settle_all(backend: &Backend, kept: &[(SecretName, Secret)]) {
    for settled in join_all(kept.iter().map(|(name, _)| settle(backend, *name))).await {
        warn_of(settled);
    }
}

/// Destroys secrets that a commit let go. What fails is left to the sweep.
async fn destroy_all(backend: &Backend, names: &[SecretName]) {
    for destroyed in join_all(names.iter().map(|name| destroy(backend, Which::One(*name)))).await {
        warn_of(destroyed);
    }
}

fn warn_of(done: Result<(), Problem>) {
    if let Err(why) = done {
        tracing::warn!(why = %why.message, "a secret that nothing names is left to the sweep");
    }
}
