//! Key ring in use: read when it is first needed, and again when it can have been rotated.
//!
//! A ring that is read from a source is as it was when it was read, and others may have rotated it
//! since. It is read again after [`FRESH`], and not relied on after [`STALE`]; so whoever rotates
//! it publishes the new key and pepper [`NOTICE`] before they are used, and by then everybody has
//! them. A function that is still on the older ring in between writes what everybody can read.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use domain::Timestamp;
use ports::{
    Chain, Clock, ReadError, Unavailable,
    vault::{Fingerprint, FingerprintOf, Fingerprints},
};
use ring::hmac;
use tokio::sync::Mutex;

use crate::key_ring::{KeyRing, RingKey, in_use};

/// Time after which a ring is read again; until [`STALE`] the one that is held does if that fails.
const FRESH: Duration = Duration::from_mins(30);
/// Time after which a ring that could not be read again is no longer used.
const STALE: Duration = Duration::from_hours(1);
/// Shortest time between two readings that fail, or that find nothing new.
const PAUSE: Duration = Duration::from_mins(1);
/// Time before its first use at which a new key has to be where rings are read from: longer than
/// any ring is relied on, by what clocks differ and requests take.
pub const NOTICE: Duration = Duration::from_mins(75);

/// Source of a key ring.
#[async_trait]
pub trait RingSource: Send + Sync {
    /// Returns the key ring.
    ///
    /// # Errors
    /// When it can't be read now; the next use tries again.
    async fn ring(&self) -> Result<KeyRing, ReadError>;
}

/// Ring that is held, and how to come by it.
pub(crate) struct Rings {
    held: RwLock<Option<Held>>,
    source: Option<Source>,
}

struct Source {
    from: Box<dyn RingSource>,
    clock: Arc<dyn Clock>,
    /// Taken by the one who reads; has the time of the last try.
    reading: Mutex<Option<Timestamp>>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<Keys>,
    read_at: Timestamp,
}

/// Key ring, with its peppers ready to use.
pub(crate) struct Keys {
    pub(crate) ring: KeyRing,
    /// Peppers in the order of the ring's.
    peppers: Vec<(Arc<str>, hmac::Key)>,
}

impl Rings {
    /// Holds `ring`, whose newest key is used.
    pub(crate) fn of(ring: KeyRing) -> Self {
        let held = Held { keys: Arc::new(Keys::of(ring)), read_at: Timestamp::EPOCH };
        Self { held: RwLock::new(Some(held)), source: None }
    }

    /// Reads the ring from a source, when it is first needed.
    pub(crate) fn from(from: Box<dyn RingSource>, clock: Arc<dyn Clock>) -> Self {
        let source = Source { from, clock, reading: Mutex::new(None) };
        Self { held: RwLock::new(None), source: Some(source) }
    }

    /// Returns the ring.
    pub(crate) async fn keys(&self) -> Result<Arc<Keys>, ReadError> {
        let held = self.held();
        let Some(source) = &self.source else {
            let missing = || Unavailable::new("reading the key ring", "there is none").into();
            return held.map(|held| held.keys).ok_or_else(missing);
        };
        let age = held.as_ref().map(|held| source.clock.now().since(held.read_at));
        match (held, age) {
            (Some(held), Some(age)) if age < FRESH => Ok(held.keys),
            (Some(held), Some(age)) if age < STALE => {
                // One reads it again; the others go on with the one that is held.
                if let Ok(mut tried) = source.reading.try_lock() {
                    self.read_again(source, &mut tried).await;
                }
                Ok(self.held().unwrap_or(held).keys)
            }
            _ => {
                let mut tried = source.reading.lock().await;
                let (held, now) = (self.held(), source.clock.now());
                match held.filter(|held| now.since(held.read_at) < STALE) {
                    // Read by another while this one waited.
                    Some(held) => Ok(held.keys),
                    None => self.read(source, &mut tried).await,
                }
            }
        }
    }

    /// Returns the ring, read again if it has no key `id`: that can be newer than the ring.
    pub(crate) async fn keys_with(&self, id: &str) -> Result<Arc<Keys>, ReadError> {
        let keys = self.keys().await?;
        let Some(source) = self.source.as_ref().filter(|_| keys.ring.key(id).is_none()) else {
            return Ok(keys);
        };
        let mut tried = source.reading.lock().await;
        self.read_again(source, &mut tried).await;
        Ok(self.held().map_or(keys, |held| held.keys))
    }

    /// Holds `ring` from now on.
    pub(crate) fn hold(&self, ring: KeyRing, read_at: Timestamp) -> Arc<Keys> {
        let keys = Arc::new(Keys::of(ring));
        let held = Held { keys: Arc::clone(&keys), read_at };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        keys
    }

    /// Returns the time by which keys and peppers are chosen: where one process has the ring, the
    /// newest are used at once.
    pub(crate) fn now(&self) -> Timestamp {
        self.source.as_ref().map_or(Timestamp::MAX, |source| source.clock.now())
    }

    fn held(&self) -> Option<Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read(
        &self,
        source: &Source,
        tried: &mut Option<Timestamp>,
    ) -> Result<Arc<Keys>, ReadError> {
        // Before it is read: what is published meanwhile may be missing.
        let now = source.clock.now();
        *tried = Some(now);
        Ok(self.hold(source.from.ring().await?, now))
    }

    /// Reads the ring again, unless that was tried just now. A failure is noted in the log alone:
    /// the ring that is held still does.
    async fn read_again(&self, source: &Source, tried: &mut Option<Timestamp>) {
        let now = source.clock.now();
        if tried.is_some_and(|tried| now.since(tried) < PAUSE) {
            return;
        }
        if let Err(why) = self.read(source, tried).await {
            tracing::warn!(error = %Chain(&why), "the key ring could not be read again");
        }
    }
}

impl Keys {
    fn of(ring: KeyRing) -> Self {
        let ready = |pepper: &RingKey| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, pepper.key.as_slice());
            (Arc::from(pepper.id.as_str()), key)
        };
        Self { peppers: ring.peppers().iter().map(ready).collect(), ring }
    }

    /// Returns the fingerprints of `bytes`, under the pepper in use at `now` first.
    pub(crate) fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
        now: Timestamp,
    ) -> Fingerprints {
        let in_use = in_use(self.ring.peppers(), now);
        let under = |(name, pepper): &(Arc<str>, hmac::Key)| {
            let mut context = hmac::Context::with_key(pepper);
            context.update(purpose(of).as_bytes());
            // Ends the purpose, so that no two pairs of purpose and bytes give the same input.
            context.update(&[0]);
            context.update(bytes);
            let mut mac = [0; 32];
            mac.copy_from_slice(context.sign().as_ref());
            Fingerprint { of, pepper: Arc::clone(name), mac }
        };
        let others = self.peppers.iter().enumerate().filter(|(index, _)| *index != in_use);
        Fingerprints {
            in_use: under(&self.peppers[in_use]),
            others: others.map(|(_, pepper)| under(pepper)).collect(),
        }
    }
}

/// Returns the prefix that separates the fingerprints of one purpose from the others. Must never
/// change: every stored fingerprint would become useless.
const fn purpose(of: FingerprintOf) -> &'static str {
    match of {
        FingerprintOf::ApiKey => "api-key",
        FingerprintOf::ApiKeyHash => "api-key-hash",
        FingerprintOf::PortalToken => "portal-token",
        FingerprintOf::WebhookUrl => "webhook-url",
        FingerprintOf::RequestBody => "request-body",
    }
}
