use domain::Environment;
use domain::{account::Account, id::AccountId};
use ports::store::{Key, StreamId};
use serde_json::json;

use super::{Derivation, View, collections};
use crate::documents::{StateDocument, StoredAccount};

impl View for Account {
    type Form = StoredAccount;

    fn stream(&self) -> StreamId {
        StreamId::Account(self.id)
    }

    fn environment(&self) -> Option<Environment> {
        None
    }

    fn key(&self) -> Key {
        collections::accounts().key(self.id)
    }

    fn derive(&self, version: u64) -> Derivation {
        let state = StateDocument::<StoredAccount>::of(version, self);
        let derived = Derivation::default().document(self.key(), &state, vec![]);
        if self.id == AccountId::OPERATOR {
            return derived;
        }
        let derived = derived.counted(collections::account_count());
        match &self.external_id {
            None => derived,
            Some(external_id) => derived.unique(
                collections::account_external_id(external_id),
                &json!({ "account": self.id }),
            ),
        }
    }
}
