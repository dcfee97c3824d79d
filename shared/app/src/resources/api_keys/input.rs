//! Input about keys: the settings that callers send.

use std::collections::BTreeMap;

use domain::{
    key::{Metadata, Network, Scope},
    redaction,
};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use super::change::Change;
use crate::{
    auth::Access,
    checks::NO_SECRET,
    http::{
        fields::given,
        rate::{Rate, RateLimit},
        text::Name,
    },
    problem::{Code, Problem},
};

/// Most scopes of a key.
const MOST_SCOPES: usize = 100;
/// Most networks of a key.
const MOST_NETWORKS: usize = 50;
/// Most pairs of metadata.
const MOST_PAIRS: usize = 20;
/// Most characters of a name in metadata.
const LONGEST_NAME: usize = 40;
/// Most characters of a value in metadata.
const LONGEST_VALUE: usize = 500;

/// Scopes of a key, each once.
#[derive(Debug, Clone)]
pub(crate) struct Scopes(pub(crate) Vec<Scope>);

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        each_once(deserializer, MOST_SCOPES).map(Self)
    }
}

/// Networks of a key, each once.
#[derive(Debug, Clone)]
pub(crate) struct Networks(pub(super) Vec<Network>);

impl<'de> Deserialize<'de> for Networks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        each_once(deserializer, MOST_NETWORKS).map(Self)
    }
}

/// Reads a list of up to `most` things, and leaves out what is there twice.
fn each_once<'de, T: Deserialize<'de> + PartialEq, D: Deserializer<'de>>(
    deserializer: D,
    most: usize,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<T>::deserialize(deserializer)?;
    if all.len() > most {
        return Err(D::Error::custom(format_args!("must have at most {most} entries")));
    }
    let mut once = Vec::with_capacity(all.len());
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    Ok(once)
}

/// Metadata of a key. Secrets in its values are masked.
#[derive(Debug, Clone)]
pub(crate) struct Pairs(pub(super) Metadata);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = BTreeMap::<String, String>::deserialize(deserializer)?;
        if pairs.len() > MOST_PAIRS {
            return Err(D::Error::custom(format_args!("must have at most {MOST_PAIRS} pairs")));
        }
        let pair = |(name, value): (String, String)| {
            let has_control = |text: &str| text.chars().any(char::is_control);
            if !(1..=LONGEST_NAME).contains(&name.chars().count()) || has_control(&name) {
                return Err(D::Error::custom(format_args!(
                    "must have names of 1 to {LONGEST_NAME} characters"
                )));
            }
            if value.chars().count() > LONGEST_VALUE || has_control(&value) {
                return Err(D::Error::custom(format_args!(
                    "must have values of at most {LONGEST_VALUE} characters"
                )));
            }
            if redaction::has_secret(&name) {
                return Err(D::Error::custom(NO_SECRET));
            }
            Ok((name, redaction::redact(&value).into_owned()))
        };
        pairs.into_iter().map(pair).collect::<Result<_, _>>().map(Self)
    }
}

/// A change of a key's settings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "CI", "scopes": ["reports:read"]}))]
#[expect(clippy::option_option, reason = "absent and null differ")]
pub(crate) struct UpdateApiKey {
    /// Display name; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    name: Option<Option<Name>>,
    /// Scopes; `null` for everything.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>, max_items = 100, example = json!(["reports:read"]))]
    scopes: Option<Option<Scopes>>,
    /// Networks from which it may be used; `null` for all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50, example = json!(["203.0.113.0/24"]))]
    allowed_networks: Option<Option<Networks>>,
    /// Pairs in place of all that are there. For the operator alone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"plan": "free"}))]
    metadata: Option<Option<Pairs>>,
    /// Rate limit; `null` for that of the installation. For the operator alone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Option<Rate>>,
}

impl UpdateApiKey {
    /// Returns the change, if the caller may make it.
    ///
    /// # Errors
    /// [`Code::PermissionDenied`].
    pub(super) fn change(self, access: &Access) -> Result<Change, Problem> {
        of_the_operator(access, self.metadata.is_some(), self.rate_limit.is_some())?;
        Ok(Change {
            name: self.name.map(|name| name.map(|name| name.0)),
            scopes: self.scopes.map(|scopes| scopes.map(|scopes| scopes.0)),
            allowed_networks: self.allowed_networks.map(|all| all.map(|all| all.0)),
            metadata: self.metadata.map(|pairs| pairs.map(|pairs| pairs.0).unwrap_or_default()),
            rate_limit: self.rate_limit.map(|rate| rate.and_then(Rate::rate)),
        })
    }
}

/// Refuses metadata and a rate limit from others than the operator.
///
/// # Errors
/// [`Code::PermissionDenied`].
pub(super) fn of_the_operator(
    access: &Access,
    metadata: bool,
    rate_limit: bool,
) -> Result<(), Problem> {
    let refused = |name: &'static str| Err(Code::PermissionDenied.of(name));
    match (access.is_operator, metadata, rate_limit) {
        (false, true, _) => refused("metadata"),
        (false, false, true) => refused("rate_limit"),
        _ => Ok(()),
    }
}
