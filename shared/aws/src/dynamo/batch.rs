//! Batch reads: many items by their keys in one call.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use backon::RetryableWithContext as _;
use ports::{Unavailable, clock::sleeper};

use super::{DynamoStore, attributes::Item};
use crate::failure::{incomplete, is_passing, unavailable};

/// Largest number of items of one `BatchGetItem` (DynamoDB API reference).
const MOST: usize = 100;
const WHAT: &str = "reading items";

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
    /// Returns the items of `table` under `keys` that exist, in any order, each as every commit
    /// before left it; `projection` names the wanted attributes, if not all are. No two keys may be
    /// the same.
    pub(super) async fn fetch(
        &self,
        table: &str,
        mut keys: Vec<Item>,
        projection: Option<&'static str>,
    ) -> Result<Vec<Item>, Unavailable> {
        match keys.len() {
            0 => Ok(Vec::new()),
            1 => Ok(self.fetch_one(table, keys.remove(0), projection).await?.into_iter().collect()),
            _ => {
                let mut found = Vec::with_capacity(keys.len());
                for some in keys.chunks(MOST) {
                    self.fetch_some(table, some, projection, &mut found).await?;
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
        projection: Option<&'static str>,
    ) -> Result<Option<Item>, Unavailable> {
        let get = self.client.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
        let got = get.set_projection_expression(projection.map(str::to_owned)).send().await;
        Ok(got.map_err(|error| unavailable("reading an item", error))?.item)
    }

    /// Fetches items, and repeats the call for those that it leaves unprocessed, as it does when it
    /// is throttled or its answer would be too large.
    async fn fetch_some(
        &self,
        table: &str,
        keys: &[Item],
        projection: Option<&'static str>,
        found: &mut Vec<Item>,
    ) -> Result<(), Unavailable> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.to_vec()))
            .consistent_read(true)
            .set_projection_expression(projection.map(str::to_owned))
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
