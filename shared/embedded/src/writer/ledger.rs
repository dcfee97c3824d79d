//! Ledger: the number of each transaction, in the database and in its [`Mark`].

use std::path::Path;

use rusqlite::Connection;

use crate::{
    OpenError,
    mark::Mark,
    text::{from_integer, to_integer},
};

/// Count of the transactions that were committed.
#[derive(Debug)]
pub(super) struct Ledger {
    count: u64,
    mark: Mark,
}

impl Ledger {
    /// Opens the ledger of the data directory `path`.
    pub(super) fn open(connection: &Connection, path: &Path) -> Result<Self, OpenError> {
        let count = counted(connection)?;
        let mark = Mark::open(path, count);
        let mark = mark.map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        Ok(Self { count, mark })
    }

    /// Numbers the transaction that `connection` is in.
    pub(super) fn number(&self, connection: &Connection) -> rusqlite::Result<()> {
        let next = to_integer(self.count + 1);
        connection.prepare_cached("UPDATE commits SET count = ?1")?.execute([next]).map(drop)
    }

    /// Marks the transaction that was numbered last as committed. To be called before anybody is told.
    pub(super) fn committed(&mut self) {
        self.count += 1;
        if let Err(why) = self.mark.write(self.count) {
            tracing::warn!(%why, "the last commit can't be marked: a crash could hide that it is lost");
        }
    }
}

/// Returns the number of transactions that the database counts.
pub(crate) fn counted(connection: &Connection) -> rusqlite::Result<u64> {
    let counted = connection.query_row("SELECT count FROM commits", [], |row| row.get(0));
    counted.map(from_integer)
}
