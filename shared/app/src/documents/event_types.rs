//! Stored forms of the registry of event types: each type, and the names of all.

use std::collections::BTreeSet;

use domain::{
    Timestamp,
    event_types::{EventTypes, Registered},
    webhook::EventType,
};
use ports::{Store, store::Document};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored, folded, read, state::read_state};
use crate::problem::Problem;

/// Registered event type as it is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRegistered {
    format: Number<Self>,
    name: EventType,
    description: Option<String>,
    schema: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Names of all registered event types as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredNames(BTreeSet<EventType>);

impl Form for StoredRegistered {
    const NAME: &'static str = "event_type";
    const NUMBER: u16 = 1;
}

impl Form for StoredNames {
    const NAME: &'static str = "event_type_names";
    const NUMBER: u16 = 1;
}

/// Reads the registered event type in `document`; none if the registry says that it is gone.
///
/// # Errors
/// When the backend is unavailable, or neither the document nor the registry's stream can be read.
pub(crate) async fn registered(
    store: &dyn Store,
    document: &Document,
) -> Result<Option<Registered>, Problem> {
    match read(&document.body) {
        Ok(registered) => Ok(Some(registered)),
        Err(why) => {
            let registry = folded::<EventTypes>(store, document, why).await?;
            let all = registry.map(|registry| registry.state.types);
            Ok(all.and_then(|all| {
                all.into_values().find(|one| one.name.as_str() == document.key.sort)
            }))
        }
    }
}

/// Reads the names of all registered event types in `document`.
///
/// # Errors
/// When the backend is unavailable, or neither the document nor the registry's stream can be read.
pub(crate) async fn names(
    store: &dyn Store,
    document: &Document,
) -> Result<BTreeSet<EventType>, Problem> {
    match read_state::<StoredNames>(&document.body) {
        Ok(read) => Ok(read.state.0),
        Err(why) => {
            let registry = folded::<EventTypes>(store, document, why).await?;
            let all = registry.map(|registry| registry.state.types).unwrap_or_default();
            Ok(all.into_keys().collect())
        }
    }
}

impl Stored for Registered {
    type Form = StoredRegistered;
}

impl From<&EventTypes> for StoredNames {
    fn from(registry: &EventTypes) -> Self {
        Self(registry.types.keys().cloned().collect())
    }
}

impl From<&Registered> for StoredRegistered {
    fn from(registered: &Registered) -> Self {
        Self {
            format: Number::default(),
            name: registered.name.clone(),
            description: registered.description.clone(),
            schema: registered.schema.clone(),
            created_at: registered.created_at,
            updated_at: registered.updated_at,
        }
    }
}

impl From<StoredRegistered> for Registered {
    fn from(stored: StoredRegistered) -> Self {
        Self {
            name: stored.name,
            description: stored.description,
            schema: stored.schema,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}
