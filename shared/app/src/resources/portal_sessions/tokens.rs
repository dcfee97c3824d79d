//! Documents of portal tokens and sign-in codes.

use domain::{Secret, Timestamp};
use ports::{
    Unavailable,
    store::{Condition, Key, Write},
    vault::FingerprintOf,
};

use crate::{
    Backend,
    auth::PortalToken,
    views::{collections, to_body},
    work::Work,
};

/// Stores the document of `token` under its fingerprint; the token itself is stored nowhere.
pub(super) async fn keep(
    work: &Work,
    token: &Secret,
    stands_for: &PortalToken,
    expires_at: Timestamp,
) -> Result<Write, Unavailable> {
    Ok(Write::Put {
        key: place(&work.backend, token).await?,
        body: to_body(stands_for),
        expires_at: Some(expires_at),
        index: vec![],
        condition: Condition::None,
    })
}

/// Returns the key of the document of `token`.
pub(super) async fn place(backend: &Backend, token: &Secret) -> Result<Key, Unavailable> {
    let token = token.expose().as_bytes();
    let fingerprint = backend.vault.fingerprint(FingerprintOf::PortalToken, token).await?;
    Ok(collections::portal_token(&hex::encode(fingerprint)))
}
