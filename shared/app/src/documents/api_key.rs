//! Stored form of an API key.

use domain::{
    Environment, KeyType, Timestamp,
    id::{AccountId, KeyId},
    key::ApiKey,
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
}

impl Form for StoredApiKey {
    const NAME: &'static str = "api_key";
    const NUMBER: u16 = 1;
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
        Self {
            format: None,
            id: key.id,
            account: key.account,
            key_type: key.key_type,
            environment: key.environment,
            name: key.name.clone(),
            redacted: key.redacted.clone(),
            fingerprint: key.fingerprint.clone(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            replaced_by: key.replaced_by,
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
            name: stored.name,
            redacted: stored.redacted,
            fingerprint: stored.fingerprint,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            replaced_by: stored.replaced_by,
        }
    }
}
