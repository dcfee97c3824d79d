//! Reads of documents by their keys.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_get_items::TransactGetItemsError,
    types::{Get, TransactGetItem},
};
use backon::Retryable as _;
use domain::Timestamp;
use ports::{
    Corrupt, ReadError, Unavailable,
    clock::sleeper,
    store::{Document, Key},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key, expiry, key_of, read_number},
    batch::How,
    body, numbers,
};
use crate::failure::{incomplete, is_passing, unavailable};

/// Largest number of items of one `TransactGetItems` (DynamoDB API reference).
const MOST: usize = 100;
const WHAT: &str = "reading documents";

impl DynamoStore {
    /// Returns the documents under `keys`, in their order: one by a plain read, more by a
    /// transaction that sees them all at one moment. If they need several calls, each hundred is of
    /// its own moment.
    pub(super) async fn documents(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        let distinct: Vec<&Key> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut found = HashMap::with_capacity(distinct.len());
        for some in distinct.chunks(MOST) {
            let items = match some {
                [one] => self
                    .fetch_one(&self.tables.views, document_key(one), How::WHOLE)
                    .await?
                    .into_iter()
                    .collect(),
                some => self.at_one_moment(some).await?,
            };
            let now = self.clock.now();
            for item in &items {
                if let Some(document) = document(item, now)? {
                    found.insert(document.key.clone(), document);
                }
            }
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn at_one_moment(&self, keys: &[&Key]) -> Result<Vec<Item>, Unavailable> {
        let gets = keys.iter().map(|key| {
            let table = &self.tables.views;
            let get = Get::builder().table_name(table).set_key(Some(document_key(key))).build();
            Ok(TransactGetItem::builder().get(get.map_err(incomplete)?).build())
        });
        let gets: Vec<_> = gets.collect::<Result<_, Unavailable>>()?;
        let get = || self.client.transact_get_items().set_transact_items(Some(gets.clone())).send();
        let is_conflict = |error: &SdkError<TransactGetItemsError>| {
            let error = error.as_service_error();
            error.is_some_and(TransactGetItemsError::is_transaction_canceled_exception)
        };
        let answer = get
            .retry(self.backoff())
            .sleep(sleeper(&self.clock))
            .when(|error| is_conflict(error) || is_passing(error))
            .await;
        let found = answer.map_err(|error| unavailable(WHAT, error))?.responses.unwrap_or_default();
        if found.len() != gets.len() {
            return Err(Unavailable::new(WHAT, "the answer lacks some of them"));
        }
        Ok(found.into_iter().filter_map(|one| one.item).collect())
    }
}

/// Returns the document in `item`; `None` if it has expired at `now`.
pub(super) fn document(item: &Item, now: Timestamp) -> Result<Option<Document>, Corrupt> {
    let expires_at = expiry(item)?;
    if expires_at.is_some_and(|at| at <= now) {
        return Ok(None);
    }
    let key = key_of(item)?;
    if let Some(body) = numbers::body(item)? {
        return Ok(Some(Document { key, revision: 1, expires_at, body }));
    }
    let (revision, body) = (read_number(item, "revision")?, body::read(item)?);
    Ok(Some(Document { key, revision, expires_at, body }))
}
