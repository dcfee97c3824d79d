//! What can have happened to an API key.

use serde::{Deserialize, Serialize};

use crate::{
    decider::events,
    id::{AccountId, KeyId},
    kinds::{Environment, KeyType},
    time::Timestamp,
};

events! {
    /// What can have happened to an API key.
    KeyEvent {
        /// It was created.
        Created = "api_key.created", 1;
        /// Its expiry was set, or taken away.
        ExpirySet = "api_key.expiry_set", 1;
        /// Another key took its place.
        Rolled = "api_key.rolled", 1;
        /// Somebody was shown the whole key.
        Revealed = "api_key.revealed", 1;
    }
}

/// The key was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// The key's identifier.
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
    /// Keyed hash of the key, hex.
    pub fingerprint: String,
    /// The instant it stops working.
    pub expires_at: Option<Timestamp>,
}

/// The key's expiry was set, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpirySet {
    /// The instant it stops working; none: never.
    pub expires_at: Option<Timestamp>,
}

/// Another key took its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolled {
    /// The key that did.
    pub replaced_by: KeyId,
    /// The instant the old key stops working; none: never.
    pub expires_at: Option<Timestamp>,
}

/// Somebody was shown the whole key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revealed {}
