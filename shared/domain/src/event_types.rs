//! Registry of event types: the types of event that the operator announces.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    decider::{Decider, events},
    time::Timestamp,
    webhook::EventType,
};

/// State of the registry. While it is empty, events of every type are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EventTypes {
    /// Registered types by name.
    pub types: BTreeMap<EventType, Registered>,
}

/// A registered event type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Name of the type.
    pub name: EventType,
    /// Description for people.
    pub description: Option<String>,
    /// JSON Schema, as text, that the objects of its events must satisfy.
    pub schema: Option<String>,
    /// Time of first registration.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// Command to the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Register a type, or change a registered one.
    Put(Put),
    /// Remove a type.
    Remove(EventType),
}

/// Reason for rejecting a command to the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The type is not registered.
    #[error("no such event type")]
    NotFound,
}

events! {
    /// Event of the registry.
    EventTypesEvent {
        /// A type was registered or changed.
        Put = "event_type.put", 1;
        /// A type was removed.
        Removed = "event_type.removed", 1;
    }
}

/// A type was registered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// Name of the type.
    pub name: EventType,
    /// Description for people.
    pub description: Option<String>,
    /// JSON Schema, as text, that the objects of its events must satisfy.
    pub schema: Option<String>,
}

/// A type was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Name of the type.
    pub name: EventType,
}

impl Decider for EventTypes {
    type Command = Command;
    type Event = EventTypesEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        _: Timestamp,
    ) -> Result<Vec<EventTypesEvent>, Rejection> {
        let registered = |name| state.and_then(|registry| registry.types.get(name));
        match command {
            Command::Put(put) if registered(&put.name).is_some_and(|known| known.is_as(&put)) => {
                Ok(vec![])
            }
            Command::Put(put) => Ok(vec![put.into()]),
            Command::Remove(name) if registered(&name).is_none() => Err(Rejection::NotFound),
            Command::Remove(name) => Ok(vec![Removed { name }.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: EventTypesEvent, at: Timestamp) -> Option<Self> {
        let mut registry = state.unwrap_or_default();
        match event {
            EventTypesEvent::Put(Put { name, description, schema }) => {
                let created_at = registry.types.get(&name).map_or(at, |known| known.created_at);
                let registered = Registered {
                    name: name.clone(),
                    description,
                    schema,
                    created_at,
                    updated_at: at,
                };
                registry.types.insert(name, registered);
            }
            EventTypesEvent::Removed(Removed { name }) => {
                registry.types.remove(&name);
            }
        }
        Some(registry)
    }
}

impl Registered {
    fn is_as(&self, put: &Put) -> bool {
        self.description == put.description && self.schema == put.schema
    }
}
