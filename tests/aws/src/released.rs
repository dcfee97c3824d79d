//! Tables of version 0.1.0, laid out as its adapter for DynamoDB laid them out.
//!
//! Documents, events and counters are the same on both backends. They come from the data directory that
//! version 0.1.0 wrote; the items that hold them are literal here, from its `dynamo/plan.rs` and
//! `dynamo/events.rs` (commit 7d6d8d0).

use std::{collections::HashMap, path::PathBuf};

use aws_sdk_dynamodb::types::AttributeValue;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;

use crate::Place;

/// Time just after the data was written.
pub const WRITTEN: &str = "2026-11-29T06:46:07.000Z";

type Item = HashMap<String, AttributeValue>;

/// Returns the key ring of that installation, and what its API said: see `tests/scenarios/data`.
#[must_use]
pub fn ring_and_said() -> (String, Value) {
    let read = |name| std::fs::read_to_string(folder().join(name)).unwrap();
    (read("key-ring"), serde_json::from_str(&read("said.json")).unwrap())
}

impl Place {
    /// Writes everything into the tables, as version 0.1.0 would have.
    pub async fn filled_by_version_0_1_0(&self) {
        // As it is in the repository: nothing is locked or written.
        let file = format!("file:{}?immutable=1", folder().join("latchhook.db").display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let database = Connection::open_with_flags(file, flags).unwrap();
        let columns = "partition, sort, revision, expires_at, entries, body";
        let views = items(&database, &format!("SELECT {columns} FROM documents"), document);
        let counts = items(&database, "SELECT partition, sort, value FROM counters", counter);
        let columns = "stream, version, id, account, name, schema_version, payload, metadata";
        let events = items(&database, &format!("SELECT {columns} FROM events"), event);
        let (events, listed): (Vec<_>, Vec<_>) =
            events.into_iter().partition(|item| item.contains_key("payload"));
        for item in views.into_iter().chain(counts).chain(listed) {
            self.put(&self.tables.views, item).await;
        }
        for item in events {
            self.put(&self.tables.events, item).await;
        }
    }

    async fn put(&self, table: &str, item: Item) {
        let put = self.clients.dynamodb().put_item().table_name(table);
        put.set_item(Some(item)).send().await.unwrap();
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scenarios/data/v0.1.0")
}

fn items(database: &Connection, sql: &str, of: fn(&Row<'_>) -> Vec<Item>) -> Vec<Item> {
    let mut rows = database.prepare(sql).unwrap();
    rows.query_map([], |row| Ok(of(row))).unwrap().flat_map(Result::unwrap).collect()
}

/// Returns the item of a document, and one for each of its index entries.
fn document(row: &Row<'_>) -> Vec<Item> {
    let (partition, sort) = (string(row, "partition"), string(row, "sort"));
    let body = String::from_utf8(row.get("body").unwrap()).unwrap();
    let entries: Option<String> = row.get("entries").unwrap();
    let entries: Vec<[String; 2]> =
        entries.map_or_else(Vec::new, |entries| serde_json::from_str(&entries).unwrap());
    let mut item = Item::from([
        text("pk", &partition),
        text("sk", &sort),
        text("body", &body),
        number("revision", row.get("revision").unwrap()),
        text("put_id", "01kb7z5q2e0000000000000000"),
    ]);
    if !entries.is_empty() {
        let pair = |entry: &[String; 2]| {
            AttributeValue::L(entry.iter().cloned().map(AttributeValue::S).collect())
        };
        let list = AttributeValue::L(entries.iter().map(pair).collect());
        item.insert("entries".to_owned(), list);
    }
    let pointer = |[at, under]: &[String; 2]| -> Item {
        let document = [text("document_pk", &partition), text("document_sk", &sort)];
        [text("pk", at), text("sk", under)].into_iter().chain(document).collect()
    };
    let mut all: Vec<Item> = entries.iter().map(pointer).collect();
    all.push(item);
    if let Some(at) = row.get::<_, Option<i64>>("expires_at").unwrap() {
        let expiry = [number("expires_ms", at), number("expires_at", (at + 999) / 1000)];
        for item in &mut all {
            item.extend(expiry.clone());
        }
    }
    all
}

/// Returns the item of a counter.
fn counter(row: &Row<'_>) -> Vec<Item> {
    let partition = format!("#counters/{}", string(row, "partition"));
    let n = number("n", row.get("value").unwrap());
    vec![Item::from([text("pk", &partition), text("sk", &string(row, "sort")), n])]
}

/// Returns the item of an event, and that of its place in the account's history.
fn event(row: &Row<'_>) -> Vec<Item> {
    let version = || number("version", row.get("version").unwrap());
    let same = |name| text(name, &string(row, name));
    let item = Item::from([
        same("stream"),
        version(),
        same("id"),
        same("name"),
        number("schema_version", row.get("schema_version").unwrap()),
        same("payload"),
        same("metadata"),
    ]);
    let account: Option<String> = row.get("account").unwrap();
    let listed = account.map(|account| {
        let place = [text("pk", &format!("#history/{account}")), text("sk", &string(row, "id"))];
        place.into_iter().chain([same("stream"), version()]).collect::<Item>()
    });
    listed.into_iter().chain([item]).collect()
}

fn string(row: &Row<'_>, column: &str) -> String {
    row.get(column).unwrap()
}

fn text(name: &str, value: &str) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::S(value.to_owned()))
}

fn number(name: &str, value: i64) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::N(value.to_string()))
}
