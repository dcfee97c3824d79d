//! Items that are written apart from a transaction: before it, or after it.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::delete_item::DeleteItemError,
    types::{PutRequest, WriteRequest},
};
use backon::RetryableWithContext as _;
use futures_util::future::{join_all, try_join_all};
use ports::{Chain, Unavailable, clock::sleeper};

use super::{
    DynamoStore,
    attributes::{Entered, Item, number, views_key},
};
use crate::failure::{incomplete, is_passing, unavailable};

/// Largest number of items of one `BatchWriteItem` (DynamoDB API reference).
const MOST: usize = 25;
const WHAT: &str = "writing items";

/// Reason why items were not put.
enum NotPut {
    /// None of them was.
    Throttled,
    /// Another try is of no use.
    Final(Unavailable),
}

impl DynamoStore {
    /// Puts `items`, no two of which have the same key, whatever is there. If it fails, some may have
    /// been put.
    pub(super) async fn put_all(&self, items: &[Item]) -> Result<(), Unavailable> {
        try_join_all(items.chunks(MOST).map(|some| self.put_some(some))).await.map(|_| ())
    }

    async fn put_some(&self, items: &[Item]) -> Result<(), Unavailable> {
        let request = |item: &Item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build();
            Ok(WriteRequest::builder().put_request(put.map_err(incomplete)?).build())
        };
        let requests: Vec<WriteRequest> =
            items.iter().map(request).collect::<Result<_, Unavailable>>()?;
        let (_, put) = (|requests| self.try_put(requests))
            .retry(self.backoff())
            .sleep(sleeper(&self.clock))
            .context(requests)
            .when(|why| matches!(why, NotPut::Throttled))
            .await;
        put.map_err(|why| match why {
            NotPut::Throttled => Unavailable::new(WHAT, "throttled: too many were written at once"),
            NotPut::Final(why) => why,
        })
    }

    /// Repeats the call for as long as every answer tells of progress, whatever it leaves unprocessed.
    async fn try_put(
        &self,
        mut requests: Vec<WriteRequest>,
    ) -> (Vec<WriteRequest>, Result<(), NotPut>) {
        let table = &self.tables.views;
        loop {
            let asked = HashMap::from([(table.clone(), requests.clone())]);
            let before = requests.len();
            match self.client.batch_write_item().set_request_items(Some(asked)).send().await {
                Ok(answer) => {
                    let left = answer.unprocessed_items.and_then(|mut left| left.remove(table));
                    requests = left.unwrap_or_default();
                }
                Err(error) if is_passing(&error) => {}
                Err(error) => {
                    return (requests, Err(NotPut::Final(unavailable(WHAT, error))));
                }
            }
            if requests.is_empty() {
                return (requests, Ok(()));
            }
            if requests.len() == before {
                return (requests, Err(NotPut::Throttled));
            }
        }
    }

    /// Deletes index entries that their documents no longer have, unless another put has entered them
    /// again since. What stays is passed over by readers, and expires.
    pub(super) async fn let_go(&self, entries: &[Entered]) {
        for deleted in join_all(entries.iter().map(|entered| self.let_one_go(entered))).await {
            if let Err(why) = deleted {
                tracing::warn!(error = %Chain(&why), "an index entry could not be deleted");
            }
        }
    }

    async fn let_one_go(&self, Entered { entry, by }: &Entered) -> Result<(), Unavailable> {
        let mut delete = self
            .client
            .delete_item()
            .table_name(&self.tables.views)
            .set_key(Some(views_key(entry.partition.as_str(), &entry.sort)))
            .expression_attribute_names("#by", "by");
        delete = match by {
            None => delete.condition_expression("attribute_not_exists(#by)"),
            Some(by) => delete
                .condition_expression("#by = :by")
                .expression_attribute_values(":by", number(by)),
        };
        match delete.send().await.as_ref().map_err(SdkError::as_service_error) {
            Ok(_) | Err(Some(DeleteItemError::ConditionalCheckFailedException(_))) => Ok(()),
            Err(_) => Err(Unavailable::new("deleting an index entry", "it was refused")),
        }
    }
}
