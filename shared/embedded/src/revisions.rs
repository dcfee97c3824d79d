//! Revisions of documents, each given out once in the life of the database.

use rusqlite::Connection;

use crate::text::{from_integer, to_integer};

/// Revisions that are set aside in one write.
const BLOCK: u64 = 1 << 20;

/// Source of revisions that never repeat, whatever is deleted. The database keeps the first one
/// that is not set aside for a process yet. What a process has not used when it ends is lost, so
/// there is nothing to write at each commit.
#[derive(Debug)]
pub(crate) struct Revisions {
    next: u64,
    /// The first that is not set aside.
    end: u64,
}

impl Revisions {
    /// The source of the database that `connection` is to.
    pub(crate) fn open(connection: &Connection) -> rusqlite::Result<Self> {
        let end = connection.query_row("SELECT next FROM revisions", [], |row| row.get(0))?;
        let end = from_integer(end);
        Ok(Self { next: end, end })
    }

    /// Sets as many aside as `puts` take. `connection` is in no transaction: one that did not
    /// happen would give them back.
    pub(crate) fn set_aside(
        &mut self,
        connection: &Connection,
        puts: usize,
    ) -> rusqlite::Result<()> {
        let needed = self.next + puts as u64;
        if needed > self.end {
            let end = needed + BLOCK;
            connection.execute("UPDATE revisions SET next = ?1", [to_integer(end)])?;
            self.end = end;
        }
        Ok(())
    }

    /// One that was set aside.
    pub(crate) const fn take(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}
