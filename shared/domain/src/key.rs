//! An API key.

mod decide;
mod event;
pub mod foreign;
mod settings;
pub mod token;

pub use decide::{Command, Rejection};
pub use event::{
    Created, ExpirySet, FingerprintRenewed, ImportUndone, KeyEvent, Revealed, Rolled, Updated,
};
pub use settings::{Metadata, Network, NotANetwork, NotAScope, Scope, Settings};

use crate::{
    id::{AccountId, KeyId},
    kinds::{Environment, KeyType},
    time::Timestamp,
};

/// State of an API key. The key itself is in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Identifier; not the key itself.
    pub id: KeyId,
    /// Account that owns the key.
    pub account: AccountId,
    /// Type of the key: secret or publishable.
    pub key_type: KeyType,
    /// Environment in which the key works.
    pub environment: Environment,
    /// Everything about it that can be changed.
    pub settings: Settings,
    /// Redacted form of the key, as lists show it.
    pub redacted: String,
    /// Keyed hash of the key, in hex; the key is looked up by it.
    pub fingerprint: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Instant at which the key stops working.
    pub expires_at: Option<Timestamp>,
    /// Key that replaced this one when it was rolled.
    pub replaced_by: Option<KeyId>,
    /// True if the key was made elsewhere.
    pub imported: bool,
    /// True if the whole key is kept, so that it can be shown; otherwise only its hash is.
    pub revealable: bool,
    /// True if its import was undone: there is no such key.
    pub undone: bool,
}

impl ApiKey {
    /// Returns whether the key has stopped working at `now`; it stops at the very instant it
    /// expires.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}
