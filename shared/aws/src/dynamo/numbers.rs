//! Documents of numbers: items with an attribute for each number, which updates add to.
//!
//! A commit only gathers its additions in memory. An update in its transaction would cost two write
//! units an attempt, and transactions that change one item cancel each other. They are written
//! together, one update an item, when the function that made the commits is about to answer.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use domain::Timestamp;
use futures_util::future::join_all;
use ports::{
    Corrupt, Unavailable,
    store::{Addition, Key, Numbers, add},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key, number, read_number, sweepable},
};
use crate::failure::unavailable;

/// Beginning of the names of the attributes that are numbers.
const NUMBER: &str = "+";

/// Additions that are to be written.
#[derive(Default)]
pub(super) struct Additions(Mutex<BTreeMap<Key, (Numbers, Option<Timestamp>)>>);

impl Additions {
    /// Adds those of a commit.
    pub(super) fn gather(&self, additions: &[Addition]) {
        if additions.is_empty() {
            return;
        }
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for Addition { key, numbers, expires_at } in additions {
            let (sums, _) =
                gathered.entry(key.clone()).or_insert_with(|| (Numbers::new(), *expires_at));
            add(sums, numbers);
        }
    }

    fn take(&self) -> Vec<Addition> {
        let gathered = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let addition = |(key, (numbers, expires_at))| Addition { key, numbers, expires_at };
        gathered.into_iter().map(addition).collect()
    }
}

impl DynamoStore {
    /// Writes what was gathered. What can't be written is gathered again.
    pub(super) async fn add_numbers(&self) -> Result<(), Unavailable> {
        let additions = self.additions.take();
        let added = join_all(additions.iter().map(|addition| self.add(addition))).await;
        let mut outcome = Ok(());
        for (addition, added) in additions.iter().zip(added) {
            if let Err(why) = added {
                self.additions.gather(std::slice::from_ref(addition));
                outcome = Err(why);
            }
        }
        outcome
    }

    async fn add(
        &self,
        Addition { key, numbers, expires_at }: &Addition,
    ) -> Result<(), Unavailable> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.tables.views)
            .set_key(Some(document_key(key)));
        let mut sums = Vec::with_capacity(numbers.len());
        for (place, (name, amount)) in numbers.iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#{place}"), format!("{NUMBER}{name}"))
                .expression_attribute_values(format!(":{place}"), number(amount));
            sums.push(format!("#{place} :{place}"));
        }
        let mut expression = format!("ADD {}", sums.join(", "));
        if let Some(at) = expires_at {
            update = update
                .expression_attribute_values(":ms", number(at.as_millis()))
                .expression_attribute_values(":s", number(sweepable(*at)));
            expression.push_str(" SET expires_ms = :ms, expires_at = :s");
        }
        let added = update.update_expression(expression).send().await;
        added.map(|_| ()).map_err(|why| unavailable("adding to numbers", why))
    }
}

/// Returns the numbers of an item as a document's body; none if the item has none.
pub(super) fn body(item: &Item) -> Result<Option<Bytes>, Corrupt> {
    let mut numbers = Numbers::new();
    for name in item.keys() {
        if let Some(short) = name.strip_prefix(NUMBER) {
            numbers.insert(short.to_owned(), read_number(item, name)?);
        }
    }
    if numbers.is_empty() {
        return Ok(None);
    }
    let body = serde_json::to_vec(&numbers).map_err(|why| Corrupt::new("reading numbers", why))?;
    Ok(Some(body.into()))
}
