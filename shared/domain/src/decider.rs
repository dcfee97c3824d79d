//! Decider: the interface of every event-sourced type.

use serde_json::value::RawValue;

use crate::time::Timestamp;

/// State that is derived from its events alone.
///
/// `decide` turns a command into events; `evolve` applies an event to the state. Both are
/// synchronous, pure and total. `None` is the state before the first event.
pub trait Decider: Sized + Clone {
    /// Command; facts that were looked up and new identifiers come in with it.
    type Command;
    /// Event, in the past tense.
    type Event: StoredEvent;
    /// Reason for rejecting a command.
    type Rejection: std::error::Error;

    /// Decides which events `command` leads to at `now`: none, if what it asks for is already so.
    ///
    /// # Errors
    /// The rejection, when a rule forbids the command.
    fn decide(
        state: Option<&Self>,
        command: Self::Command,
        now: Timestamp,
    ) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// Returns the state after `event` happened at `at`.
    fn evolve(state: Option<Self>, event: Self::Event, at: Timestamp) -> Option<Self>;

    /// Returns whether authority that this state gives is gone in the state `after` it, at `now`. That
    /// must be possible whatever else is not: with hardly any disk space, and beyond a budget.
    #[must_use]
    fn revokes(&self, _after: &Self, _now: Timestamp) -> bool {
        false
    }
}

/// Event in its stored form: a stable name, the version of the payload's schema, and the payload.
///
/// Every (name, version) that was ever written stays readable for ever; older versions are types of
/// their own that convert into the current one.
pub trait StoredEvent: Sized {
    /// Every (name, version) that can be read.
    const STORED: &'static [(&'static str, u16)];

    /// Returns the event's stable name, such as `webhook.created`.
    fn name(&self) -> &'static str;

    /// Returns the version of the schema that [`payload`](Self::payload) is written in.
    fn schema_version(&self) -> u16;

    /// Returns the payload as JSON.
    fn payload(&self) -> Box<RawValue>;

    /// Returns whether the event is an access (a secret was shown, somebody signed in): it is for
    /// the audit log alone and changes no state, so it is kept out of the stream that is folded.
    fn is_access(&self) -> bool;

    /// Reads a stored event.
    ///
    /// # Errors
    /// When the name and version are unknown, or the payload does not fit the schema. Nothing
    /// unknown is ever skipped.
    fn read(name: &str, schema_version: u16, payload: &str) -> Result<Self, UnreadableEvent>;
}

/// Error: a stored event that this release can't read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEvent {
    /// The event's name and schema version are unknown.
    #[error("event {name} of schema version {schema_version} is not known to this release")]
    Unknown {
        /// The stored name.
        name: String,
        /// The stored version.
        schema_version: u16,
    },
    /// The payload does not fit its schema.
    #[error("the payload of event {name} does not match its schema")]
    Payload {
        /// The stored name.
        name: String,
        /// The parser's complaint.
        source: serde_json::Error,
    },
    /// The payload is JSON, but not an object.
    #[error("the payload of event {name} is not an object")]
    NotAnObject {
        /// The stored name.
        name: String,
    },
}

/// Reads `payload` as the type of one schema version.
pub(crate) fn payload<'de, T: serde::Deserialize<'de>>(
    name: &str,
    payload: &'de str,
) -> Result<T, UnreadableEvent> {
    let name = || name.to_owned();
    // Serde would also take an array for a struct, with the fields by position.
    if !payload.starts_with('{') {
        return Err(UnreadableEvent::NotAnObject { name: name() });
    }
    serde_json::from_str(payload)
        .map_err(|source| UnreadableEvent::Payload { name: name(), source })
}

/// Serializes a payload.
///
/// # Panics
/// When the payload can't be written as JSON: better no event than one that can never be read.
#[expect(clippy::expect_used, reason = "payloads are structs of texts, numbers and lists")]
pub(crate) fn written<T: serde::Serialize>(payload: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(payload).expect("a struct of texts, numbers and lists")
}

/// Defines an event enum and how it is stored: a name, the current schema version, and the types
/// of older versions where there are any (`from { 1 => TypeOfV1 }`, with `From` into the next).
/// `=> access` marks an access.
macro_rules! events {
    (@is_access) => { false };
    (@is_access access) => { true };
    ($(#[$doc:meta])* $enum:ident {
        $($(#[$event_doc:meta])* $event:ident = $name:literal, $version:literal
            $(, from { $($old:literal => $old_type:ty),* })? $(=> $access:ident)?;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $enum { $($(#[$event_doc])* $event($event),)* }

        $(impl From<$event> for $enum {
            fn from(event: $event) -> Self { Self::$event(event) }
        })*

        impl $crate::decider::StoredEvent for $enum {
            const STORED: &'static [(&'static str, u16)] =
                &[$(($name, $version), $($(($name, $old),)*)?)*];

            fn name(&self) -> &'static str {
                match self { $(Self::$event(_) => $name,)* }
            }

            fn schema_version(&self) -> u16 {
                match self { $(Self::$event(_) => $version,)* }
            }

            fn payload(&self) -> Box<serde_json::value::RawValue> {
                match self { $(Self::$event(event) => $crate::decider::written(event),)* }
            }

            fn is_access(&self) -> bool {
                match self {
                    $(Self::$event(_) => $crate::decider::events!(@is_access $($access)?),)*
                }
            }

            fn read(
                name: &str,
                schema_version: u16,
                payload: &str,
            ) -> Result<Self, $crate::decider::UnreadableEvent> {
                match (name, schema_version) {
                    $(($name, $version) => $crate::decider::payload(name, payload).map(Self::$event),
                    $($(($name, $old) => $crate::decider::payload::<$old_type>(name, payload)
                        .map(|old| Self::$event(old.into())),)*)?)*
                    _ => Err($crate::decider::UnreadableEvent::Unknown {
                        name: name.to_owned(),
                        schema_version,
                    }),
                }
            }
        }
    };
}
pub(crate) use events;

#[cfg(test)]
mod tests;
