//! Ends of keys: expire, roll.

use domain::{
    Decider as _, Timestamp,
    id::KeyId,
    key::{ApiKey, Command, Rejection},
};
use ports::Commit;

use super::{
    new::New,
    shown::{Shown, find, shown},
};
use crate::{
    auth::{Access, account_stands},
    problem::Code,
    work::{Answered, Reply, Work, no_refusal},
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
    access.writable()?;
    let at = ends.at(work.now);
    if at.is_some_and(|at| at < work.now) {
        return Err(Rejection::InThePast.into());
    }
    work.run(|| async {
        let key = find(work, access, id).await?;
        let events = ApiKey::decide(Some(&key.state), Command::Expire { at }, work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&key), events).ok_or(Code::NotFound)?;
        let reply = answer(shown(&work.backend, after.state, work.now).await?);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
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
    access.writable()?;
    let at = ends.at(work.now);
    let old = find(work, access, id).await?.state;
    let new = New::mint(work, access.id(), old.key_type, old.environment).await?;
    let created = new.created(old.name, None);
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let old = find(work, access, id).await?;
        let rolled = Command::Roll { successor: new.id, at };
        let rolled = ApiKey::decide(Some(&old.state), rolled, work.now)?;
        let credentialed = account.state.is_credentialed();
        let create = Command::Create { key: created.clone(), credentialed };
        let create = ApiKey::decide(None, create, work.now)?;
        let mut commit = Commit { writes: vec![account_stands(&account)], ..Commit::default() };
        let _ = work.record(&mut commit, Some(&old), rolled);
        let key = work.record::<ApiKey>(&mut commit, None, create).ok_or(Code::NotFound)?;
        new.keep(work, &mut commit).await?;
        let reply = answer(Shown::new(key.state, work.now, new.text.clone()));
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}
