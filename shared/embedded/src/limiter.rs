//! Rate limits in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{Timestamp, id::KeyId};
use ports::{Limiter, Unavailable, limiter::Allowance};

/// The length of a window.
const WINDOW_MILLIS: i64 = 60_000;

/// Rate limiter that counts each key's requests per minute of the wall clock.
///
/// Only the current minute is kept, so memory is bounded by the keys used within one. A restart
/// resets the counts.
#[derive(Debug, Default)]
pub struct MemoryLimiter {
    current: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    /// Current minute since the epoch.
    minute: i64,
    counts: HashMap<KeyId, u32>,
}

#[async_trait]
impl Limiter for MemoryLimiter {
    async fn admit(
        &self,
        key: KeyId,
        limit: u32,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        let mut window = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance_to(now.as_millis() / WINDOW_MILLIS);
        let count = window.counts.entry(key).or_default();
        let admitted = *count < limit;
        *count += u32::from(admitted);
        Ok(Allowance {
            limit,
            remaining: limit.saturating_sub(*count),
            resets_at: Timestamp::from_millis((window.minute + 1) * WINDOW_MILLIS),
            admitted,
        })
    }
}

impl Window {
    /// Moves to the minute of `now`; a request with an earlier time counts in the current minute.
    fn advance_to(&mut self, minute: i64) {
        if minute > self.minute {
            *self = Self { minute, counts: HashMap::new() };
        }
    }
}
