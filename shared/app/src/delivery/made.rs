//! What is told of an attempt to whoever counts.

use std::time::Duration;

use domain::{
    delivery::{Delivery, Made, Status, Trigger},
    id::LogId,
};
use ports::queue::Message;

use super::event::AcceptedEvent;

/// An attempt that was made, and how its delivery stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptMade {
    /// The row of the delivery log that tells of it.
    pub log: LogId,
    /// Which attempt of its delivery it was, from 1.
    pub attempt: u32,
    /// Whether the receiver acknowledged.
    pub succeeded: bool,
    /// How the delivery stands now.
    pub status: Status,
    /// How long after it was due it began.
    pub late: Duration,
    /// From the event's acceptance until the receiver acknowledged; none where it did not, or where
    /// somebody asked for the attempt later on.
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
