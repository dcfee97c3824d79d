//! The shape every event-sourced thing has.

use serde_json::value::RawValue;

use crate::time::Timestamp;

/// A thing whose truth is its events.
///
/// `decide` is asked what a command makes happen; `evolve` says what it means that something did.
/// Both are synchronous, pure and total. `None` is the state before the first event.
pub trait Decider: Sized + Clone {
    /// What can be asked for; looked-up facts and new identifiers come in with it.
    type Command;
    /// What can have happened, in the past tense.
    type Event: StoredEvent;
    /// Why something asked for does not happen.
    type Rejection: std::error::Error;

    /// What `command` makes happen at `now`. Nothing, if it is already true.
    ///
    /// # Errors
    /// The rejection, when a rule forbids it.
    fn decide(
        state: Option<&Self>,
        command: Self::Command,
        now: Timestamp,
    ) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// The state after `event` happened at `at`.
    fn evolve(state: Option<Self>, event: Self::Event, at: Timestamp) -> Option<Self>;
}

/// Events as they are stored: a stable name, the version of the payload's schema, the payload.
///
/// Every (name, version) that was ever written can be read for ever; older versions are types of
/// their own that convert into the current one.
pub trait StoredEvent: Sized {
    /// Every (name, version) that can be read.
    const STORED: &'static [(&'static str, u16)];

    /// Its stable name, such as `webhook.created`.
    fn name(&self) -> &'static str;

    /// The version of the schema that [`payload`](Self::payload) is written in.
    fn schema_version(&self) -> u16;

    /// Its payload, JSON.
    fn payload(&self) -> Box<RawValue>;

    /// Reads a stored event.
    ///
    /// # Errors
    /// When no such name and version is known, or the payload is not of its schema. Nothing unknown
    /// is ever skipped.
    fn read(name: &str, schema_version: u16, payload: &str) -> Result<Self, UnreadableEvent>;
}

/// A stored event that this version can't read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableEvent {
    /// Its name and schema version are not known.
    #[error("event {name} of schema version {schema_version} is not known to this version")]
    Unknown {
        /// The stored name.
        name: String,
        /// The stored version.
        schema_version: u16,
    },
    /// Its payload is not of its schema.
    #[error("the payload of event {name} is not of its schema: {why}")]
    Payload {
        /// The stored name.
        name: String,
        /// What does not fit.
        why: String,
    },
}

/// Reads `payload` as the type of one schema version.
pub(crate) fn payload<'de, T: serde::Deserialize<'de>>(
    name: &str,
    payload: &'de str,
) -> Result<T, UnreadableEvent> {
    let unreadable = |why: String| UnreadableEvent::Payload { name: name.to_owned(), why };
    // Serde would take a list for a struct, its fields by position.
    if !payload.starts_with('{') {
        return Err(unreadable("not an object".to_owned()));
    }
    serde_json::from_str(payload).map_err(|why| unreadable(why.to_string()))
}

/// Writes a payload.
///
/// # Panics
/// When it has no JSON: no event is better than one that can never be read.
#[expect(clippy::expect_used, reason = "payloads are structs of texts, numbers and lists")]
pub(crate) fn written<T: serde::Serialize>(payload: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(payload).expect("a struct of texts, numbers and lists")
}

/// Defines an event enum and how it is stored: a name, the current schema version, and the types
/// of older versions where there are any (`from { 1 => TypeOfV1 }`, with `From` into the next).
macro_rules! events {
    ($(#[$doc:meta])* $enum:ident {
        $($(#[$event_doc:meta])* $event:ident = $name:literal, $version:literal
            $(, from { $($old:literal => $old_type:ty),* })?;)*
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
