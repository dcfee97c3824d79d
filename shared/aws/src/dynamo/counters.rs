//! Counters.

use ports::{ReadError, store::Key};

use super::{
    DynamoStore,
    attributes::{Item, read_number, views_key},
    batch::How,
};

impl DynamoStore {
    /// Returns the value of the counter `key`.
    pub(super) async fn count_at(&self, key: &Key) -> Result<u64, ReadError> {
        let found = self.fetch_one(&self.tables.views, counter_key(key), How::WHOLE).await?;
        Ok(found.map_or(Ok(0), |item| read_number(&item, "n"))?)
    }
}

/// Prefix of the partitions of counters: no document can be there.
pub(super) const COUNTERS: &str = "#counters/";

/// Returns the primary key of a counter.
pub(super) fn counter_key(key: &Key) -> Item {
    views_key(&format!("{COUNTERS}{}", key.partition.as_str()), &key.sort)
}
