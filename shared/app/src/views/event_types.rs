use domain::Environment;
use domain::event_types::EventTypes;
use ports::store::{Key, StreamId};

use super::{Derivation, View, collections};
use crate::documents::{StateDocument, StoredNames, StoredRegistered};

impl View for EventTypes {
    type Form = StoredNames;

    fn stream(&self) -> StreamId {
        StreamId::EventTypes
    }

    fn environment(&self) -> Option<Environment> {
        None
    }

    fn key(&self) -> Key {
        collections::event_type_names()
    }

    fn derive(&self, version: u64) -> Derivation {
        let names = StateDocument::<StoredNames>::of(version, self);
        let derived = Derivation::default().document(self.key(), &names, vec![]);
        self.types.values().fold(derived, |derived, registered| {
            let stored = StoredRegistered::from(registered);
            derived.document(collections::event_types().key(&registered.name), &stored, vec![])
        })
    }
}
