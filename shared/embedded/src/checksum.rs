//! Checksums of rows.
//!
//! SQLite has no checksums of pages without an extension in C, so every row has one of its own
//! (CRC-32, which finds any one flipped bit and any burst of 32). It is held against the row whenever
//! that is read, before anything is believed of it.

use crc32fast::Hasher;
use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

/// Error for a row that is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error(
    "a row of {table} is damaged on the disk: `latchhook check` finds what else is, and a backup \
     restores it"
)]
pub(crate) struct DamagedRow {
    table: &'static str,
}

/// Checksum of the values of a row, in the order of its columns. Each value is preceded by its type
/// and length, so that no two rows give the same bytes.
#[derive(Debug, Default, Clone)]
pub(crate) struct Checksum(Hasher);

impl Checksum {
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.bytes(2, text.as_bytes());
        self
    }

    pub(crate) fn blob(mut self, blob: &[u8]) -> Self {
        self.bytes(3, blob);
        self
    }

    pub(crate) fn integer(mut self, integer: i64) -> Self {
        self.0.update(&[1]);
        self.0.update(&integer.to_le_bytes());
        self
    }

    pub(crate) fn optional_integer(self, integer: Option<i64>) -> Self {
        match integer {
            Some(integer) => self.integer(integer),
            None => self.null(),
        }
    }

    pub(crate) fn optional_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn null(mut self) -> Self {
        self.0.update(&[0]);
        self
    }

    /// Returns the checksum as it is stored.
    pub(crate) fn end(self) -> i64 {
        i64::from(self.0.finalize())
    }

    /// Compares with the `stored` checksum of a row of `table`.
    pub(crate) fn expect(self, stored: Option<i64>, table: &'static str) -> rusqlite::Result<()> {
        if stored == Some(self.end()) {
            return Ok(());
        }
        Err(crate::text::unreadable(DamagedRow { table }))
    }

    fn bytes(&mut self, kind: u8, bytes: &[u8]) {
        // No value is near 4 GiB: SQLite keeps none above 1 GB.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.update(&[kind]);
        self.0.update(&length.to_le_bytes());
        self.0.update(bytes);
    }
}

/// Makes `row_checksum(…)` available in SQL.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("row_checksum", -1, flags, |values| {
        let mut sum = Checksum::default();
        for at in 0..values.len() {
            sum = match values.get_raw(at) {
                ValueRef::Null => sum.null(),
                ValueRef::Integer(integer) => sum.integer(integer),
                ValueRef::Real(real) => sum.blob(&real.to_le_bytes()),
                ValueRef::Text(text) => {
                    sum.bytes(2, text);
                    sum
                }
                ValueRef::Blob(blob) => sum.blob(blob),
            };
        }
        Ok(sum.end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_and_sql_agree() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let sql = "SELECT row_checksum('a', 7, NULL, x'00ff')";
        let in_sql: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        let in_rust = Checksum::default().text("a").integer(7).null().blob(&[0, 255]);
        assert_eq!(in_sql, in_rust.end());
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        let of = |one: &str, other: &str| Checksum::default().text(one).text(other).end();
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(Checksum::default().null().end(), Checksum::default().text("").end());
    }
}
