use domain::Environment;
use domain::operator_token::OperatorToken;
use ports::store::{Key, StreamId};

use super::{Derivation, View, collections};
use crate::documents::{StateDocument, StoredOperatorToken};

impl View for OperatorToken {
    type Form = StoredOperatorToken;

    fn stream(&self) -> StreamId {
        StreamId::OperatorToken(self.id)
    }

    fn environment(&self) -> Option<Environment> {
        None
    }

    fn key(&self) -> Key {
        collections::operator_tokens().key(self.id)
    }

    fn derive(&self, version: u64) -> Derivation {
        let state = StateDocument::<StoredOperatorToken>::of(version, self);
        Derivation::default()
            .document(self.key(), &state, vec![])
            .unique(collections::operator_token_lookup(&self.fingerprint), &state)
            .counted(collections::operator_token_count())
    }
}
