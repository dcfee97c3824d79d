//! Ends of keys: expire, roll.

use super::{
    new::{New, end},
    quota,
    shown::{Shown, find, shown},
};
use crate::{
    auth::Access,
    secrets::Secrets,
    work::{Answered, Reply, Work, no_refusal},
};
use domain::{
    Timestamp,
    id::KeyId,
    key::{ApiKey, Command, Rejection},
};

/// End of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ends {
    /// The key ends at once.
    Now,
    /// The key ends at that time.
    At(Timestamp),
    /// The key never ends.
    Never,
}

impl Ends {
    const fn at(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Now => Some(now),
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }
}

/// Sets when the key `id` stops working.
pub(crate) async fn expire(
    work: &Work,
    access: &Access,
    id: KeyId,
    ends: Ends,
    answer: impl Fn(Shown) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let at = ends.at(work.now);
        if at.is_some_and(|at| at < work.now) {
            return Err(Rejection::InThePast.into());
        }
        let key = find(&work, access, id).await?;
        let change = work.change(Some(key), Command::Expire { at })?;
        let mut secrets = Secrets::default();
        if !change.is_empty() {
            end(&mut secrets, (access.id(), id), change.after.state.key_type, at);
        }
        let reply = answer(shown(&work.backend, change.after.state, work.now).await?);
        work.commit_with(change.commit, secrets, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Replaces the key `id` by a successor of the same kind.
pub(crate) async fn roll(
    work: &Work,
    access: &Access,
    id: KeyId,
    ends: Ends,
    answer: impl Fn(Shown) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let old = find(&work, access, id).await?;
        let state = &old.state;
        let new = New::mint(&work, access.id(), state.key_type, state.environment).await?;
        let created = new.created(state.settings.clone(), None);
        let roll = Command::Roll { successor: new.id, at: ends.at(work.now) };
        let rolled = work.change(Some(old), roll)?;
        let ends_at = rolled.after.state.expires_at;
        let credentialed = work.account()?.state.is_credentialed();
        let create = Command::Create { key: created, credentialed };
        let mut change = work.change::<ApiKey>(None, create)?;
        change.commit.appends.splice(..0, rolled.commit.appends);
        change.commit.add(rolled.commit.writes);
        let place = (access.id(), change.after.state.environment);
        quota::limit(&work, &mut change.commit, place, 1).await?;
        let mut secrets = new.secrets(None);
        end(&mut secrets, (access.id(), id), change.after.state.key_type, ends_at);
        let reply = new.shown_by(answer, change.after.state, &work);
        work.commit_with(change.commit, secrets, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}
