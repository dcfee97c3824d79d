//! Input of an import: the body that the operator sends.

use domain::{
    Environment, KeyType, Secret,
    key::{Settings, foreign},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::input::{Networks, Pairs, Scopes},
    wanted::{Text, Wanted},
};
use crate::{
    http::{
        fields::Time,
        openapi::vocabulary,
        rate::{Rate, RateLimit},
        text::Name,
    },
    problem::{Code, Problem},
};

/// Most keys of one import.
const MOST_IMPORTED: usize = 100;

/// Keys that somebody else made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"api_keys": [
    {"type": "secret", "environment": "test", "name": "CI", "key": "sk_test_51Hx…"},
]}))]
pub(crate) struct ImportApiKeys {
    /// Keys, 1 to 100: all are imported, or none.
    #[schema(min_items = 1, max_items = 100)]
    api_keys: Vec<ImportedApiKey>,
}

impl ImportApiKeys {
    /// Returns the keys that are to be imported.
    ///
    /// # Errors
    /// [`Code::InvalidField`] or [`Code::MissingField`], with the place of the key.
    pub(in super::super) fn wanted(self) -> Result<Vec<Wanted>, Problem> {
        if !(1..=MOST_IMPORTED).contains(&self.api_keys.len()) {
            return Err(Problem::invalid("api_keys", "must have 1 to 100 entries"));
        }
        let keys = self.api_keys.into_iter().enumerate();
        keys.map(|(index, key)| key.wanted(index)).collect()
    }
}

/// A key that somebody else made, by its value or by its hash.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportedApiKey {
    /// `secret` or `publishable`.
    #[schema(value_type = vocabulary::KeyType)]
    r#type: KeyType,
    /// `test` or `live`.
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    /// Display name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "CI")]
    name: Option<Name>,
    /// Instant at which the key stops working.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
    /// Scopes of the key; by default everything.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 100, example = json!(["reports:read"]))]
    scopes: Option<Scopes>,
    /// Networks from which it may be used; by default all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 50, example = json!(["203.0.113.0/24"]))]
    allowed_networks: Option<Networks>,
    /// Pairs of your own.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"plan": "free"}))]
    metadata: Option<Pairs>,
    /// Rate limit of its own.
    #[serde(default)]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Rate>,
    /// The key: 8 to 255 visible ASCII characters of any form.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 8, max_length = 255, example = "sk_test_51Hx…")]
    key: Option<Secret>,
    /// Its hash, in place of the key, which then can't be revealed.
    #[serde(default)]
    hash: Option<KeyHash>,
}

/// Hash of a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyHash {
    /// Always `sha256`.
    #[schema(value_type = String, example = "sha256")]
    algorithm: Algorithm,
    /// 64 hexadecimal digits.
    #[schema(
        value_type = String, min_length = 64, max_length = 64,
        example = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    )]
    value: Secret,
}

/// Algorithm of a hash.
#[derive(Debug, Clone, Copy, Deserialize)]
enum Algorithm {
    #[serde(rename = "sha256")]
    Sha256,
}

impl ImportedApiKey {
    /// Returns the key at `index` that is to be imported.
    fn wanted(self, index: usize) -> Result<Wanted, Problem> {
        let at = |field: &str| format!("api_keys[{index}].{field}");
        let text = match (self.key, self.hash) {
            (Some(key), None) => {
                let checked = foreign::check(key.expose());
                checked.map_err(|why| Problem::invalid(at("key"), why))?;
                Text::Key(key)
            }
            (None, Some(KeyHash { algorithm: Algorithm::Sha256, value })) => {
                let hash = foreign::read_hash(value.expose());
                let must = "must be 64 hexadecimal digits";
                Text::Hash(hash.ok_or_else(|| Problem::invalid(at("hash.value"), must))?)
            }
            (None, None) => {
                return Err(Code::MissingField.of_which(at("key"), "or hash is required"));
            }
            (Some(_), Some(_)) => {
                return Err(Problem::invalid(at("hash"), "must not stand beside key"));
            }
        };
        Ok(Wanted {
            key_type: self.r#type,
            environment: self.environment,
            expires_at: self.expires_at.map(|at| at.0),
            settings: Settings {
                name: self.name.map(|name| name.0),
                scopes: self.scopes.map(|scopes| scopes.0),
                metadata: self.metadata.map(|pairs| pairs.0).unwrap_or_default(),
                rate_limit: self.rate_limit.and_then(Rate::rate),
                allowed_networks: self.allowed_networks.map(|networks| networks.0),
            },
            text,
        })
    }
}
