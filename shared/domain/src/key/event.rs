//! Events of an API key.

use serde::{Deserialize, Serialize};

use crate::{
    decider::events,
    id::{AccountId, KeyId},
    kinds::{Environment, KeyType},
    time::Timestamp,
};

events! {
    /// Event of an API key.
    KeyEvent {
        /// The key was created.
        Created = "api_key.created", 1;
        /// The key's expiry was set, or removed.
        ExpirySet = "api_key.expiry_set", 1;
        /// The key was rolled: another key replaced it.
        Rolled = "api_key.rolled", 1;
        /// Somebody was shown the whole key.
        Revealed = "api_key.revealed", 1 => access;
        /// The key's fingerprint was taken anew, under another pepper.
        FingerprintRenewed = "api_key.fingerprint_renewed", 1;
    }
}

/// The key was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// Identifier of the key.
    pub id: KeyId,
    /// Account that owns the key.
    pub account: AccountId,
    /// Type of the key: secret or publishable.
    pub key_type: KeyType,
    /// Environment in which the key works.
    pub environment: Environment,
    /// Display name.
    pub name: Option<String>,
    /// Redacted form of the key, as lists show it.
    pub redacted: String,
    /// Keyed hash of the key, in hex.
    pub fingerprint: String,
    /// Instant at which the key stops working.
    pub expires_at: Option<Timestamp>,
}

/// The key's expiry was set, or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpirySet {
    /// Instant at which the key stops working; none for never.
    pub expires_at: Option<Timestamp>,
}

/// The key was rolled: another key replaced it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolled {
    /// Key that replaced this one.
    pub replaced_by: KeyId,
    /// Instant at which the old key stops working; none for never.
    pub expires_at: Option<Timestamp>,
}

/// Somebody was shown the whole key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revealed {}

/// The key's fingerprint was taken anew, under another pepper; the key itself stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FingerprintRenewed {
    /// Keyed hash of the key, in hex.
    pub fingerprint: String,
}
