//! Format of an export file: lines, each a JSON object, of which the first is a [`Header`], the
//! others [`Line`]s, and the last [`Line::End`].
//!
//! Text in the store (payloads, bodies) is written as text, not as JSON, so that it arrives byte
//! for byte.

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

/// Version that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// First line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format.
    pub latchhook_export: u32,
    /// Time of writing.
    pub created_at: Timestamp,
    /// Prefix of the exported backend's API keys.
    pub key_prefix: String,
    /// Cost of stretching the passphrase.
    pub cost: Cost,
    /// Salt of the passphrase, base64.
    pub salt: String,
    /// Pepper of all fingerprints, sealed, base64.
    pub pepper: String,
}

/// Line other than the first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Stream of events. An account's comes before those of its keys and webhooks.
    Stream(Stream),
    /// Event that some webhook has not received. Its account's streams come before it.
    Undelivered(Undelivered),
    /// Last line.
    End(End),
}

/// Stream of events, with everything that the vault keeps for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Name, as stores have it.
    pub name: String,
    /// All its events, from version 1.
    pub events: Vec<Event>,
    /// Secrets, sealed, base64, by their purpose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// Documents that can't be derived from the events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// Event of a stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    id: AuditId,
    name: String,
    schema_version: u16,
    /// Payload: JSON, as text.
    payload: String,
    metadata: Metadata,
}

/// Event that some webhook has not received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undelivered {
    /// States of its deliveries, then the event.
    pub documents: Vec<Document>,
    /// Messages that continue its delivery, with their due times.
    pub messages: Vec<Message>,
}

/// Document as the store keeps it.
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
    /// Body: JSON, as text.
    body: String,
}

/// Totals of the lines before, and the seal over them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Number of streams.
    pub streams: u64,
    /// Number of events in them.
    pub events: u64,
    /// Number of secrets.
    pub secrets: u64,
    /// Number of events that some webhook has not received.
    pub undelivered: u64,
    /// Number of attempts still to be made.
    pub messages: u64,
    /// Base64 of an HMAC-SHA-256 over every line before, keyed by the passphrase.
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
    /// Returns the event as the store has it.
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
            // JSON is UTF-8, so the conversion is lossless.
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
