//! Secrets that no document names, and the document that stands for each of them meanwhile.

use std::{fmt, time::Duration};

use domain::{Timestamp, id::AccountId};
use ports::{
    Commit, Corrupt, Unavailable,
    store::{CommitError, Condition, Key, Row, Write},
    vault::SecretName,
};
use serde::{Deserialize, Serialize};

use crate::{
    Backend,
    documents::{Form, Number, Stored},
    problem::Problem,
    views::{collections, to_body},
};

/// Time after which a secret is taken for abandoned by who was about to name it, or to destroy it: no
/// request lives that long, and no sweep is that long about one secret.
const ABANDONED_AFTER: Duration = Duration::from_secs(45);

/// Document of a loose secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct Loose {
    format: Number<Self>,
    /// Time from which the sweep destroys the secret.
    pub(super) due: Timestamp,
    /// Last purpose, in the order of their texts, of which the account's secret is destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) past: Option<String>,
}

impl Form for Loose {
    const NAME: &'static str = "loose_secret";
    const NUMBER: u16 = 1;
}

impl Stored for Loose {
    type Form = Self;
}

/// Reason why no document names a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Made for a commit that is under way, or failed.
    Made,
    /// A commit let it go.
    LetGo,
}

impl Why {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::LetGo => "let_go",
        }
    }
}

/// Secrets that a document stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// One secret.
    One(SecretName),
    /// All secrets of a closed account.
    AllOf(AccountId),
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(name) => write!(f, "{}/{}", name.account, name.purpose),
            Self::AllOf(account) => write!(f, "{account}"),
        }
    }
}

/// Reads what the document of `row` stands for.
pub(super) fn read_row(row: &Row) -> Result<(Why, Which), Corrupt> {
    let key = &row.document.key;
    let why = [Why::Made, Why::LetGo];
    let why = why.into_iter().find(|why| collections::loose_secrets(why.as_str()) == key.partition);
    let (account, purpose) = key.sort.split_once('/').unwrap_or((&key.sort, ""));
    let which = account.parse().ok().and_then(|account: AccountId| {
        if purpose.is_empty() {
            return Some(Which::AllOf(account));
        }
        Some(Which::One(SecretName { account, purpose: purpose.parse().ok()? }))
    });
    let damaged = || Corrupt::new("reading a loose secret", "its key names no secret");
    why.zip(which).ok_or_else(damaged)
}

fn key(why: Why, which: Which) -> Key {
    collections::loose_secrets(why.as_str()).key(which)
}

fn put(why: Why, which: Which, due: Timestamp, condition: Condition) -> Write {
    put_loose(why, which, due, None, condition)
}

fn put_loose(
    why: Why,
    which: Which,
    due: Timestamp,
    past: Option<String>,
    condition: Condition,
) -> Write {
    Write::Put {
        key: key(why, which),
        body: to_body(&Loose { format: Number::default(), due, past }),
        expires_at: None,
        index: vec![collections::loose_secret_due(due, why.as_str(), which)],
        condition,
    }
}

/// Returns the write ahead of making `name` at `now`. Its condition fails while another command
/// makes a secret of that name.
pub(super) fn make(name: SecretName, now: Timestamp) -> Write {
    put(Why::Made, Which::One(name), now.plus(ABANDONED_AFTER), Condition::Absent)
}

/// Returns the write of the commit that names a secret which was made for it.
pub(super) fn named(name: SecretName) -> Write {
    Write::Delete { key: key(Why::Made, Which::One(name)), condition: Condition::Present }
}

/// Returns the condition of making `name` that none of that name is about to be destroyed.
pub(super) fn none_let_go(name: SecretName) -> Write {
    Write::Check { key: key(Why::LetGo, Which::One(name)), condition: Condition::Absent }
}

/// Returns the writes of the commit that names a secret which is kept in the store itself, under a name that
/// may have been tried before. If secrets were apart then, whoever made one may have died over it, or be
/// about to commit; nothing may be destroyed for that any more, nor committed.
pub(super) fn settled(name: SecretName) -> [Write; 2] {
    [Why::Made, Why::LetGo]
        .map(|why| Write::Delete { key: key(why, Which::One(name)), condition: Condition::None })
}

/// Returns the write of the commit that lets `name` go at `now`. Whoever commits it destroys the
/// secret; the sweep only does if they have not.
pub(super) fn let_go(name: SecretName, now: Timestamp) -> Write {
    put(Why::LetGo, Which::One(name), now.plus(ABANDONED_AFTER), Condition::None)
}

/// Returns the write of the commit after which the sweep destroys `name`, at `due` or later.
pub(super) fn ends(name: SecretName, due: Timestamp) -> Write {
    put(Why::LetGo, Which::One(name), due, Condition::None)
}

/// Returns the condition that `name`, which has ended, is not destroyed yet.
pub(super) fn not_destroyed(name: SecretName) -> Write {
    Write::Check { key: key(Why::LetGo, Which::One(name)), condition: Condition::Present }
}

/// Returns the write of the commit by which `name` is not let go after all.
pub(super) fn kept(name: SecretName) -> Write {
    Write::Delete { key: key(Why::LetGo, Which::One(name)), condition: Condition::None }
}

/// Returns the write of the commit that closes `account`, for a vault that keeps secrets apart.
pub(crate) fn close(account: AccountId, now: Timestamp) -> Write {
    put(Why::LetGo, Which::AllOf(account), now, Condition::None)
}

/// Returns the write by which the next sweep goes on behind `past` with a closed account's secrets.
pub(super) fn close_on(account: AccountId, due: Timestamp, past: String) -> Write {
    put_loose(Why::LetGo, Which::AllOf(account), due, Some(past), Condition::Present)
}

/// Destroys what somebody has left under `name` that is about to be made: a secret that was made, or
/// let go, by a process that died since.
///
/// # Errors
/// When the backend is unavailable.
pub(super) async fn clear(backend: &Backend, name: SecretName) -> Result<(), Problem> {
    let keys = [Why::Made, Why::LetGo].map(|why| key(why, Which::One(name)));
    let found = backend.store.get(&keys).await?;
    for (why, document) in [Why::Made, Why::LetGo].into_iter().zip(found) {
        let Some(document) = document else { continue };
        let loose: Loose = crate::documents::read(&document.body)?;
        match why {
            _ if loose.due > backend.now() => {}
            Why::Made => settle(backend, name).await?,
            Why::LetGo => claim_and_destroy(backend, name, document.revision).await?,
        }
    }
    Ok(())
}

/// Destroys a secret whose document has `revision`, unless somebody else is about to: nothing may be
/// destroyed any more once the document is gone, because its name can be used again.
///
/// # Errors
/// When the backend is unavailable; the sweep then does it.
pub(super) async fn claim_and_destroy(
    backend: &Backend,
    name: SecretName,
    revision: u64,
) -> Result<(), Problem> {
    let (which, due) = (Which::One(name), backend.now().plus(ABANDONED_AFTER));
    let claim = put(Why::LetGo, which, due, Condition::Revision(revision));
    if commit(backend, vec![claim]).await? {
        destroy(backend, which).await?;
    }
    Ok(())
}

/// Destroys the secret that was made under `name` unless the commit that names it has happened.
/// From here on that commit can't happen.
///
/// # Errors
/// When the backend is unavailable; the sweep then does it.
pub(super) async fn settle(backend: &Backend, name: SecretName) -> Result<(), Problem> {
    let taken = [named(name), let_go(name, backend.now())];
    if commit(backend, taken.into()).await? {
        destroy(backend, Which::One(name)).await?;
    }
    Ok(())
}

/// Destroys what was let go, and then removes the document that stands for it. A secret of that name in the
/// store is left if a commit has [settled](settled) the name meanwhile.
///
/// # Errors
/// When the backend is unavailable; the sweep then does it.
pub(super) async fn destroy(backend: &Backend, which: Which) -> Result<(), Problem> {
    let (mut condition, mut forgotten) = (Condition::None, Vec::new());
    if let Which::One(name) = which {
        backend.vault.destroy(name).await?;
        (condition, forgotten) = (Condition::Present, backend.vault.forget(name).await?);
    }
    let mut writes = vec![Write::Delete { key: key(Why::LetGo, which), condition }];
    writes.append(&mut forgotten);
    commit(backend, writes).await.map(drop)
}

/// Commits `writes`; returns false if a condition does not hold.
pub(super) async fn commit(backend: &Backend, writes: Vec<Write>) -> Result<bool, Problem> {
    commit_all(backend, Commit { writes, ..Commit::default() }).await
}

/// Commits `commit`; returns false if a condition does not hold.
pub(super) async fn commit_all(backend: &Backend, commit: Commit) -> Result<bool, Problem> {
    match backend.store.commit(commit).await {
        Ok(()) => Ok(true),
        Err(CommitError::ConditionFailed { .. }) => Ok(false),
        Err(CommitError::Unavailable(why)) => Err(why.into()),
        Err(CommitError::Corrupt(why)) => Err(why.into()),
        Err(why) => Err(Unavailable::new("noting a secret", why).into()),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{KeyId, Ulid, WebhookId};
    use ports::{store::Document, vault::SecretPurpose};

    use super::*;

    const NOBODY: AccountId = AccountId(Ulid::from_parts(0, 0));

    #[test]
    fn what_a_document_stands_for_is_read_from_its_key() {
        let webhook = WebhookId(Ulid::from(1));
        let purposes =
            [SecretPurpose::ApiKey(KeyId(Ulid::from(2))), SecretPurpose::WebhookUrl(webhook, 3)];
        let one = |purpose| Which::One(SecretName { account: NOBODY, purpose });
        for which in purposes.map(one).into_iter().chain([Which::AllOf(NOBODY)]) {
            for why in [Why::Made, Why::LetGo] {
                let document = Document {
                    key: key(why, which),
                    revision: 1,
                    expires_at: None,
                    body: bytes::Bytes::new(),
                };
                let row = Row { sort: String::new(), document };
                assert_eq!(read_row(&row).unwrap(), (why, which));
            }
        }
    }
}
