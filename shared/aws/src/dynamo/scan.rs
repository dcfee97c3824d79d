//! Scan of all documents and counters of some collections, for rebuilding; never used by a request.

use ports::{
    Corrupt, ReadError,
    store::{Collection, Document, IndexEntry, Key, Partition},
};

use super::{
    DynamoStore,
    attributes::{Item, read_entries, read_number, read_text, text},
    counters::COUNTERS,
    documents::document,
};
use crate::failure::unavailable;

/// Position from which a scan continues.
#[derive(Debug, Clone)]
pub struct Place(Item);

/// Item found by a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredItem {
    /// Document with its index entries.
    Document(Document, Vec<IndexEntry>),
    /// Counter and its value.
    Counter(Key, u64),
}

impl DynamoStore {
    /// Returns a page of the items of `collections`, of every account, and the position of the next
    /// page. Reads the whole table, page by page, however little of it is wanted; leaves out
    /// expired items.
    ///
    /// # Errors
    /// When the backend is unavailable, or an item is damaged.
    pub async fn scan_views(
        &self,
        collections: &[Collection],
        after: Option<Place>,
    ) -> Result<(Vec<StoredItem>, Option<Place>), ReadError> {
        let scan = self
            .client
            .scan()
            .table_name(&self.tables.views)
            .filter_expression("attribute_exists(revision) OR begins_with(pk, :counters)")
            .expression_attribute_values(":counters", text(COUNTERS))
            .set_exclusive_start_key(after.map(|Place(key)| key))
            .consistent_read(true);
        let page = scan.send().await.map_err(|error| unavailable("scanning views", error))?;
        let mut stored_item = Vec::new();
        for item in page.items() {
            stored_item.extend(
                self.stored_item(item)?.filter(|stored_item| stored_item.is_of(collections)),
            );
        }
        Ok((stored_item, page.last_evaluated_key.map(Place)))
    }

    fn stored_item(&self, item: &Item) -> Result<Option<StoredItem>, Corrupt> {
        if let Some(partition) = read_text(item, "pk")?.strip_prefix(COUNTERS) {
            let partition = Partition::from_stored(partition.to_owned());
            let key = partition.key(read_text(item, "sk")?);
            return Ok(Some(StoredItem::Counter(key, read_number(item, "n")?)));
        }
        let Some(document) = document(item, self.clock.now())? else { return Ok(None) };
        Ok(Some(StoredItem::Document(document, read_entries(item)?)))
    }
}

impl StoredItem {
    fn is_of(&self, collections: &[Collection]) -> bool {
        let (Self::Document(Document { key, .. }, _) | Self::Counter(key, _)) = self;
        collections.iter().any(|collection| collection.0 == key.partition.collection())
    }
}
