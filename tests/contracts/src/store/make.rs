//! Builders of small things to store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use domain::delivery::{Task, Trigger};
use domain::{
    Timestamp,
    id::{AccountId, AuditId, EventId, MessageId, Ulid, WebhookId},
    kinds::Environment,
};
use ports::{
    Commit,
    queue::{Lane, Message},
    store::{
        Actor, ActorKind, Append, Collection, Condition, Document, EventName, IndexEntry, Key,
        Metadata, NewEvent, Order, Partition, Person, Query, Range, RecordedEvent, Scope, StreamId,
        StreamQuery, Write,
    },
};

use super::Fixture;

pub(super) const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));
pub(super) const OTHER_ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 2));

/// Stream of webhook `number` of `account`.
pub(super) fn stream(account: AccountId, number: u128) -> StreamId {
    StreamId::Webhook(account, WebhookId(Ulid::from(number)))
}

/// Event `number`; later numbers have greater identifiers.
pub(super) fn event(number: u64) -> NewEvent {
    NewEvent {
        id: AuditId(Ulid::from_parts(number, 0)),
        name: EventName { name: "thing.happened".to_owned(), schema_version: 3 },
        payload: serde_json::value::RawValue::from_string(format!(r#"{{"number":{number}}}"#))
            .unwrap(),
        metadata: Metadata {
            environment: None,
            actor: Actor {
                kind: ActorKind::PortalSession,
                id: Some("ps_1".to_owned()),
                name: Some("gateway".to_owned()),
                person: Some(Person {
                    id: "user_7".to_owned(),
                    name: Some("Grace Hopper".to_owned()),
                    email: None,
                }),
            },
            request_id: None,
            ip: Some([192, 0, 2, 7].into()),
            at: Timestamp::from_millis(1_770_000_000_123),
        },
    }
}

pub(super) fn append(
    stream: StreamId,
    expected_version: impl Into<Option<u64>>,
    numbers: impl IntoIterator<Item = u64>,
) -> Commit {
    let events = numbers.into_iter().map(event).collect();
    let expected_version = expected_version.into();
    Commit { appends: vec![Append { stream, expected_version, events }], ..Commit::default() }
}

pub(super) fn partition(part: &str) -> Partition {
    Partition::new(Scope::Account(ACCOUNT), Collection("things"), part)
}

/// Key of the document `sort` in the partition that most tests use.
pub(super) fn key(sort: &str) -> Key {
    partition("").key(sort)
}

pub(super) fn put(key: Key, body: &str) -> Write {
    put_if(key, body, Condition::None)
}

pub(super) fn put_if(key: Key, body: &str, condition: Condition) -> Write {
    let body = Bytes::from(body.to_owned());
    Write::Put { key, body, expires_at: None, index: Vec::new(), condition }
}

/// Write of a document that expires, with the index entries `entries`.
pub(super) fn put_with(
    key: Key,
    expires_at: Option<Timestamp>,
    entries: impl IntoIterator<Item = IndexEntry>,
) -> Write {
    let index = entries.into_iter().collect();
    Write::Put {
        key,
        body: Bytes::from_static(b"{}"),
        expires_at,
        index,
        condition: Condition::None,
    }
}

pub(super) fn entry(part: &str, sort: &str) -> IndexEntry {
    let partition = Partition::new(Scope::Account(ACCOUNT), Collection("entered_things"), part);
    IndexEntry { partition, sort: sort.to_owned() }
}

pub(super) fn delete(key: Key) -> Write {
    Write::Delete { key, condition: Condition::None }
}

pub(super) fn count(key: Key, by: i64, at_most: Option<u64>) -> Write {
    Write::Count { key, by, at_most }
}

pub(super) fn writes(writes: impl IntoIterator<Item = Write>) -> Commit {
    Commit { writes: writes.into_iter().collect(), ..Commit::default() }
}

/// Message `number`, due at `due`.
pub(super) fn message(number: u128, due: Timestamp) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: ACCOUNT,
        webhook: WebhookId(Ulid::from(7)),
        lane: Lane::First,
        due,
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(number)),
            environment: Environment::Live,
            run: 0,
            slot: 0,
            trigger: Trigger::Schedule,
        },
    }
}

pub(super) fn all(partition: Partition, order: Order) -> Query {
    Query { partition, index: false, range: Range::default(), order, limit: 1000 }
}

impl Fixture {
    pub(super) async fn commit(&self, commit: Commit) {
        self.store.commit(commit).await.unwrap();
    }

    pub(super) async fn write(&self, one: Write) {
        self.commit(writes([one])).await;
    }

    pub(super) async fn document(&self, sort: &str) -> Option<Document> {
        self.store.get(&[key(sort)]).await.unwrap().remove(0)
    }

    /// Revision of the document `sort`, which must exist.
    pub(super) async fn revision(&self, sort: &str) -> u64 {
        self.document(sort).await.unwrap().revision
    }

    /// Body of the document `sort`.
    pub(super) async fn body(&self, sort: &str) -> Option<String> {
        let document = self.document(sort).await?;
        Some(String::from_utf8(document.body.to_vec()).unwrap())
    }

    pub(super) async fn versions(&self, stream: StreamId) -> Vec<u64> {
        self.events(stream).await.iter().map(|event| event.version).collect()
    }

    /// All events of `stream`, in order.
    pub(super) async fn events(&self, stream: StreamId) -> Vec<RecordedEvent> {
        let query = StreamQuery { stream, order: Order::Ascending, past: None, limit: usize::MAX };
        self.store.read_stream(&query).await.unwrap()
    }

    /// Sort keys of a list.
    pub(super) async fn listed(&self, query: &Query) -> Vec<String> {
        let rows = self.store.query(query).await.unwrap();
        rows.into_iter().map(|row| row.sort).collect()
    }

    /// Sort keys of the index partition `part`, ascending.
    pub(super) async fn entered(&self, part: &str) -> Vec<String> {
        let query = Query { index: true, ..all(entry(part, "").partition, Order::Ascending) };
        self.listed(&query).await
    }
}
