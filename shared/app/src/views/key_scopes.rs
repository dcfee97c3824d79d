use domain::Environment;
use domain::key_scopes::KeyScopes;
use ports::store::{Key, StreamId};

use super::{Derivation, View, collections};
use crate::documents::{StateDocument, StoredKeyScopes};

impl View for KeyScopes {
    type Form = StoredKeyScopes;

    fn stream(&self) -> StreamId {
        StreamId::KeyScopes
    }

    fn environment(&self) -> Option<Environment> {
        None
    }

    fn key(&self) -> Key {
        collections::key_scopes()
    }

    fn derive(&self, version: u64) -> Derivation {
        let state = StateDocument::<StoredKeyScopes>::of(version, self);
        Derivation::default().document(self.key(), &state, vec![])
    }
}
