//! Batch reads: many items by their keys in one call.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use backon::RetryableWithContext as _;
use ports::{Unavailable, clock::sleeper};

use super::{DynamoStore, attributes::Item};
use crate::failure::{incomplete, is_passing, unavailable};

/// Largest number of items of one `BatchGetItem` (DynamoDB API reference).
const MOST: usize = 100;
const WHAT: &str = "reading items";

/// Way in which items are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// Wanted attributes, if not all are.
    pub(super) projection: Option<&'static str>,
    /// True to read what every commit before left; false for half the price, from a replica that may
    /// be a moment behind.
    pub(super) consistent: bool,
}

impl How {
    /// Everything, as every commit before left it.
    pub(super) const WHOLE: Self = Self { projection: None, consistent: true };
    /// Everything, as a replica has it.
    pub(super) const RECENT: Self = Self { projection: None, consistent: false };

    /// Some attributes, as every commit before left them.
    pub(super) const fn only(projection: &'static str) -> Self {
        Self { projection: Some(projection), consistent: true }
    }
}

/// Keys still to be read, and items found so far.
struct Asked<'a> {
    wanted: KeysAndAttributes,
    found: &'a mut Vec<Item>,
}

/// Reason why items were not fetched.
enum NotFetched {
    /// An answer contained no items.
    Throttled,
    /// Another try is of no use.
    Final(Unavailable),
}

impl DynamoStore {
    /// Returns the items of `table` under `keys` that exist, in any order. No two keys may be the same.
    pub(super) async fn fetch(
        &self,
        table: &str,
        mut keys: Vec<Item>,
        how: How,
    ) -> Result<Vec<Item>, Unavailable> {
        match keys.len() {
            0 => Ok(Vec::new()),
            1 => Ok(self.fetch_one(table, keys.remove(0), how).await?.into_iter().collect()),
            _ => {
                let mut found = Vec::with_capacity(keys.len());
                for some in keys.chunks(MOST) {
                    self.fetch_some(table, some, how, &mut found).await?;
                }
                Ok(found)
            }
        }
    }

    /// Returns the item of `table` under `key`.
    pub(super) async fn fetch_one(
        &self,
        table: &str,
        key: Item,
        how: How,
    ) -> Result<Option<Item>, Unavailable> {
        let get = self.client.get_item().table_name(table).set_key(Some(key));
        let get = get.consistent_read(how.consistent);
        let got = get.set_projection_expression(how.projection.map(str::to_owned)).send().await;
        Ok(got.map_err(|error| unavailable("reading an item", error))?.item)
    }

    /// Fetches items, and repeats the call for those that it leaves unprocessed, as it does when it
    /// is throttled or its answer would be too large.
    async fn fetch_some(
        &self,
        table: &str,
        keys: &[Item],
        how: How,
        found: &mut Vec<Item>,
    ) -> Result<(), Unavailable> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.to_vec()))
            .consistent_read(how.consistent)
            .set_projection_expression(how.projection.map(str::to_owned))
            .build()
            .map_err(incomplete)?;
        let (_, fetched) = (|asked| self.try_fetch(table, asked))
            .retry(self.backoff())
            .sleep(sleeper(&self.clock))
            .context(Asked { wanted, found })
            .when(|why| matches!(why, NotFetched::Throttled))
            .await;
        fetched.map_err(|why| match why {
            NotFetched::Throttled => {
                Unavailable::new(WHAT, "throttled: too many items were requested at once")
            }
            NotFetched::Final(why) => why,
        })
    }

    /// Repeats the call for as long as every answer contains items, because that is progress,
    /// whatever it leaves unprocessed.
    async fn try_fetch<'a>(
        &self,
        table: &str,
        mut asked: Asked<'a>,
    ) -> (Asked<'a>, Result<(), NotFetched>) {
        loop {
            let before = asked.found.len();
            let batch = self.client.batch_get_item().request_items(table, asked.wanted.clone());
            match batch.send().await {
                Ok(mut answer) => {
                    let items = answer.responses.as_mut().and_then(|tables| tables.remove(table));
                    asked.found.extend(items.unwrap_or_default());
                    let left = answer.unprocessed_keys.and_then(|mut left| left.remove(table));
                    match left.filter(|left| !left.keys.is_empty()) {
                        None => return (asked, Ok(())),
                        Some(left) => asked.wanted = left,
                    }
                }
                Err(error) if is_passing(&error) => {}
                Err(error) => return (asked, Err(NotFetched::Final(unavailable(WHAT, error)))),
            }
            if asked.found.len() == before {
                return (asked, Err(NotFetched::Throttled));
            }
        }
    }
}
