//! Items of DynamoDB, and the encoding of values in them.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use ports::{
    Corrupt,
    store::{IndexEntry, Key, Partition},
};

/// Item: its attributes by name.
pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Reads the text attribute `name` of `item`.
pub(super) fn read_text<'a>(item: &'a Item, name: &str) -> Result<&'a str, Corrupt> {
    let found = item.get(name).and_then(|value| value.as_s().ok());
    found.map(String::as_str).ok_or_else(|| damaged(name))
}

/// Reads the number attribute `name` of `item`.
pub(crate) fn read_number<T: FromStr>(item: &Item, name: &str) -> Result<T, Corrupt> {
    let found = item.get(name).and_then(|value| value.as_n().ok());
    found.and_then(|digits| digits.parse().ok()).ok_or_else(|| damaged(name))
}

fn damaged(name: &str) -> Corrupt {
    Corrupt::new("reading an item", format!("its {name} is missing or damaged"))
}

/// Returns the primary key of a document.
pub(super) fn document_key(key: &Key) -> Item {
    views_key(key.partition.as_str(), &key.sort)
}

/// Returns a primary key of the table `views`.
pub(super) fn views_key(pk: &str, sk: &str) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// Returns the key of the document in an item of `views`.
pub(super) fn key_of(item: &Item) -> Result<Key, Corrupt> {
    key_at(item, "pk", "sk")
}

/// Returns the key of the document that an index entry points to, which has the entry's own sort key if none
/// is said.
pub(super) fn pointed_to(item: &Item) -> Result<Key, Corrupt> {
    let sort = if item.contains_key("document_sk") { "document_sk" } else { "sk" };
    key_at(item, "document_pk", sort)
}

fn key_at(item: &Item, pk: &str, sk: &str) -> Result<Key, Corrupt> {
    let partition = Partition::from_stored(read_text(item, pk)?.to_owned());
    Ok(Key { partition, sort: read_text(item, sk)?.to_owned() })
}

/// Sets the expiry of an item: to the millisecond for reads, and in seconds, rounded up, for the
/// table's sweeper.
pub(super) fn expire(item: &mut Item, at: Option<Timestamp>) {
    let Some(at) = at else { return };
    item.insert("expires_ms".to_owned(), number(at.as_millis()));
    item.insert("expires_at".to_owned(), number(sweepable(at)));
}

/// Returns the second from which on an item that expires `at` may be swept.
pub(super) const fn sweepable(at: Timestamp) -> i64 {
    let seconds = at.as_millis() / 1000;
    if at.as_millis() % 1000 == 0 { seconds } else { seconds + 1 }
}

/// Returns the expiry of an item.
pub(super) fn expiry(item: &Item) -> Result<Option<Timestamp>, Corrupt> {
    if item.contains_key("expires_ms") {
        read_number(item, "expires_ms").map(Timestamp::from_millis).map(Some)
    } else {
        Ok(None)
    }
}

/// Index entry as its document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entered {
    /// The entry.
    pub(super) entry: IndexEntry,
    /// Revision of the put that wrote the entry's item; none if an older release did.
    pub(super) by: Option<u64>,
}

/// Encodes the index entries of the document at `sort`, whose own put is `revision`: of one with this sort
/// key, written by this put, only the partition is said.
pub(super) fn write_entries(entries: &[Entered], sort: &str, revision: u64) -> AttributeValue {
    let entry = |Entered { entry, by }: &Entered| {
        let partition = text(entry.partition.as_str());
        if entry.sort == sort && *by == Some(revision) {
            return AttributeValue::L(vec![partition]);
        }
        let texts = [partition, text(&entry.sort)];
        AttributeValue::L(texts.into_iter().chain(by.map(number)).collect())
    };
    AttributeValue::L(entries.iter().map(entry).collect())
}

/// Decodes the output of [`write_entries`]; empty if there is none.
pub(super) fn read_entered(item: &Item) -> Result<Vec<Entered>, Corrupt> {
    let Some(entries) = item.get("entries") else { return Ok(Vec::new()) };
    let entry = |entry: &AttributeValue| {
        let (partition, sort, by) = match &entry.as_l().ok()?[..] {
            [partition] => (partition, item.get("sk")?, Some(read_number(item, "revision").ok()?)),
            [partition, sort] => (partition, sort, None),
            [partition, sort, by] => (partition, sort, Some(by.as_n().ok()?.parse().ok()?)),
            _ => return None,
        };
        let partition = Partition::from_stored(partition.as_s().ok()?.clone());
        let entry = IndexEntry { partition, sort: sort.as_s().ok()?.clone() };
        Some(Entered { entry, by })
    };
    let entries = entries.as_l().ok().and_then(|entries| entries.iter().map(entry).collect());
    entries.ok_or_else(|| damaged("entries"))
}

/// Decodes the output of [`write_entries`] without the puts that wrote them.
pub(super) fn read_entries(item: &Item) -> Result<Vec<IndexEntry>, Corrupt> {
    Ok(read_entered(item)?.into_iter().map(|entered| entered.entry).collect())
}

/// Returns the size of an item as DynamoDB counts it, in bytes: names and values, and the overhead
/// of a list, a map and each of their elements (Developer Guide, "DynamoDB item sizes and
/// formats").
pub(super) fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::L(list) => {
            3 + list.iter().map(|value| 1 + value_size(value)).sum::<usize>()
        }
        AttributeValue::M(map) => 3 + map.len() + size(map),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_not_swept_before_they_expire() {
        for (millis, second) in [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (61_500, 62)] {
            assert_eq!(sweepable(Timestamp::from_millis(millis)), second, "{millis}");
        }
    }

    #[test]
    fn index_entries_are_read_as_they_were_written() {
        let entry = |sort: &str| IndexEntry {
            partition: Partition::from_stored("acct_1/things/a".to_owned()),
            sort: sort.to_owned(),
        };
        let entered = |sort, by| Entered { entry: entry(sort), by };
        let entries = vec![
            entered("1", Some(u64::MAX >> 1)),
            entered("2/é", None),
            entered("own", Some(7)),
            entered("own", Some(6)),
        ];
        let mut item = Item::from([("entries".to_owned(), write_entries(&entries, "own", 7))]);
        item.extend([("sk".to_owned(), text("own")), ("revision".to_owned(), number(7))]);
        assert_eq!(read_entered(&item).unwrap(), entries);
        let read = ["1", "2/é", "own", "own"].map(entry);
        assert_eq!(read_entries(&item).unwrap(), read);
        assert_eq!(read_entries(&Item::new()).unwrap(), []);
        let damaged = Item::from([("entries".to_owned(), AttributeValue::L(vec![text("x")]))]);
        assert!(read_entries(&damaged).is_err());
    }

    #[test]
    fn an_entry_points_to_a_document_at_its_own_sort_key_unless_it_says_another() {
        let mut item = views_key("list", "1");
        item.insert("document_pk".to_owned(), text("things"));
        assert_eq!(pointed_to(&item).unwrap().sort, "1");
        item.insert("document_sk".to_owned(), text("2"));
        assert_eq!(pointed_to(&item).unwrap().sort, "2");
    }

    #[test]
    fn item_sizes_follow_the_developer_guide() {
        let item = Item::from([
            ("text".to_owned(), text("é".repeat(10))),
            ("list".to_owned(), AttributeValue::L(vec![text("abc"), number(12345)])),
        ]);
        assert_eq!(size(&item), (4 + 20) + (4 + 3 + (1 + 3) + (1 + 4)));
    }
}
