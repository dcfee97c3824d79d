//! Writing a commit whose conditions hold.

use ports::{
    queue::Receipt,
    store::{Addition, Document, Key, Numbers, add},
};
use rusqlite::{Connection, params};

use super::{
    batch::Effects,
    check::{Found, stream_version},
    documents,
    prepared::{
        Change, Prepared, PreparedAppend, PreparedEvent, PreparedMessage, PreparedWrite, Put,
    },
};
use crate::{
    dispatch::Dispatch,
    messages,
    read::{counter_sum, event_sum},
    revisions::Revisions,
    text::to_integer,
};

/// Writes all of `commit`; `found` has the previous state for each of its writes.
pub(super) fn apply(
    connection: &Connection,
    commit: &Prepared,
    found: &[Found],
    dispatch: &Dispatch,
    revisions: &mut Revisions,
    effects: &mut Effects,
) -> rusqlite::Result<()> {
    for receipt in &commit.acknowledge {
        acknowledge(connection, receipt, dispatch, effects)?;
    }
    for append in &commit.appends {
        append_events(connection, append)?;
    }
    for (write, found) in commit.writes.iter().zip(found) {
        change(connection, write, found, revisions, effects)?;
    }
    effects.documents.extend(commit.absent.iter().map(|key| (key.clone(), None)));
    for Addition { key, numbers, expires_at } in &commit.additions {
        let (sums, _) =
            effects.numbers.entry(key.clone()).or_insert_with(|| (Numbers::new(), *expires_at));
        add(sums, numbers);
    }
    for message in &commit.messages {
        enqueue(connection, message, effects)?;
    }
    Ok(())
}

fn acknowledge(
    connection: &Connection,
    receipt: &Receipt,
    dispatch: &Dispatch,
    effects: &mut Effects,
) -> rusqlite::Result<()> {
    // A lease that has ended gives no right to its message.
    if let Some(place) = dispatch.leased(receipt) {
        messages::delete(connection, place)?;
        effects.finished.push(receipt.clone());
    }
    Ok(())
}

fn append_events(connection: &Connection, append: &PreparedAppend) -> rusqlite::Result<()> {
    let sql = "INSERT INTO events
               (stream, version, id, account, name, schema_version, payload, metadata, checksum)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut insert = connection.prepare_cached(sql)?;
    let version = match append.expected_version {
        Some(expected) => expected,
        None => stream_version(connection, append)?,
    };
    for (version, PreparedEvent { event, id, metadata }) in (version + 1..).zip(&append.events) {
        let (version, name, payload) = (to_integer(version), &event.name, event.payload.get());
        let sum = event_sum(
            (&append.stream, version),
            (id, append.history.as_deref()),
            (&name.name, name.schema_version.into()),
            (payload, metadata),
        );
        insert.execute(params![
            append.stream,
            version,
            id,
            append.history,
            name.name,
            name.schema_version,
            payload,
            metadata,
            sum.end(),
        ])?;
    }
    Ok(())
}

/// Makes the change of a write.
fn change(
    connection: &Connection,
    write: &PreparedWrite,
    found: &Found,
    revisions: &mut Revisions,
    effects: &mut Effects,
) -> rusqlite::Result<()> {
    let becomes = match (&write.change, found) {
        (Change::Put(put), Found::New) => {
            documents::put_new(connection, &write.key, revisions.take(), put)?;
            effects.ahead.push(write.key.clone());
            return Ok(());
        }
        (Change::Put(put), Found::Document(existing)) => {
            let revision = revisions.take();
            documents::put(connection, &write.key, revision, put, existing.as_ref())?;
            Some(document(&write.key, revision, put))
        }
        (Change::Delete, Found::Document(Some(existing))) => {
            documents::delete(connection, existing)?;
            None
        }
        (_, Found::Counter { becomes }) => return set_counter(connection, write, *becomes),
        _ => return Ok(()),
    };
    effects.documents.push((write.key.clone(), becomes));
    Ok(())
}

fn document(key: &Key, revision: u64, put: &Put) -> Document {
    Document { key: key.clone(), revision, expires_at: put.expires_at, body: put.body.clone() }
}

fn set_counter(connection: &Connection, write: &PreparedWrite, value: u64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO counters (partition, sort, value, checksum) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (partition, sort)
               DO UPDATE SET value = excluded.value, checksum = excluded.checksum";
    let value = to_integer(value);
    let sum = counter_sum(&write.key, value).end();
    let row = params![write.key.partition.as_str(), write.key.sort, value, sum];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

fn enqueue(
    connection: &Connection,
    prepared: &PreparedMessage,
    effects: &mut Effects,
) -> rusqlite::Result<()> {
    if messages::insert(connection, &prepared.message, &prepared.task)? {
        effects.arrived.push(prepared.message.clone());
    }
    Ok(())
}
