//! Addresses and keys of the provider, remembered for minutes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ports::identity::NotIdentified;

use super::{
    OpenIdConnect,
    flow::{Metadata, unusable},
};
use crate::keys::Keys;

/// Time for which they are remembered.
const LASTS: Duration = Duration::from_mins(10);
/// Time for which keys are not fetched anew, whatever key a token names: anybody can name one.
const AT_LEAST: Duration = Duration::from_mins(1);

/// Addresses and keys of the provider as they were fetched last.
#[derive(Default)]
pub(super) struct Remembered {
    provider: Mutex<Option<Fetched<Metadata>>>,
    keys: Mutex<Option<Fetched<Keys>>>,
}

/// Value with the monotonic time at which it was fetched.
struct Fetched<T> {
    value: Arc<T>,
    at: Duration,
}

impl OpenIdConnect {
    /// Returns the addresses of the provider.
    pub(super) async fn provider(&self) -> Result<Arc<Metadata>, NotIdentified> {
        let now = self.clock.monotonic();
        if let Some(known) = younger(&self.remembered.provider, LASTS, now) {
            return Ok(known);
        }
        let metadata = self.discover().await?;
        Ok(remember(&self.remembered.provider, metadata, now))
    }

    /// Returns the keys of the provider.
    pub(super) async fn keys(&self) -> Result<Arc<Keys>, NotIdentified> {
        self.keys_younger_than(LASTS).await
    }

    /// Returns the keys of the provider as they are now, within a minute.
    pub(super) async fn newer_keys(&self) -> Result<Arc<Keys>, NotIdentified> {
        self.keys_younger_than(AT_LEAST).await
    }

    async fn keys_younger_than(&self, age: Duration) -> Result<Arc<Keys>, NotIdentified> {
        let now = self.clock.monotonic();
        if let Some(known) = younger(&self.remembered.keys, age, now) {
            return Ok(known);
        }
        let provider = self.provider().await?;
        let body = self.get(&provider.jwks_uri).await?;
        let keys = Keys::parse(&body).map_err(unusable)?;
        Ok(remember(&self.remembered.keys, keys, now))
    }
}

fn younger<T>(known: &Mutex<Option<Fetched<T>>>, age: Duration, now: Duration) -> Option<Arc<T>> {
    let known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.as_ref().filter(|known| now.saturating_sub(known.at) < age)?;
    Some(Arc::clone(&known.value))
}

fn remember<T>(known: &Mutex<Option<Fetched<T>>>, value: T, at: Duration) -> Arc<T> {
    let value = Arc::new(value);
    let fetched = Fetched { value: Arc::clone(&value), at };
    *known.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
    value
}
