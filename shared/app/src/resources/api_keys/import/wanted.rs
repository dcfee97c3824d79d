//! Keys that are to be imported, and what is checked of them.

use std::collections::HashSet;

use domain::{
    Environment, KeyType, Secret, Timestamp,
    key::{Settings, foreign},
};

use super::taken;
use crate::{
    auth::{lookups, of_hash, of_key},
    problem::{Code, Problem},
    resources::key_scopes::check_scopes,
    work::Work,
};

/// Documents read at once.
const AT_ONCE: usize = 100;

/// Key that is to be imported.
pub(crate) struct Wanted {
    /// Type of the key.
    pub(crate) key_type: KeyType,
    /// Environment of the key.
    pub(crate) environment: Environment,
    /// Instant at which the key stops working.
    pub(crate) expires_at: Option<Timestamp>,
    /// Settings of the key.
    pub(crate) settings: Settings,
    /// The key, or its hash.
    pub(crate) text: Text,
}

/// Key that somebody else made, as far as it is known.
pub(crate) enum Text {
    /// The key itself.
    Key(Secret),
    /// Its SHA-256.
    Hash(foreign::Hash),
}

/// Key that can be imported.
pub(super) struct Known {
    /// Fingerprint by which it will be found.
    pub(super) fingerprint: String,
}

/// Checks that all of `wanted` can be imported, as far as can be read.
///
/// # Errors
/// [`Code::KeyTaken`] for the first one that is known already, here or elsewhere; the refusal of
/// another part of it; or when the backend is unavailable.
pub(super) async fn check(work: &Work, wanted: &[Wanted]) -> Result<Vec<Known>, Problem> {
    let backend = &work.backend;
    for (index, one) in wanted.iter().enumerate() {
        if !work.account()?.state.has(one.environment) {
            return Err(Code::AccountNotCredentialed.of(format!("api_keys[{index}].environment")));
        }
        if one.expires_at.is_some_and(|at| at <= work.now) {
            let param = format!("api_keys[{index}].expires_at");
            return Err(Problem::invalid(param, "must be in the future"));
        }
        let scopes = one.settings.scopes.as_deref().unwrap_or_default();
        check_scopes(backend, || format!("api_keys[{index}].scopes"), scopes).await?;
    }
    let (mut known, mut seen, mut places) = (Vec::new(), HashSet::new(), Vec::new());
    for (index, one) in wanted.iter().enumerate() {
        let (hash, fingerprints) = match &one.text {
            Text::Key(text) => {
                (foreign::hash(text.expose()), of_key(backend, text.expose()).await?)
            }
            Text::Hash(hash) => (*hash, of_hash(backend, hash).await?),
        };
        if !seen.insert(hash) {
            return Err(taken(index));
        }
        places.extend(lookups(&fingerprints).into_iter().map(|place| (index, place)));
        known.push(Known { fingerprint: fingerprints.in_use.to_string() });
    }
    for places in places.chunks(AT_ONCE) {
        let keys: Vec<_> = places.iter().map(|(_, place)| place.clone()).collect();
        let found = backend.store.get(&keys).await?;
        let taken_at = places.iter().zip(found).find(|(_, found)| found.is_some());
        if let Some(((index, _), _)) = taken_at {
            return Err(taken(*index));
        }
    }
    Ok(known)
}
