//! API keys with what is known of them beside their state.

use domain::{
    KeyType, Secret, Timestamp,
    id::{AccountId, KeyId},
    key::ApiKey,
};
use ports::{
    store::Key,
    vault::{SecretName, SecretPurpose},
};

use crate::{
    Backend,
    auth::Access,
    problem::{Code, Problem},
    resources::logs::last_used,
    secrets::reveal_all,
    views::{Versioned, collections},
    work::Work,
};

/// API key, and what is known of it beside its state.
pub(crate) struct Shown {
    /// State of the key.
    pub(crate) key: ApiKey,
    /// `active` or `expired`.
    pub(crate) status: &'static str,
    /// Time of its last use, to the minute.
    pub(crate) last_used_at: Option<Timestamp>,
    /// Whole key, if it is new or publishable, and not known by its hash alone.
    pub(crate) text: Option<Secret>,
}

impl Shown {
    /// Makes a key that was just made, and is shown whole if there is a `text`.
    pub(super) fn made(key: ApiKey, now: Timestamp, text: Option<Secret>) -> Self {
        Self { status: status(&key, now), key, last_used_at: None, text }
    }
}

fn status(key: &ApiKey, now: Timestamp) -> &'static str {
    if key.is_expired(now) { "expired" } else { "active" }
}

/// Returns the name under which the vault stores a key of that type.
pub(super) const fn name(account: AccountId, key: KeyId, key_type: KeyType) -> SecretName {
    SecretName { account, purpose: SecretPurpose::of_key(key, key_type) }
}

/// Finds the caller's key `id`, in any environment that the caller has access to.
pub(super) async fn find(
    work: &Work,
    access: &Access,
    id: KeyId,
) -> Result<Versioned<ApiKey>, Problem> {
    Ok(work.find(&keys(access, id)).await?.ok_or(Code::NotFound)?)
}

/// Returns the keys under which the document of the caller's key `id` can be.
pub(super) fn keys(access: &Access, id: KeyId) -> Vec<Key> {
    let environments = access.environments().iter();
    environments.map(|env| collections::api_keys(access.id(), *env).key(id)).collect()
}

/// Returns the key with its last use, and whole if it is publishable.
pub(super) async fn shown(
    backend: &Backend,
    key: ApiKey,
    now: Timestamp,
) -> Result<Shown, Problem> {
    all_shown(backend, vec![key], now).await?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Returns the keys with their last use, and the publishable ones whole.
pub(super) async fn all_shown(
    backend: &Backend,
    keys: Vec<ApiKey>,
    now: Timestamp,
) -> Result<Vec<Shown>, Problem> {
    let places = keys.iter().map(|key| collections::api_key_usage(key.account, key.id));
    let used = last_used(backend, &places.collect::<Vec<_>>()).await?;
    let is_public = |key: &&ApiKey| key.key_type == KeyType::Publishable && key.revealable;
    let public = keys.iter().filter(is_public);
    let public = public.map(|key| name(key.account, key.id, key.key_type)).collect();
    let mut texts = reveal_all(&*backend.vault, public).await.into_iter();
    let shown = keys.into_iter().zip(used).map(|(key, last_used_at)| {
        // The vault of a closed account is gone; the list of its keys is still shown.
        let text = if is_public(&&key) { texts.next().and_then(Result::ok) } else { None };
        Shown { status: status(&key, now), key, last_used_at, text }
    });
    Ok(shown.collect())
}
