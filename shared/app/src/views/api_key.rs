use domain::Environment;
use domain::key::ApiKey;
use ports::{
    store::{IndexEntry, Key, StreamId},
    vault::{SecretName, SecretPurpose},
};

use super::{Derivation, View, collections};
use crate::documents::{StateDocument, StoredApiKey};

impl View for ApiKey {
    type Form = StoredApiKey;

    fn stream(&self) -> StreamId {
        StreamId::Key(self.account, self.id)
    }

    fn environment(&self) -> Option<Environment> {
        Some(self.environment)
    }

    fn key(&self) -> Key {
        collections::api_keys(self.account, self.environment).key(self.id)
    }

    fn secrets(&self) -> Vec<SecretName> {
        if self.undone {
            return Vec::new();
        }
        let purpose = SecretPurpose::of_key(self.id, self.key_type);
        vec![SecretName { account: self.account, purpose }]
    }

    /// Derives nothing from a key whose import was undone: there is no such key.
    fn derive(&self, version: u64) -> Derivation {
        if self.undone {
            return Derivation::default();
        }
        let state = StateDocument::<StoredApiKey>::of(version, self);
        let by_expiry = IndexEntry {
            partition: collections::api_keys_by_expiry(self.account, self.environment),
            sort: collections::api_key_expiry_sort(self.expires_at, self.id),
        };
        let expiring = self.expires_at.map(|at| IndexEntry {
            partition: collections::expiring_api_keys(),
            sort: collections::api_key_expiry_sort(Some(at), self.id),
        });
        let listed = std::iter::once(by_expiry).chain(expiring).collect();
        Derivation::default()
            .document(self.key(), &state, listed)
            .unique(
                collections::api_key_lookup(&self.fingerprint),
                &StoredApiKey::under_fingerprint(self),
            )
            .counted(collections::api_key_count(self.account, self.environment))
    }
}
