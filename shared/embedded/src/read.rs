//! Reading rows.

mod documents;
mod events;

use rusqlite::Connection;

pub(crate) use self::{
    documents::{
        count, counter, get, query, read_document, sum_of as document_sum,
        sum_of_counter as counter_sum,
    },
    events::{history, history_name, replay, stream, streams, sum_of as event_sum},
};

/// Runs `read` in one read transaction, so that everything it sees is of one moment.
pub(crate) fn at_one_moment<T>(
    connection: &Connection,
    read: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let found = read();
    // Nothing was written, so committing and rolling back are the same.
    connection.prepare_cached("COMMIT")?.execute([])?;
    found
}
