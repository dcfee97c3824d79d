//! Events of an API key.

use serde::{Deserialize, Serialize};

use super::{Metadata, Network, Scope, Settings};
use crate::{
    decider::events,
    id::{AccountId, KeyId},
    kinds::{Environment, KeyType},
    limits::OwnRate,
    time::Timestamp,
};

events! {
    /// Event of an API key.
    KeyEvent {
        /// The key was created.
        Created = "api_key.created", 2, from { 1 => CreatedV1 };
        /// The key's settings were changed.
        Updated = "api_key.updated", 1;
        /// The key's expiry was set, or removed.
        ExpirySet = "api_key.expiry_set", 1;
        /// The key was rolled: another key replaced it.
        Rolled = "api_key.rolled", 1;
        /// Somebody was shown the whole key.
        Revealed = "api_key.revealed", 1 => access;
        /// The key's fingerprint was taken anew, under another pepper.
        FingerprintRenewed = "api_key.fingerprint_renewed", 1;
        /// The key's import was undone, because others of the same import could not be made.
        ImportUndone = "api_key.import_undone", 1;
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
    /// True if the key was made elsewhere.
    pub imported: bool,
    /// True if the whole key is kept, so that it can be shown.
    pub revealable: bool,
    /// Scopes of the key; none for everything.
    pub scopes: Option<Vec<Scope>>,
    /// Pairs of the operator's own.
    pub metadata: Metadata,
    /// Rate limit of its own.
    pub rate_limit: Option<OwnRate>,
    /// Networks from which it may be used; none for all.
    pub allowed_networks: Option<Vec<Network>>,
}

/// Version 1, from before a key had scopes, metadata, a rate limit and networks of its own, or could
/// be imported.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatedV1 {
    id: KeyId,
    account: AccountId,
    key_type: KeyType,
    environment: Environment,
    name: Option<String>,
    redacted: String,
    fingerprint: String,
    expires_at: Option<Timestamp>,
}

impl From<CreatedV1> for Created {
    fn from(old: CreatedV1) -> Self {
        Self {
            id: old.id,
            account: old.account,
            key_type: old.key_type,
            environment: old.environment,
            name: old.name,
            redacted: old.redacted,
            fingerprint: old.fingerprint,
            expires_at: old.expires_at,
            imported: false,
            revealable: true,
            scopes: None,
            metadata: Metadata::default(),
            rate_limit: None,
            allowed_networks: None,
        }
    }
}

/// The key's settings were changed: all of them, as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Updated {
    /// Display name.
    pub name: Option<String>,
    /// Scopes of the key; none for everything.
    pub scopes: Option<Vec<Scope>>,
    /// Pairs of the operator's own.
    pub metadata: Metadata,
    /// Rate limit of its own.
    pub rate_limit: Option<OwnRate>,
    /// Networks from which it may be used; none for all.
    pub allowed_networks: Option<Vec<Network>>,
}

impl From<Settings> for Updated {
    fn from(settings: Settings) -> Self {
        let Settings { name, scopes, metadata, rate_limit, allowed_networks } = settings;
        Self { name, scopes, metadata, rate_limit, allowed_networks }
    }
}

impl From<Updated> for Settings {
    fn from(updated: Updated) -> Self {
        let Updated { name, scopes, metadata, rate_limit, allowed_networks } = updated;
        Self { name, scopes, metadata, rate_limit, allowed_networks }
    }
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

/// The key's import was undone, because others of the same import could not be made: there is no
/// such key any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportUndone {}
