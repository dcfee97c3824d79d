//! Checks of a commit's conditions before it is applied.

use domain::Timestamp;
use ports::store::{CommitError, Condition};
use rusqlite::Connection;

use super::{
    documents::{self, Existing},
    prepared::{Change, Prepared, PreparedAppend, PreparedWrite},
};
use crate::{
    read,
    text::{from_integer, to_integer},
};

/// State that a write replaces.
pub(super) enum Found {
    /// A document, or none.
    Document(Option<Existing>),
    /// Nothing, most likely: it was not looked for.
    New,
    /// Counter, and its new value.
    Counter { becomes: u64 },
}

/// Checks every condition of `commit`; returns the state that each of its writes replaces.
pub(super) fn check(
    connection: &Connection,
    commit: &Prepared,
    now: Timestamp,
) -> rusqlite::Result<Result<Vec<Found>, CommitError>> {
    if commit.until.is_some_and(|until| until <= now) {
        return Ok(Err(CommitError::Late));
    }
    for (index, append) in commit.appends.iter().enumerate() {
        let Some(expected) = append.expected_version else { continue };
        if stream_version(connection, append)? != expected {
            return Ok(Err(CommitError::StreamMoved { index }));
        }
    }
    let mut found = Vec::with_capacity(commit.writes.len());
    for (index, write) in commit.writes.iter().enumerate() {
        match check_write(connection, write, now)? {
            Some(one) => found.push(one),
            None => return Ok(Err(CommitError::ConditionFailed { index })),
        }
    }
    Ok(Ok(found))
}

/// Returns the version of the stream to append to.
pub(super) fn stream_version(
    connection: &Connection,
    append: &PreparedAppend,
) -> rusqlite::Result<u64> {
    let sql = "SELECT max(version) FROM events WHERE stream = ?1";
    let version: Option<i64> =
        connection.prepare_cached(sql)?.query_row([&append.stream], |row| row.get(0))?;
    Ok(version.map_or(0, from_integer))
}

fn check_write(
    connection: &Connection,
    write: &PreparedWrite,
    now: Timestamp,
) -> rusqlite::Result<Option<Found>> {
    if let Change::Count { by, at_most } = write.change {
        let becomes = counter(connection, write)?.saturating_add_signed(by);
        let holds = at_most.is_none_or(|most| becomes <= most);
        return Ok(holds.then_some(Found::Counter { becomes }));
    }
    if write.is_new {
        return Ok(Some(Found::New));
    }
    let existing = documents::find(connection, &write.key, now)?;
    let revision = existing.as_ref().map(|existing| existing.revision).filter(|&known| known > 0);
    let holds = match write.condition {
        Condition::None => true,
        Condition::Absent => revision.is_none(),
        Condition::Present => revision.is_some(),
        Condition::Revision(wanted) => revision == Some(wanted),
    };
    Ok(holds.then_some(Found::Document(existing)))
}

fn counter(connection: &Connection, write: &PreparedWrite) -> rusqlite::Result<u64> {
    Ok(read::counter(connection, &write.key)?.min(from_integer(to_integer(u64::MAX))))
}
