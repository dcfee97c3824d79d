//! Public keys of a webhook.

pub(super) mod http;

use domain::{id::WebhookId, signing::PublicKey};

use crate::{
    Backend,
    documents::{PublicKeys, read},
    problem::{Code, Problem},
    views::collections,
};

/// Returns the public keys that verify the webhook's deliveries now, with their numbers, the newest
/// first.
///
/// # Errors
/// [`Code::NotFound`] for one with a secret, or when the backend is unavailable.
async fn public_keys(
    backend: &Backend,
    webhook: WebhookId,
) -> Result<Vec<(u32, PublicKey)>, Problem> {
    let found = backend.store.get(&[collections::webhook_public_keys(webhook)]).await?;
    let document = found.into_iter().next().flatten().ok_or(Code::NotFound)?;
    let keys: PublicKeys = read(&document.body)?;
    Ok(keys.at(backend.now()).collect())
}
