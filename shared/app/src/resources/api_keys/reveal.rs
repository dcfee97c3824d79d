//! Showing one API key, or the whole of it.

use domain::{Secret, id::KeyId, key::Command};

use super::shown::{Shown, find, name, shown};
use crate::{
    auth::Access,
    problem::Problem,
    work::{Answered, Reply, Work},
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
    let answer = &answer;
    work.run(|work| async move {
        let key = find(&work, access, id).await?;
        let kept = name(access.id(), id, key.state.key_type);
        let change = work.change(Some(key), Command::Reveal)?;
        let secret = work.backend.vault.reveal(kept).await?;
        work.commit_showing(change.commit, answer(secret)).await
    })
    .await
}
