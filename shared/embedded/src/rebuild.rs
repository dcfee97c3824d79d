//! Reading and replacing whole collections, for rebuilding what is derived from events.

use std::collections::BTreeSet;

use ports::{
    ReadError, Unavailable,
    store::{Collection, Document, IndexEntry, Key, Partition, Scope},
};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    Embedded, read,
    revisions::Revisions,
    text::{self, to_integer},
    writer::{delete_row, put_fresh},
};

/// Document together with its index entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// The document.
    pub document: Document,
    /// Its index entries.
    pub index: Vec<IndexEntry>,
}

/// Whole content of some collections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Documents; the store ignores their revisions and assigns new ones.
    pub documents: Vec<Indexed>,
    /// Counters and their values.
    pub counters: Vec<(Key, u64)>,
}

impl Embedded {
    /// Returns up to `most` documents of `collection`, of every account, in the order of their
    /// keys, after the document at `after`. Includes expired ones that have not been swept.
    ///
    /// # Errors
    /// When the store is unavailable.
    pub async fn scan_documents(
        &self,
        collection: Collection,
        after: Option<Key>,
        most: usize,
    ) -> Result<Vec<Indexed>, ReadError> {
        let scan = move |connection: &Connection| {
            scan(connection, "documents", collection, after, most, |key| find(connection, key))
        };
        self.inner.readers.long(Scope::Installation, "scanning documents", scan).await
    }

    /// Returns up to `most` counters of `collection` and their values, in the order of
    /// [`scan_documents`](Self::scan_documents).
    ///
    /// # Errors
    /// When the store is unavailable.
    pub async fn scan_counters(
        &self,
        collection: Collection,
        after: Option<Key>,
        most: usize,
    ) -> Result<Vec<(Key, u64)>, ReadError> {
        let scan = move |connection: &Connection| {
            scan(connection, "counters", collection, after, most, |key| {
                Ok((key.clone(), read::counter(connection, key)?))
            })
        };
        self.inner.readers.long(Scope::Installation, "scanning counters", scan).await
    }

    /// Replaces all documents and counters of `collections` by `content`, in one transaction. Each
    /// document gets a new revision.
    ///
    /// # Errors
    /// When the store is unavailable, or `content` names a document twice; then nothing was
    /// changed.
    pub async fn replace_collections(
        &self,
        collections: &[Collection],
        content: Content,
    ) -> Result<(), Unavailable> {
        let collections = collections.to_vec();
        let puts = content.documents.len();
        let replace = move |connection: &_, revisions: &mut _| {
            replace(connection, &collections, &content, revisions)
        };
        self.inner.writer.transact_puts("replacing collections", puts, replace).await
    }
}

fn replace(
    connection: &Connection,
    collections: &[Collection],
    content: &Content,
    revisions: &mut Revisions,
) -> rusqlite::Result<()> {
    for &collection in collections {
        for partition in partitions(connection, "documents", collection)? {
            remove_documents(connection, &partition)?;
        }
        for partition in partitions(connection, "counters", collection)? {
            connection.execute("DELETE FROM counters WHERE partition = ?1", [&partition])?;
        }
    }
    for Indexed { document, index } in &content.documents {
        let entries = text::entries(index).map_err(text::unreadable)?;
        let Document { key, expires_at, body, .. } = document;
        put_fresh(connection, key, revisions.take(), *expires_at, entries.as_deref(), body)?;
    }
    for (key, value) in &content.counters {
        let value = to_integer(*value);
        let sum = read::counter_sum(key, value).end();
        let row = params![key.partition.as_str(), key.sort, value, sum];
        let sql = "INSERT INTO counters (partition, sort, value, checksum) VALUES (?1, ?2, ?3, ?4)";
        connection.execute(sql, row)?;
    }
    Ok(())
}

fn remove_documents(connection: &Connection, partition: &str) -> rusqlite::Result<()> {
    let mut rows =
        connection.prepare_cached("SELECT id, entries FROM documents WHERE partition = ?1")?;
    let rows: Vec<(i64, Option<String>)> = rows
        .query_map([partition], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, entries) in rows {
        delete_row(connection, id, entries.as_deref())?;
    }
    Ok(())
}

/// Reads up to `most` keys of `collection` in `table` after `after`, each by `read`.
fn scan<T>(
    connection: &Connection,
    table: &'static str,
    collection: Collection,
    after: Option<Key>,
    most: usize,
    read: impl Fn(&Key) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut found = Vec::new();
    let (start, mut sort) = match after {
        Some(key) => (key.partition.as_str().to_owned(), Some(key.sort)),
        None => (String::new(), None),
    };
    for partition in partitions(connection, table, collection)?.range(start.clone()..) {
        let after = sort.take().filter(|_| *partition == start);
        for sort in sorts(connection, table, partition, after.as_deref(), most - found.len())? {
            found.push(read(&Partition::from_stored(partition.clone()).key(sort))?);
        }
        if found.len() >= most {
            break;
        }
    }
    Ok(found)
}

fn sorts(
    connection: &Connection,
    table: &str,
    partition: &str,
    after: Option<&str>,
    most: usize,
) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "SELECT sort FROM {table} WHERE partition = ?1 AND (?2 IS NULL OR sort > ?2)
         ORDER BY sort LIMIT ?3"
    );
    connection
        .prepare_cached(&sql)?
        .query_map(params![partition, after, to_integer(most as u64)], |row| row.get(0))?
        .collect()
}

fn find(connection: &Connection, key: &Key) -> rusqlite::Result<Indexed> {
    let sql = "SELECT revision, expires_at, body, checksum, entries FROM documents
               WHERE partition = ?1 AND sort = ?2";
    connection.prepare_cached(sql)?.query_row([key.partition.as_str(), &key.sort], |row| {
        let entries: Option<String> = row.get(4)?;
        Ok(Indexed {
            document: read::read_document(row, key.clone())?,
            index: text::read_entries(entries.as_deref())?,
        })
    })
}

/// Returns the partitions of `collection` in `table`. Skips from one scope to the next by seeking,
/// so what other collections hold is not read.
fn partitions(
    connection: &Connection,
    table: &str,
    collection: Collection,
) -> rusqlite::Result<BTreeSet<String>> {
    let sql =
        format!("SELECT partition FROM {table} WHERE partition >= ?1 ORDER BY partition LIMIT 1");
    let mut next = connection.prepare_cached(&sql)?;
    let mut seek = |from: &str| -> rusqlite::Result<Option<String>> {
        next.query_row([from], |row| row.get(0)).optional()
    };
    let mut found = BTreeSet::new();
    let mut from = String::new();
    while let Some(partition) = seek(&from)? {
        let known = Partition::from_stored(partition.clone());
        if known.collection() == collection.0 {
            from = format!("{partition}\0");
            found.insert(partition);
        } else {
            from = skip(&partition, known.collection(), collection.0);
        }
    }
    Ok(found)
}

/// Returns the key from which to search on after `partition`, which belongs to the collection `of`,
/// for a partition of `wanted`.
fn skip(partition: &str, of: &str, wanted: &str) -> String {
    // '0' is the character after '/', so this is the end of the range of names with that prefix.
    match partition.strip_suffix('/').unwrap_or(partition).split_once('/') {
        Some((scope, rest)) if rest == of || rest.starts_with(&format!("{of}/")) => {
            if wanted > of {
                format!("{scope}/{wanted}/")
            } else {
                format!("{scope}0")
            }
        }
        // Partitions of the installation, in whose range the accounts' partitions lie.
        _ => format!("{of}0"),
    }
}

#[cfg(test)]
mod tests {
    use super::skip;

    #[test]
    fn scopes_are_skipped_without_reading_them() {
        assert_eq!(skip("acct_1/deliveries/evt_1", "deliveries", "webhooks"), "acct_1/webhooks/");
        assert_eq!(skip("acct_1/webhooks/live", "webhooks", "deliveries"), "acct_10");
        assert_eq!(skip("acct_1/webhooks/", "webhooks", "zebras"), "acct_1/zebras/");
        assert_eq!(skip("accounts/", "accounts", "webhooks"), "accounts0");
        assert_eq!(skip("idempotency/operator", "idempotency", "webhooks"), "idempotency0");
    }
}
