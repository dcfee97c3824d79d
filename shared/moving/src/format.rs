//! The lines of the file, each a JSON object: a [`Header`], then [`Line`]s, the last of them
//! [`Line::End`].
//!
//! What the store keeps as text (payloads, bodies) stands here as text, not as JSON: it arrives as
//! the very bytes that it was.

use std::collections::BTreeMap;

use app::moving::Kept;
use domain::{Timestamp, id::AuditId};
use ports::{
    queue::Message,
    store::{EventName, IndexEntry, Key, Metadata, NewEvent, Partition, RecordedEvent, StreamId},
};
use sealed::passphrase::Cost;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The format's version.
    pub latchhook_export: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// What the API keys of the backend that it tells of start with.
    pub key_prefix: String,
    /// How the passphrase was stretched.
    pub cost: Cost,
    /// Base64 of the salt that it was stretched with.
    pub salt: String,
    /// The pepper of all fingerprints, sealed: base64.
    pub pepper: String,
}

/// Any other line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A stream of events. An account's comes before those of its keys and webhooks.
    Stream(Stream),
    /// An event that some webhook has not received. Its account's streams came before it.
    Undelivered(Undelivered),
    /// The last line.
    End(End),
}

/// A stream of events, with everything that the vault keeps for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its name, as stores have it.
    pub name: String,
    /// All its events, from version 1.
    pub events: Vec<Event>,
    /// Base64 of each secret, sealed, by what it is for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// What stands beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// An event of a stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    id: AuditId,
    name: String,
    schema_version: u16,
    /// JSON, as text.
    payload: String,
    metadata: Metadata,
}

/// An event that some webhook has not received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undelivered {
    /// The states of its deliveries, then the event.
    pub documents: Vec<Document>,
    /// What goes on delivering it, with the time that it is due.
    pub messages: Vec<Message>,
}

/// A document, as the store keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    partition: String,
    sort: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// Partition and sort key of each place where it is also listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    index: Vec<(String, String)>,
    /// JSON, as text.
    body: String,
}

/// What was written before, and the seal over it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Streams.
    pub streams: u64,
    /// Events in them.
    pub events: u64,
    /// Secrets.
    pub secrets: u64,
    /// Events that some webhook has not received.
    pub undelivered: u64,
    /// Attempts that are to be made.
    pub messages: u64,
    /// Base64 of an HMAC-SHA-256 over every line before, by the passphrase.
    #[serde(default)]
    pub seal: String,
}

impl End {
    /// Counts `line`.
    pub(crate) fn count(&mut self, line: &Line) {
        match line {
            Line::Stream(stream) => {
                self.streams += 1;
                self.events += stream.events.len() as u64;
                self.secrets += stream.secrets.len() as u64;
            }
            Line::Undelivered(event) => {
                self.undelivered += 1;
                self.messages += event.messages.len() as u64;
            }
            Line::End(_) => {}
        }
    }
}

impl From<RecordedEvent> for Event {
    fn from(recorded: RecordedEvent) -> Self {
        let NewEvent { id, name, payload, metadata } = recorded.event;
        let payload = payload.get().to_owned();
        Self { id, name: name.name, schema_version: name.schema_version, payload, metadata }
    }
}

impl Event {
    /// The event as the store has it.
    ///
    /// # Errors
    /// When its payload is not JSON.
    pub fn recorded(self, stream: StreamId, version: u64) -> serde_json::Result<RecordedEvent> {
        let name = EventName { name: self.name, schema_version: self.schema_version };
        let payload = RawValue::from_string(self.payload)?;
        let event = NewEvent { id: self.id, name, payload, metadata: self.metadata };
        Ok(RecordedEvent { stream, version, event })
    }
}

impl From<Kept> for Document {
    fn from(kept: Kept) -> Self {
        let Kept { key, body, expires_at, index } = kept;
        let entry = |entry: IndexEntry| (entry.partition.as_str().to_owned(), entry.sort);
        Self {
            partition: key.partition.as_str().to_owned(),
            sort: key.sort,
            expires_at,
            index: index.into_iter().map(entry).collect(),
            // JSON is UTF-8, so nothing is lost.
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl From<Document> for Kept {
    fn from(document: Document) -> Self {
        let partition = Partition::from_stored;
        let entry = |(of, sort)| IndexEntry { partition: partition(of), sort };
        Self {
            key: Key { partition: partition(document.partition), sort: document.sort },
            body: document.body.into(),
            expires_at: document.expires_at,
            index: document.index.into_iter().map(entry).collect(),
        }
    }
}
