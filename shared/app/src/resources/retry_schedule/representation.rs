//! Retry schedule as the API shows it.

use domain::{Timestamp, delivery::Schedule};
use serde::Serialize;
use utoipa::ToSchema;

/// The retry schedule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetrySchedule)]
pub(super) struct Resource {
    #[schema(example = "retry_schedule")]
    object: &'static str,
    /// Groups of steps, each written `COUNTxSTEP`.
    #[schema(example = "10x1m,24x1h")]
    schedule: String,
    /// Delay of each retry after the first attempt, in milliseconds.
    #[schema(example = json!([60_000, 120_000]))]
    offsets_ms: Vec<i64>,
}

impl From<&Schedule> for Resource {
    fn from(schedule: &Schedule) -> Self {
        let slots = 1..=u16::MAX;
        let due = slots.map_while(|slot| schedule.due(Timestamp::EPOCH, slot));
        Self {
            object: "retry_schedule",
            schedule: schedule.to_string(),
            offsets_ms: due.map(Timestamp::as_millis).collect(),
        }
    }
}
