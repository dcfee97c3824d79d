//! An API key.

mod decide;
mod event;
pub mod token;

use serde::{Deserialize, Serialize};

pub use decide::{Command, Rejection};
pub use event::{Created, ExpirySet, KeyEvent, Revealed, Rolled};

use crate::{
    id::{AccountId, KeyId},
    kinds::{Environment, KeyType},
    time::Timestamp,
};

/// The state of an API key. The key itself is in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its identifier; not the key.
    pub id: KeyId,
    /// Whose it is.
    pub account: AccountId,
    /// What it may do.
    pub key_type: KeyType,
    /// Where it may do it.
    pub environment: Environment,
    /// What people call it.
    pub name: Option<String>,
    /// The key as lists show it.
    pub redacted: String,
    /// Keyed hash of the key, hex: what it is looked up by.
    pub fingerprint: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The instant it stops working.
    pub expires_at: Option<Timestamp>,
    /// The key that took its place when it was rolled.
    pub replaced_by: Option<KeyId>,
}

impl ApiKey {
    /// Whether it has stopped working at `now`: from the very instant it expires.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}
