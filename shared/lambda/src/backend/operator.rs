//! Operator token of the stack, kept in Secrets Manager.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::{OperatorToken, OperatorTokenHash, settings::OPERATOR_TOKEN_PREFIX, views::collections};
use async_trait::async_trait;
use aws::SecretsManager;
use axum::body::Bytes;
use domain::{Secret, Timestamp};
use lambda_runtime::Error;
use ports::{
    Clock, Commit, ReadError, Store, Unavailable,
    store::{Condition, Write},
};

use crate::Settings;

/// Time for which the hash of the operator token is used before the store is asked for a change.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(30);
/// Time after which the token is read again although no command has changed it: somebody may have
/// changed the secret by hand.
const READ_EVERY: Duration = Duration::from_hours(1);

/// Operator token: what the stack has generated, and the prefix that it could not generate; or a
/// whole token that the operator has put in its place.
///
/// A rotation ends the old token within a minute in every function. Reading the secret as often
/// would cost a hundred times what reading a document does, so the command that rotates leaves a
/// document behind, and the secret is read when that has changed.
pub(super) struct StoredOperator {
    kept: Box<dyn KeptToken>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

/// Hash of the token, as it was read.
#[derive(Clone, Copy)]
struct Known {
    hash: OperatorTokenHash,
    /// Revision of the document that a rotation leaves; none if there was none.
    rotation: Option<u64>,
    read_at: Timestamp,
    looked_at: Timestamp,
}

impl StoredOperator {
    pub(super) fn new(
        kept: Box<dyn KeptToken>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { kept, store, clock, known: Mutex::default() }
    }

    /// Returns the hash of a token that was the operator's within the last minute.
    async fn hash(&self) -> Result<OperatorTokenHash, Unavailable> {
        let now = self.clock.now();
        let known = *self.known();
        if let Some(known) = known.filter(|known| now.since(known.looked_at) < LOOKED_AT_EVERY) {
            return Ok(known.hash);
        }
        // First the document, so that a token read after it is at least as new.
        let rotation = self.rotation().await?;
        let still = known
            .filter(|known| known.rotation == rotation && now.since(known.read_at) < READ_EVERY);
        let known = match still {
            Some(known) => Known { looked_at: now, ..known },
            None => Known { hash: self.read().await?, rotation, read_at: now, looked_at: now },
        };
        *self.known() = Some(known);
        Ok(known.hash)
    }

    async fn rotation(&self) -> Result<Option<u64>, Unavailable> {
        match self.store.get(&[collections::operator_token_rotation()]).await {
            Ok(found) => Ok(found.into_iter().flatten().next().map(|document| document.revision)),
            Err(ReadError::Unavailable(why)) => Err(why),
            Err(ReadError::Corrupt(why)) => Err(Unavailable::new(READING, why)),
        }
    }

    async fn read(&self) -> Result<OperatorTokenHash, Unavailable> {
        let token = whole(self.kept.text().await?)
            .ok_or_else(|| Unavailable::new(READING, "it is the prefix alone"))?;
        Ok(OperatorTokenHash::of(&token))
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const READING: &str = "reading the operator token";

/// Text of the operator token, where it is kept.
#[async_trait]
pub(super) trait KeptToken: Send + Sync {
    /// Returns the text.
    async fn text(&self) -> Result<Secret, Unavailable>;

    /// Replaces the text.
    async fn replace(&self, text: &Secret) -> Result<(), Unavailable>;
}

/// Secret of Secrets Manager that has the operator token.
pub(super) struct TokenSecret {
    client: SecretsManager,
    name: String,
}

impl TokenSecret {
    pub(super) fn new(client: SecretsManager, settings: &Settings) -> Self {
        Self { client, name: format!("{}/operator-token", settings.stack) }
    }
}

#[async_trait]
impl KeptToken for TokenSecret {
    async fn text(&self) -> Result<Secret, Unavailable> {
        aws::read_secret(&self.client, &self.name).await
    }

    async fn replace(&self, text: &Secret) -> Result<(), Unavailable> {
        aws::replace_secret(&self.client, &self.name, text).await
    }
}

/// Replaces the operator token by `token`, which every function knows within a minute.
///
/// # Errors
/// When the secret or the document can't be written. If the secret was, a repeat completes it.
pub(super) async fn rotate(
    kept: &dyn KeptToken,
    store: &dyn Store,
    token: &Secret,
) -> Result<(), Error> {
    kept.replace(token).await?;
    let rotation = Write::Put {
        key: collections::operator_token_rotation(),
        body: Bytes::from_static(b"{}"),
        expires_at: None,
        index: Vec::new(),
        condition: Condition::None,
    };
    Ok(store.commit(Commit { writes: vec![rotation], ..Commit::default() }).await?)
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
        Ok(self.hash().await?.is_of(token))
    }
}

#[cfg(test)]
mod tests {
    use contracts::ManualClock;
    use simulation::Memory;

    use super::*;

    /// Token in memory, and the number of times that it was read.
    #[derive(Clone)]
    struct InMemory(Arc<Mutex<(String, u32)>>);

    #[async_trait]
    impl KeptToken for InMemory {
        async fn text(&self) -> Result<Secret, Unavailable> {
            let mut kept = self.0.lock().unwrap();
            kept.1 += 1;
            Ok(Secret::new(kept.0.clone()))
        }

        async fn replace(&self, text: &Secret) -> Result<(), Unavailable> {
            self.0.lock().unwrap().0 = text.expose().to_owned();
            Ok(())
        }
    }

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn a_rotation_ends_the_old_token_within_a_minute_in_every_function() {
        let kept = InMemory(Arc::new(Mutex::new(("old".to_owned(), 0))));
        let clock = Arc::new(ManualClock::default());
        let store = Arc::new(Memory::new(clock.clone()));
        let function = || StoredOperator::new(Box::new(kept.clone()), store.clone(), clock.clone());
        let functions = [function(), function()];
        for _ in 0..20 {
            for function in &functions {
                assert!(function.knows("lhop_old").await.unwrap());
            }
            clock.advance(MINUTE);
        }
        assert_eq!(kept.0.lock().unwrap().1, 2, "each reads the secret once, not every minute");
        for number in 0..2 {
            let new = format!("lhop_new{number}");
            rotate(&kept, &*store, &Secret::new(new.clone())).await.unwrap();
            clock.advance(MINUTE);
            for function in &functions {
                assert!(function.knows(&new).await.unwrap());
                assert!(!function.knows("lhop_old").await.unwrap());
            }
        }
        assert!(!functions[0].knows("lhop_new0").await.unwrap());
    }

    #[tokio::test]
    async fn a_token_that_was_changed_by_hand_is_known_within_an_hour() {
        let kept = InMemory(Arc::new(Mutex::new(("old".to_owned(), 0))));
        let clock = Arc::new(ManualClock::default());
        let store = Arc::new(Memory::new(clock.clone()));
        let function = StoredOperator::new(Box::new(kept.clone()), store, clock.clone());
        assert!(function.knows("lhop_old").await.unwrap());
        kept.replace(&Secret::new("new")).await.unwrap();
        clock.advance(60 * MINUTE);
        assert!(function.knows("lhop_new").await.unwrap());
        assert!(!function.knows("lhop_old").await.unwrap());
    }

    #[test]
    fn the_prefix_alone_is_not_an_operator_token() {
        let whole = |kept: &str| whole(Secret::new(kept)).map(|token| token.expose().to_owned());
        assert_eq!(whole("abc").as_deref(), Some("lhop_abc"));
        assert_eq!(whole("lhop_abc").as_deref(), Some("lhop_abc"));
        assert_eq!(whole("lhop_"), None);
    }
}
