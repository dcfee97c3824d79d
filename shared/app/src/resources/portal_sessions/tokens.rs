//! Documents of portal tokens and sign-in codes.

use domain::{Secret, Timestamp};
use ports::{
    ReadError,
    store::{Condition, Key, Write},
    vault::{FingerprintOf, Fingerprints},
};

use crate::{
    Backend,
    auth::PortalToken,
    views::{collections, to_body},
};

/// Stores the document of `token` under its fingerprint; the token itself is stored nowhere.
pub(super) async fn keep(
    backend: &Backend,
    token: &Secret,
    stands_for: &PortalToken,
    expires_at: Timestamp,
) -> Result<Write, ReadError> {
    let fingerprints = fingerprints(backend, token).await?;
    Ok(Write::Put {
        key: collections::portal_token(&fingerprints.in_use.to_string()),
        body: to_body(stands_for),
        expires_at: Some(expires_at),
        index: vec![],
        condition: Condition::None,
    })
}

/// Returns the fingerprint under which `kept` stores the document of a token.
pub(super) fn fingerprint(kept: &Write) -> String {
    match kept {
        Write::Put { key, .. }
        | Write::Delete { key, .. }
        | Write::Check { key, .. }
        | Write::Count { key, .. } => key.sort.clone(),
    }
}

/// Returns the keys under any of which the document of `token` can be.
pub(super) async fn places(backend: &Backend, token: &Secret) -> Result<Vec<Key>, ReadError> {
    Ok(collections::portal_tokens(&fingerprints(backend, token).await?))
}

async fn fingerprints(backend: &Backend, token: &Secret) -> Result<Fingerprints, ReadError> {
    let token = token.expose().as_bytes();
    backend.vault.fingerprints(FingerprintOf::PortalToken, token).await
}
