//! Token buckets as items: the time at which a bucket is full, moved by conditional updates.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::UpdateItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Rate, Timestamp, limits::Bucket};
use ports::{Unavailable, limiter::Budget};

use crate::{
    dynamo::{Item, number, read_number, text},
    failure::unavailable,
};

/// Sort key of a bucket.
const SORT: &str = "bucket";
const COUNTING: &str = "counting a request";
/// Attribute with the time at which the bucket is full, in nanoseconds since the epoch.
const FULL_AT: &str = "full_at";
/// Time for which a bucket is kept after it is full, for a process whose clock is late.
const KEPT_FOR: Duration = Duration::from_mins(5);

/// Table of buckets.
pub(super) struct Table {
    client: Client,
    name: String,
}

/// Result of a lease.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told {
    /// The block was leased, and this is the bucket without it.
    Leased(Bucket),
    /// This is the bucket; it is not what was expected, or has less.
    Refused(Bucket),
}

impl Table {
    pub(super) const fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Takes a block from the bucket of `budget`, which is expected to be full or not as `expected`
    /// is: an update can't take the larger of two numbers.
    pub(super) async fn lease(
        &self,
        budget: Budget,
        rate: Rate,
        (expected, block): (Bucket, u64),
        now: Timestamp,
    ) -> Result<Told, Unavailable> {
        let full = Bucket::full_at_nanos(nanos(now));
        // As much was checked by the caller, but another process may have taken it since.
        let Some(after) = full.take(rate, block, now) else { return Ok(Told::Refused(expected)) };
        let cost = after.nanos() - full.nanos();
        let is_full = expected.is_full(now);
        let (update, condition) = if is_full {
            (
                "SET full_at = :after, expires_at = :swept",
                "attribute_not_exists(full_at) OR full_at <= :now",
            )
        } else {
            (
                "SET full_at = full_at + :cost, expires_at = :swept",
                "full_at > :now AND full_at <= :room",
            )
        };
        let swept = now.plus(rate.period).plus(KEPT_FOR).as_seconds();
        let mut call = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", text(format!("#rate/{budget}")))
            .key("sk", text(SORT))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_values(":now", number(full.nanos()))
            .expression_attribute_values(":swept", number(swept))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        call = if is_full {
            call.expression_attribute_values(":after", number(after.nanos()))
        } else {
            let room = full.nanos() + rate.period.as_nanos() - cost;
            call.expression_attribute_values(":cost", number(cost))
                .expression_attribute_values(":room", number(room))
        };
        match call.send().await {
            Ok(updated) => {
                let item = updated
                    .attributes()
                    .ok_or_else(|| Unavailable::new(COUNTING, "the answer has no bucket"))?;
                read(item).map(Told::Leased)
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let item = failed
                        .item()
                        .ok_or_else(|| Unavailable::new(COUNTING, "the answer has no bucket"))?;
                    read(item).map(Told::Refused)
                }
                _ => Err(unavailable(COUNTING, error)),
            },
        }
    }
}

/// Reads the bucket of an item. A damaged one counts as unavailable: the item is swept, and the next
/// one starts full.
fn read(item: &Item) -> Result<Bucket, Unavailable> {
    let full_at = read_number(item, FULL_AT).map_err(|why| Unavailable::new(COUNTING, why))?;
    Ok(Bucket::full_at_nanos(full_at))
}

fn nanos(now: Timestamp) -> u128 {
    Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or_default()).as_nanos()
}
