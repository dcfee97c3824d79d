//! Showing one API key, or the whole of it.

use domain::{
    Decider as _, Secret,
    id::KeyId,
    key::{ApiKey, Command},
};
use ports::Commit;

use super::shown::{Shown, find, name, shown};
use crate::{
    auth::Access,
    problem::Problem,
    work::{Answered, Reply, Work, no_refusal},
};

/// Reads the key `id`.
pub(crate) async fn key(work: &Work, access: &Access, id: KeyId) -> Result<Shown, Problem> {
    let key = find(work, access, id).await?;
    shown(&work.backend, key.state, work.now).await
}

/// Reveals the whole key `id`, which is recorded.
pub(crate) async fn reveal(
    work: &Work,
    access: &Access,
    id: KeyId,
    answer: impl Fn(Secret) -> Reply,
) -> Answered {
    access.writable()?;
    let reply = answer(work.backend.vault.reveal(name(access.id(), id)).await?);
    work.run(|| async {
        let key = find(work, access, id).await?;
        let events = ApiKey::decide(Some(&key.state), Command::Reveal, work.now)?;
        let mut commit = Commit::default();
        let _ = work.record(&mut commit, Some(&key), events);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply.clone())
    })
    .await
}
