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
        vec![SecretName { account: self.account, purpose: SecretPurpose::ApiKey(self.id) }]
    }

    fn derive(&self, version: u64) -> Derivation {
        let state = StateDocument::<StoredApiKey>::of(version, self);
        let by_expiry = IndexEntry {
            partition: collections::api_keys_by_expiry(self.account, self.environment),
            sort: collections::api_key_expiry_sort(self.expires_at, self.id),
        };
        Derivation::default()
            .document(self.key(), &state, vec![by_expiry])
            .unique(
                collections::api_key_lookup(&self.fingerprint),
                &StoredApiKey::under_fingerprint(self),
            )
            .counted(collections::api_key_count(self.account, self.environment))
    }
}
