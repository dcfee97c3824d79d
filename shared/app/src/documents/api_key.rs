//! Stored form of an API key.

use domain::{
    Environment, KeyType, Timestamp,
    id::{AccountId, KeyId},
    key::{ApiKey, Metadata, Network, Scope, Settings},
    limits::OwnRate,
};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// API key as it is stored: twice, under its identifier with the version of its stream, and under
/// its fingerprint.
///
/// `id` and `account` keep their names in every form: under a fingerprint, they are all that says
/// which stream to fold.
#[derive(Serialize, Deserialize)]
pub struct StoredApiKey {
    /// Number of the form, under a fingerprint; the other document has it beside the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Number<Self>>,
    id: KeyId,
    account: AccountId,
    key_type: KeyType,
    environment: Environment,
    name: Option<String>,
    redacted: String,
    fingerprint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    replaced_by: Option<KeyId>,
    imported: bool,
    revealable: bool,
    scopes: Option<Vec<Scope>>,
    metadata: Metadata,
    rate_limit: Option<OwnRate>,
    allowed_networks: Option<Vec<Network>>,
}

impl Form for StoredApiKey {
    const NAME: &'static str = "api_key";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number == 1).then(|| serde_json::from_slice::<StoredApiKey1>(body).map(Self::from))
    }
}

/// Form 1 of an API key, from before it had scopes, metadata, a rate limit and networks of its own, or
/// could be imported.
#[derive(Deserialize)]
struct StoredApiKey1 {
    id: KeyId,
    account: AccountId,
    key_type: KeyType,
    environment: Environment,
    name: Option<String>,
    redacted: String,
    fingerprint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    replaced_by: Option<KeyId>,
}

impl From<StoredApiKey1> for StoredApiKey {
    fn from(old: StoredApiKey1) -> Self {
        Self {
            format: None,
            id: old.id,
            account: old.account,
            key_type: old.key_type,
            environment: old.environment,
            name: old.name,
            redacted: old.redacted,
            fingerprint: old.fingerprint,
            created_at: old.created_at,
            expires_at: old.expires_at,
            replaced_by: old.replaced_by,
            imported: false,
            revealable: true,
            scopes: None,
            metadata: Metadata::default(),
            rate_limit: None,
            allowed_networks: None,
        }
    }
}

impl Stored for ApiKey {
    type Form = StoredApiKey;
}

impl StoredApiKey {
    /// Returns the document under the key's fingerprint.
    pub(crate) fn under_fingerprint(key: &ApiKey) -> Self {
        Self { format: Some(Number::default()), ..key.into() }
    }
}

impl From<&ApiKey> for StoredApiKey {
    fn from(key: &ApiKey) -> Self {
        let settings = key.settings.clone();
        Self {
            format: None,
            id: key.id,
            account: key.account,
            key_type: key.key_type,
            environment: key.environment,
            name: settings.name,
            redacted: key.redacted.clone(),
            fingerprint: key.fingerprint.clone(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            replaced_by: key.replaced_by,
            imported: key.imported,
            revealable: key.revealable,
            scopes: settings.scopes,
            metadata: settings.metadata,
            rate_limit: settings.rate_limit,
            allowed_networks: settings.allowed_networks,
        }
    }
}

impl From<StoredApiKey> for ApiKey {
    fn from(stored: StoredApiKey) -> Self {
        Self {
            id: stored.id,
            account: stored.account,
            key_type: stored.key_type,
            environment: stored.environment,
            settings: Settings {
                name: stored.name,
                scopes: stored.scopes,
                metadata: stored.metadata,
                rate_limit: stored.rate_limit,
                allowed_networks: stored.allowed_networks,
            },
            redacted: stored.redacted,
            fingerprint: stored.fingerprint,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            replaced_by: stored.replaced_by,
            imported: stored.imported,
            revealable: stored.revealable,
            // One whose import was undone has no document.
            undone: false,
        }
    }
}
