//! API keys as the API shows them.

use domain::{
    Environment, KeyType, Revealed, Secret, Timestamp,
    id::{AccountId, KeyId},
    key::{ApiKey, Metadata, Network, Scope, Settings},
    limits::OwnRate,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::shown::Shown;
use crate::http::{openapi::vocabulary, rate::RateLimit};

/// An API key; includes the key itself only if it is new or publishable.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "key_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: KeyId,
    #[schema(example = "api_key")]
    object: &'static str,
    #[schema(example = "/v1/api_keys/key_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    #[schema(value_type = vocabulary::KeyType)]
    r#type: KeyType,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    name: Option<String>,
    /// The key in redacted form, as lists show it.
    #[schema(example = "lh_sk_test_****Zk3x")]
    redacted: String,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    /// Instant at which the key stops working.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Time of the last use, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// `active` or `expired`.
    #[schema(value_type = vocabulary::KeyStatus)]
    status: &'static str,
    /// Key that replaced this one when it was rolled.
    #[schema(value_type = Option<String>)]
    replaced_by: Option<KeyId>,
    /// True if the key was made elsewhere.
    imported: bool,
    /// True if the whole key can be shown; otherwise only its hash is known.
    revealable: bool,
    /// Scopes of the key; `null` for everything, an empty list for nothing.
    #[schema(value_type = Option<Vec<String>>, example = json!(["reports:read"]))]
    scopes: Option<Vec<Scope>>,
    /// Pairs of your own.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"plan": "free"}))]
    metadata: Metadata,
    /// Rate limit of its own; `null` for that of the installation.
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<OwnRate>,
    /// Networks from which it may be used; `null` for all.
    #[schema(value_type = Option<Vec<String>>, example = json!(["203.0.113.0/24"]))]
    allowed_networks: Option<Vec<Network>>,
    /// The whole key: only of a new key, or of a publishable one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    key: Option<Revealed>,
}

/// A whole key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeySecret {
    #[schema(value_type = String)]
    id: KeyId,
    #[schema(example = "api_key_secret")]
    object: &'static str,
    #[schema(value_type = String)]
    key: Revealed,
}

impl From<Shown> for Resource {
    fn from(Shown { key, status, last_used_at, text }: Shown) -> Self {
        let Settings { name, scopes, metadata, rate_limit, allowed_networks } = key.settings;
        Self {
            id: key.id,
            object: "api_key",
            uri: format!("/v1/api_keys/{}", key.id),
            account_id: key.account,
            r#type: key.key_type,
            environment: key.environment,
            status,
            name,
            redacted: key.redacted,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at,
            replaced_by: key.replaced_by,
            imported: key.imported,
            revealable: key.revealable,
            scopes,
            metadata,
            rate_limit,
            allowed_networks,
            key: text.map(Revealed),
        }
    }
}

impl Resource {
    /// Makes the representation of a key that the operator is told of at `now`: never with its text.
    pub(crate) fn told(key: ApiKey, now: Timestamp) -> Self {
        Self::from(Shown::made(key, now, None))
    }
}

impl ApiKeySecret {
    /// Makes the answer with the whole key `id`.
    pub(super) const fn new(id: KeyId, key: Secret) -> Self {
        Self { id, object: "api_key_secret", key: Revealed(key) }
    }
}
