//! Secrets of the whole stack, kept in Secrets Manager and read when they are first needed: a
//! function is ready before that, and one that never needs them never asks.

use std::sync::Arc;

use app::{OperatorToken, OperatorTokenHash, settings::OPERATOR_TOKEN_PREFIX};
use async_trait::async_trait;
use aws::SecretsManager;
use domain::Secret;
use ports::{Corrupt, Ids, ReadError, Unavailable};
use sealed::{KeyRing, RingSource};
use tokio::sync::OnceCell;

use crate::Settings;

/// Key ring in Secrets Manager.
pub(super) struct StoredRing {
    client: SecretsManager,
    ids: Arc<dyn Ids>,
    name: String,
}

impl StoredRing {
    pub(super) fn new(client: SecretsManager, ids: Arc<dyn Ids>, settings: &Settings) -> Self {
        Self { client, ids, name: format!("{}/key-ring", settings.secrets_prefix) }
    }

    /// Reads the ring; stores the result of `make` if there is none.
    pub(super) async fn read_or(
        &self,
        make: impl FnOnce() -> Secret,
    ) -> Result<KeyRing, ReadError> {
        let text = aws::ring_secret(&self.client, &self.name, make).await?;
        Ok(KeyRing::parse(text.expose())
            .map_err(|why| Corrupt::new("reading the key ring", why))?)
    }

    /// Replaces the ring by `ring`.
    pub(super) async fn replace(&self, ring: &KeyRing) -> Result<(), Unavailable> {
        aws::replace_ring(&self.client, &self.name, &ring.text()).await
    }

    /// Puts `ring` in the place of an older one, by a change that is made once.
    pub(super) async fn change(&self, ring: &KeyRing, change: &str) -> Result<(), Unavailable> {
        aws::change_ring(&self.client, &self.name, &ring.text(), change).await
    }
}

#[async_trait]
impl RingSource for StoredRing {
    /// Returns the ring, created by the first function that needs one.
    async fn ring(&self) -> Result<KeyRing, ReadError> {
        self.read_or(|| KeyRing::generate(self.ids.as_ref()).text()).await
    }
}

/// Operator token: what the stack has generated, and the prefix that it could not generate; or a
/// whole token that the operator has put in its place.
pub(super) struct StoredOperator {
    client: SecretsManager,
    name: String,
    hash: OnceCell<OperatorTokenHash>,
}

impl StoredOperator {
    pub(super) fn new(client: SecretsManager, settings: &Settings) -> Self {
        let name = format!("{}/operator-token", settings.secrets_prefix);
        Self { client, name, hash: OnceCell::new() }
    }

    async fn read(&self) -> Result<OperatorTokenHash, Unavailable> {
        let kept = aws::read_secret(&self.client, &self.name).await?;
        let token = whole(kept).ok_or_else(|| {
            Unavailable::new("reading the operator token", "it is the prefix alone")
        })?;
        Ok(OperatorTokenHash::of(&token))
    }
}

/// Returns the token in the kept secret; `None` if it is the prefix alone, which is no secret.
fn whole(kept: Secret) -> Option<Secret> {
    match kept.expose().strip_prefix(OPERATOR_TOKEN_PREFIX) {
        Some("") => None,
        Some(_) => Some(kept),
        None => Some(Secret::new(format!("{OPERATOR_TOKEN_PREFIX}{}", kept.expose()))),
    }
}

#[async_trait]
impl OperatorToken for StoredOperator {
    async fn knows(&self, token: &str) -> Result<bool, Unavailable> {
        Ok(self.hash.get_or_try_init(|| self.read()).await?.is_of(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_alone_is_not_an_operator_token() {
        let whole = |kept: &str| whole(Secret::new(kept)).map(|token| token.expose().to_owned());
        assert_eq!(whole("abc").as_deref(), Some("lhop_abc"));
        assert_eq!(whole("lhop_abc").as_deref(), Some("lhop_abc"));
        assert_eq!(whole("lhop_"), None);
    }
}
