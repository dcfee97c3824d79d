//! Stored form of the catalogue of scopes.

use domain::key_scopes::{KeyScopes, RegisteredScope};
use serde::{Deserialize, Serialize};

use super::{Form, Stored};

/// Catalogue of scopes as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredKeyScopes(Vec<RegisteredScope>);

impl Form for StoredKeyScopes {
    const NAME: &'static str = "key_scopes";
    const NUMBER: u16 = 1;
}

impl Stored for KeyScopes {
    type Form = StoredKeyScopes;
}

impl From<&KeyScopes> for StoredKeyScopes {
    fn from(catalogue: &KeyScopes) -> Self {
        Self(catalogue.scopes.values().cloned().collect())
    }
}

impl From<StoredKeyScopes> for KeyScopes {
    fn from(StoredKeyScopes(scopes): StoredKeyScopes) -> Self {
        Self { scopes: scopes.into_iter().map(|scope| (scope.name.clone(), scope)).collect() }
    }
}
