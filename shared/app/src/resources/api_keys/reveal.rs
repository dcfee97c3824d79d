//! Showing one API key, or the whole of it.

use super::shown::{Shown, find, keys, name, shown};
use crate::{
    auth::Access,
    problem::Problem,
    work::{Answered, Reply, Work},
};
use domain::{
    Secret,
    id::KeyId,
    key::{ApiKey, Command},
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
    work.execute::<ApiKey>(&keys(access, id), || Command::Reveal, &[], |_| reply.clone()).await
}
