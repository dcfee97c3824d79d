use domain::Environment;
use domain::event_types::EventTypes;
use ports::store::{Key, StreamId};

use super::{Derivation, Versioned, View, collections};

impl View for EventTypes {
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
        let names: Vec<_> = self.types.keys().collect();
        let names = Versioned { version, state: names, revision: 0 };
        let derived = Derivation::default().document(self.key(), &names, vec![]);
        self.types.values().fold(derived, |derived, registered| {
            derived.document(collections::event_types().key(&registered.name), registered, vec![])
        })
    }
}
