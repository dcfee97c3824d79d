//! Revisions of documents: numbers that are never used twice in the life of the database.

use rusqlite::Connection;

use crate::text::{from_integer, to_integer};

/// Number of revisions that are set aside in one write.
const BLOCK: u64 = 1 << 20;

/// Source of revisions that never repeat, whatever is deleted. The database stores the first number
/// that no process has set aside yet, so a commit need not write it. Numbers that a process has not
/// used when it ends are lost.
#[derive(Debug)]
pub(crate) struct Revisions {
    next: u64,
    /// First number that is not set aside.
    end: u64,
}

impl Revisions {
    /// Reads the state from the database of `connection`.
    pub(crate) fn open(connection: &Connection) -> rusqlite::Result<Self> {
        let end = connection.query_row("SELECT next FROM revisions", [], |row| row.get(0))?;
        let end = from_integer(end);
        Ok(Self { next: end, end })
    }

    /// Sets aside at least `puts` revisions. `connection` must be in no transaction: a rollback
    /// would give them back.
    pub(crate) fn set_aside(
        &mut self,
        connection: &Connection,
        puts: usize,
    ) -> rusqlite::Result<()> {
        if !self.are_set_aside(puts) {
            let end = self.next + puts as u64 + BLOCK;
            connection.execute("UPDATE revisions SET next = ?1", [to_integer(end)])?;
            self.end = end;
        }
        Ok(())
    }

    /// Returns whether so many revisions are set aside.
    pub(crate) const fn are_set_aside(&self, puts: usize) -> bool {
        self.next + puts as u64 <= self.end
    }

    /// Takes a revision that was set aside.
    pub(crate) const fn take(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}
