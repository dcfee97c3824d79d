//! Token buckets as items: the time at which a bucket is full, moved by conditional updates.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
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

/// Longest time for which turns are given in advance: what waits longer is gone, because events are kept
/// for a month and a day at most where nothing else is set.
const LONGEST_DEBT: Duration = Duration::from_hours(24 * 62);

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
        let swept = now.plus(rate.period).plus(KEPT_FOR);
        let mut call = self
            .update(budget, (update, condition), (full.nanos(), swept))
            .return_values(ReturnValue::UpdatedNew);
        call = if is_full {
            call.expression_attribute_values(":after", number(after.nanos()))
        } else {
            let room = full.nanos() + rate.period.as_nanos() - cost;
            call.expression_attribute_values(":cost", number(cost))
                .expression_attribute_values(":room", number(room))
        };
        told(call).await?.ok_or_else(|| Unavailable::new(COUNTING, "the answer has no bucket"))
    }

    /// Takes one from the bucket of `budget` for a turn, which is expected to be full or not as `expected`
    /// is; it may owe tokens.
    pub(super) async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        expected: Bucket,
        now: Timestamp,
    ) -> Result<Told, Unavailable> {
        let full = Bucket::full_at_nanos(nanos(now));
        let after = full.reserve(rate, now);
        let is_full = expected.is_full(now);
        let (update, condition) = if is_full {
            (
                "SET full_at = :after, expires_at = :swept",
                "attribute_not_exists(full_at) OR full_at <= :now",
            )
        } else {
            ("SET full_at = full_at + :cost, expires_at = :swept", "full_at > :now")
        };
        let swept = now.plus(LONGEST_DEBT).plus(rate.period).plus(KEPT_FOR);
        let call = self
            .update(budget, (update, condition), (full.nanos(), swept))
            .return_values(ReturnValue::UpdatedNew);
        let call = if is_full {
            call.expression_attribute_values(":after", number(after.nanos()))
        } else {
            call.expression_attribute_values(":cost", number(after.nanos() - full.nanos()))
        };
        Ok(told(call).await?.unwrap_or(Told::Refused(Bucket::full_at_nanos(0))))
    }

    /// Begins an update of the bucket of `budget`, which is swept after `swept`.
    fn update(
        &self,
        budget: Budget,
        (update, condition): (&str, &str),
        (now, swept): (u128, Timestamp),
    ) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .key("pk", text(format!("#rate/{budget}")))
            .key("sk", text(SORT))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":swept", number(swept.as_seconds()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// Makes the update; none if it was refused because there is no bucket.
async fn told(call: UpdateItemFluentBuilder) -> Result<Option<Told>, Unavailable> {
    match call.send().await {
        Ok(updated) => {
            let item = updated
                .attributes()
                .ok_or_else(|| Unavailable::new(COUNTING, "the answer has no bucket"))?;
            read(item).map(|bucket| Some(Told::Leased(bucket)))
        }
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                failed.item().map(|item| read(item).map(Told::Refused)).transpose()
            }
            _ => Err(unavailable(COUNTING, error)),
        },
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
