//! Ledger: the number of each transaction, which is in the database, and in its
//! [`Mark`](crate::mark::Mark) once it is durable.

use rusqlite::Connection;

use crate::text::{from_integer, to_integer};

/// Count of the transactions that were committed.
#[derive(Debug)]
pub(super) struct Ledger(u64);

impl Ledger {
    /// Opens the ledger of a database with `count` transactions.
    pub(super) const fn new(count: u64) -> Self {
        Self(count)
    }

    /// Commits the transaction that `connection` is in; returns its number.
    pub(super) fn commit(&mut self, connection: &Connection) -> rusqlite::Result<u64> {
        let number = self.0 + 1;
        let mut count = connection.prepare_cached("UPDATE commits SET count = ?1")?;
        count.execute([to_integer(number)])?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        self.0 = number;
        Ok(number)
    }
}

/// Returns the number of transactions that the database counts.
pub(crate) fn counted(connection: &Connection) -> rusqlite::Result<u64> {
    let counted = connection.query_row("SELECT count FROM commits", [], |row| row.get(0));
    counted.map(from_integer)
}
