//! Implementation of the [`Limiter`] port: requests are counted in memory against tokens that are
//! leased in blocks from a counter for each key and minute.
//!
//! A block is an eighth of the tokens left, so blocks shrink as the limit comes near. The counter
//! never exceeds the limit, so no more requests are admitted than it allows; tokens that a process
//! leased and did not use are lost to the others until the minute ends.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    operation::update_item::UpdateItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Timestamp, id::KeyId};
use ports::{Limiter, Unavailable, limiter::Allowance};

use crate::{
    dynamo::{number, read_number, text},
    failure::unavailable,
};

/// Length of a window.
const WINDOW: Duration = Duration::from_mins(1);
const WINDOW_MILLIS: i64 = 60_000;
/// Largest number of tokens in one block.
const LARGEST_BLOCK: u32 = 64;
/// Divisor of the remaining tokens for the size of a block.
const PART: u32 = 8;
/// Time for which a counter is kept after its minute, for a process whose clock is late.
const KEPT_FOR: Duration = Duration::from_mins(5);

/// Limiter that leases the tokens of the current minute in blocks.
pub struct LeasingLimiter {
    client: Client,
    table: String,
    current: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    /// Current minute since the epoch.
    minute: i64,
    keys: HashMap<KeyId, Tokens>,
}

/// Tokens of a key in the current minute, as far as known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tokens {
    /// Number of tokens leased by all processes.
    leased: u32,
    /// Number of tokens leased by this process and not used.
    left: u32,
}

/// Result of a request's look at the tokens.
enum Found {
    Answer(Allowance),
    /// More tokens must be leased in this minute.
    Lease {
        minute: i64,
        block: u32,
    },
}

/// Result of a lease.
enum Leased {
    /// The block was leased; all processes together hold this many.
    Taken(u32),
    /// There were not enough tokens left; this many are leased.
    TooMany(u32),
}

impl LeasingLimiter {
    /// Creates a limiter whose counters are in `views`, a table of [`Tables`](crate::Tables).
    #[must_use]
    pub fn new(client: Client, views: String) -> Self {
        Self { client, table: views, current: Mutex::default() }
    }

    /// Adds `block` to the counter of `key`, if the sum is at most `limit`.
    async fn lease(
        &self,
        key: KeyId,
        minute: i64,
        block: u32,
        limit: u32,
    ) -> Result<Leased, Unavailable> {
        let ends = Timestamp::from_millis((minute + 1) * WINDOW_MILLIS);
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(format!("#rate/{key}")))
            .key("sk", text(minute.to_string()))
            .update_expression("ADD n :block SET expires_at = :swept")
            .condition_expression("attribute_not_exists(n) OR n <= :room")
            .expression_attribute_values(":block", number(block))
            .expression_attribute_values(":room", number(limit.saturating_sub(block)))
            .expression_attribute_values(":swept", number(ends.plus(KEPT_FOR).as_seconds()))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match update.send().await {
            Ok(updated) => {
                let item = updated.attributes().ok_or_else(|| {
                    Unavailable::new("counting a request", "the answer has no count")
                })?;
                read_number(item, "n").map(Leased::Taken)
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let leased = failed.item().map_or(Ok(limit), |item| read_number(item, "n"));
                    leased.map(Leased::TooMany)
                }
                _ => Err(unavailable("counting a request", &error)),
            },
        }
    }

    fn current(&self) -> MutexGuard<'_, Window> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Limiter for LeasingLimiter {
    async fn admit(
        &self,
        key: KeyId,
        limit: u32,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        loop {
            // The loop ends: each turn adds a token, or increases the known number of leased ones.
            let (minute, block) = match self.current().admit(key, limit, now) {
                Found::Answer(allowance) => return Ok(allowance),
                Found::Lease { minute, block } => (minute, block),
            };
            let leased = self.lease(key, minute, block, limit).await?;
            self.current().leased(key, minute, block, &leased);
        }
    }
}

impl Window {
    /// Uses a token of `key`, if this process has one left and the limit allows it.
    fn admit(&mut self, key: KeyId, limit: u32, now: Timestamp) -> Found {
        // A request whose `now` is from before the minute turned counts in the new one.
        let minute = now.as_millis() / WINDOW_MILLIS;
        if minute > self.minute {
            *self = Self { minute, keys: HashMap::new() };
        }
        let tokens = self.keys.entry(key).or_default();
        let used = tokens.leased.saturating_sub(tokens.left);
        let admitted = used < limit && tokens.left > 0;
        if used < limit && !admitted {
            let block = ((limit - used) / PART).clamp(1, LARGEST_BLOCK);
            return Found::Lease { minute: self.minute, block };
        }
        tokens.left -= u32::from(admitted);
        Found::Answer(Allowance {
            limit,
            remaining: limit.saturating_sub(used + u32::from(admitted)),
            resets_at: Timestamp::from_millis(self.minute * WINDOW_MILLIS).plus(WINDOW),
            admitted,
        })
    }

    fn leased(&mut self, key: KeyId, minute: i64, block: u32, leased: &Leased) {
        if minute != self.minute {
            return;
        }
        let tokens = self.keys.entry(key).or_default();
        let (by_all, here) = match leased {
            Leased::Taken(by_all) => (*by_all, block),
            Leased::TooMany(by_all) => (*by_all, 0),
        };
        tokens.leased = tokens.leased.max(by_all);
        tokens.left += here;
    }
}
