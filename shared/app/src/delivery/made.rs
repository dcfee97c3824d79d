//! Report of an attempt, for metrics.

use std::time::Duration;

use domain::{
    delivery::{Delivery, Made, Status, Trigger},
    id::LogId,
};
use ports::queue::Message;

use super::event::AcceptedEvent;

/// Attempt that was made, with the resulting status of its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptMade {
    /// Row of the delivery log for the attempt.
    pub log: LogId,
    /// Number of the attempt within its delivery, from 1.
    pub attempt: u32,
    /// True if the receiver acknowledged.
    pub succeeded: bool,
    /// Status of the delivery after the attempt.
    pub status: Status,
    /// Delay between the due time and the start.
    pub late: Duration,
    /// Time from the event's acceptance to the receiver's acknowledgement; none if it did not
    /// acknowledge, or if somebody asked for the attempt later.
    pub end_to_end: Option<Duration>,
}

impl AttemptMade {
    pub(super) fn of(
        message: &Message,
        event: &AcceptedEvent,
        made: &Made,
        delivery: &Delivery,
    ) -> Self {
        let asked_for = matches!(made.task.trigger, Trigger::Resend | Trigger::Recover);
        let end_to_end = made.ended.since(event.accepted_at);
        Self {
            log: made.log,
            attempt: delivery.attempts,
            succeeded: made.succeeded(),
            status: delivery.status,
            late: made.began.since(message.due),
            end_to_end: (made.succeeded() && !asked_for).then_some(end_to_end),
        }
    }
}
