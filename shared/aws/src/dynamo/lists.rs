//! Lists of documents, by their own keys or by index entries.

use std::collections::HashMap;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::Select};
use domain::Timestamp;
use ports::{
    Corrupt, ReadError,
    store::{Key, Order, Partition, Query, Range, Row},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key, key_of, number, pointed_to, read_entries, read_text, text},
    batch::How,
    documents::document,
};
use crate::failure::unavailable;

const WHAT: &str = "reading a list";
/// Filter that leaves out expired items before they are counted.
const THERE: &str = "attribute_not_exists(expires_ms) OR expires_ms > :now";
/// Page size after a page that had fewer rows than wanted: much of that part of the list may have
/// expired.
const FURTHER_PAGE: usize = 100;

impl DynamoStore {
    /// Returns the rows of `query`.
    pub(super) async fn rows(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        let now = self.clock.now();
        let Some(asked) = self.asked(&query.partition, &query.range, now) else {
            return Ok(Vec::new());
        };
        let asked = asked.scan_index_forward(query.order == Order::Ascending);
        let mut rows = Vec::new();
        let (mut start, mut least) = (None, 0);
        while rows.len() < query.limit {
            let page = (query.limit - rows.len()).max(least);
            let asked = asked.clone().limit(i32::try_from(page).unwrap_or(i32::MAX));
            let page = asked.set_exclusive_start_key(start).send().await;
            let page = page.map_err(|error| unavailable(WHAT, error))?;
            let items = within(page.items.unwrap_or_default(), &query.range);
            if query.index {
                self.resolve(&items, now, &mut rows).await?;
            } else {
                listed(&items, now, &mut rows)?;
            }
            start = page.last_evaluated_key;
            least = FURTHER_PAGE;
            if start.is_none() {
                break;
            }
        }
        rows.truncate(query.limit);
        Ok(rows)
    }

    /// Returns the number of documents or entries.
    pub(super) async fn number_of(
        &self,
        partition: &Partition,
        range: &Range,
    ) -> Result<u64, ReadError> {
        let Some(asked) = self.asked(partition, range, self.clock.now()) else { return Ok(0) };
        // An exclusive upper bound can only be applied to the keys, which no filter may name.
        let by_keys = range.from.is_some() && range.to.is_some();
        let asked =
            if by_keys { asked.projection_expression("sk") } else { asked.select(Select::Count) };
        let (mut count, mut start) = (0, None);
        loop {
            let page = asked.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(|error| unavailable("counting a list", error))?;
            count += if by_keys {
                within(page.items.unwrap_or_default(), range).len() as u64
            } else {
                u64::try_from(page.count).unwrap_or_default()
            };
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(count);
            }
        }
    }

    /// Returns the request for a range of a partition; `None` if the range is empty. If both bounds
    /// are given, the result includes the upper one: DynamoDB has no other way to express both.
    fn asked(
        &self,
        partition: &Partition,
        range: &Range,
        now: Timestamp,
    ) -> Option<QueryFluentBuilder> {
        // A key is never empty, and DynamoDB refuses an empty one in an expression.
        let from = range.from.as_deref().filter(|from| !from.is_empty());
        let to = range.to.as_deref();
        if to.is_some_and(|to| to.is_empty() || from.is_some_and(|from| from >= to)) {
            return None;
        }
        let condition = match (from, to) {
            (None, None) => "pk = :pk",
            (Some(_), None) => "pk = :pk AND sk >= :from",
            (None, Some(_)) => "pk = :pk AND sk < :to",
            (Some(_), Some(_)) => "pk = :pk AND sk BETWEEN :from AND :to",
        };
        let mut asked = self
            .client
            .query()
            .table_name(&self.tables.views)
            .key_condition_expression(condition)
            .filter_expression(THERE)
            .expression_attribute_values(":pk", text(partition.as_str()))
            .expression_attribute_values(":now", number(now.as_millis()))
            .consistent_read(true);
        for (name, end) in [(":from", from), (":to", to)] {
            if let Some(end) = end {
                asked = asked.expression_attribute_values(name, text(end));
            }
        }
        Some(asked)
    }

    /// Adds the documents that index entries point to. Leaves out those that were deleted or
    /// indexed elsewhere since the entry was read.
    async fn resolve(
        &self,
        entries: &[Item],
        now: Timestamp,
        rows: &mut Vec<Row>,
    ) -> Result<(), ReadError> {
        let pointed: Vec<Key> = entries.iter().map(pointed_to).collect::<Result<_, _>>()?;
        let mut once: Vec<&Key> = pointed.iter().collect();
        once.sort_unstable();
        once.dedup();
        let keys = once.into_iter().map(document_key).collect();
        let mut found: HashMap<Key, Item> = HashMap::new();
        for item in self.fetch(&self.tables.views, keys, How::WHOLE).await? {
            found.insert(key_of(&item)?, item);
        }
        for (entry, key) in entries.iter().zip(&pointed) {
            let Some(item) = found.get(key) else { continue };
            let (partition, sort) = (read_text(entry, "pk")?, read_text(entry, "sk")?);
            let entered = read_entries(item)?
                .iter()
                .any(|entry| entry.partition.as_str() == partition && entry.sort == sort);
            if let Some(document) = document(item, now)?.filter(|_| entered) {
                rows.push(Row { sort: sort.to_owned(), document });
            }
        }
        Ok(())
    }
}

fn listed(items: &[Item], now: Timestamp, rows: &mut Vec<Row>) -> Result<(), Corrupt> {
    for item in items {
        if let Some(document) = document(item, now)? {
            rows.push(Row { sort: document.key.sort.clone(), document });
        }
    }
    Ok(())
}

/// Leaves out the upper bound of the range, which is exclusive.
fn within(mut items: Vec<Item>, range: &Range) -> Vec<Item> {
    if let Some(to) = &range.to {
        items.retain(|item| item.get("sk").and_then(|sk| sk.as_s().ok()) != Some(to));
    }
    items
}
