//! Text forms of values in columns.

use ports::{
    Unavailable,
    store::{IndexEntry, Partition},
};
use serde_json::to_string;

use crate::error::unavailable;

/// Writes `value` as JSON.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, Unavailable> {
    to_string(value).map_err(unavailable("writing JSON"))
}

/// Writes a document's index entries as JSON pairs of partition and sort; `None` if there are none.
pub(crate) fn entries(index: &[IndexEntry]) -> Result<Option<String>, Unavailable> {
    if index.is_empty() {
        return Ok(None);
    }
    let pairs: Vec<(&str, &str)> =
        index.iter().map(|entry| (entry.partition.as_str(), entry.sort.as_str())).collect();
    to_json(&pairs).map(Some)
}

/// Reads what [`entries`] wrote.
pub(crate) fn read_entries(text: Option<&str>) -> rusqlite::Result<Vec<IndexEntry>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let pairs: Vec<(String, String)> = serde_json::from_str(text).map_err(unreadable)?;
    let entry =
        |(partition, sort)| IndexEntry { partition: Partition::from_stored(partition), sort };
    Ok(pairs.into_iter().map(entry).collect())
}

/// Error for a column with a value that this program can't have written.
pub(crate) fn unreadable(
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, why.into())
}

/// Converts a count or version to SQLite's integer.
pub(crate) fn to_integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Converts an integer of SQLite to a count or version; never negative.
pub(crate) fn from_integer(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
