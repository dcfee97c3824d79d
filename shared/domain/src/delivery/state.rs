//! State of a delivery, and the rule for what follows an attempt.

use std::time::Duration;

use super::{Next, Schedule, Task, Trigger};
use crate::{
    id::{LogId, MessageId},
    kinds::vocabulary,
    time::Timestamp,
};

vocabulary! {
    /// Status of a delivery.
    Status {
        /// Accepted, not yet attempted.
        Pending = "pending",
        /// Attempted without success; more attempts are to come.
        Retrying = "retrying",
        /// Acknowledged by the receiver with a 2xx.
        Delivered = "delivered",
        /// Every attempt of the schedule failed.
        Exhausted = "exhausted",
        /// The webhook was disabled or deleted, or its account closed, before the delivery
        /// succeeded.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Returns whether the schedule may still make attempts.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Retrying)
    }
}

/// State of a delivery.
///
/// A delivery that was never attempted has no document of its own: its state is
/// [`Delivery::accepted`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Status by the delivery's own history alone; see [`Delivery::standing`].
    pub status: Status,
    /// Current run: 0 at first, one more with each recovery, and with each attempt that is made ahead of
    /// its time.
    pub run: u32,
    /// Generation of the webhook when this run began. Disabling a webhook begins a new generation,
    /// which cancels every open delivery of the previous one without writing to it.
    pub generation: u32,
    /// Number of attempts so far, of every trigger and run.
    pub attempts: u32,
    /// Start of the first attempt since acceptance or recovery: T of the schedule.
    pub first_attempt_at: Option<Timestamp>,
    /// Next attempt, if one is due.
    pub next: Option<NextAttempt>,
    /// HTTP status of the last answer.
    pub last_response_status: Option<u16>,
    /// Message that made the last scheduled attempt. Receiving it again means that its worker died
    /// before acknowledging it.
    pub last_message: Option<MessageId>,
    /// Newest rows of the delivery log, [`MOST_LOGS`] at most, oldest first.
    pub logs: Vec<LogId>,
}

/// Maximum number of log rows that a delivery remembers, so that resends without end don't make its
/// document grow until it can't be stored. It is several whole runs of the usual schedule.
pub const MOST_LOGS: usize = 256;

/// Next attempt, and the message that will make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextAttempt {
    /// Slot in the schedule.
    pub slot: u16,
    /// Due time.
    pub due: Timestamp,
    /// Message that makes the attempt. If the worker dies before sending it, another worker sends
    /// it.
    pub message: MessageId,
}

/// Standing of a webhook: whether its deliveries may be attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The webhook takes deliveries of this generation.
    Open {
        /// The webhook's generation.
        generation: u32,
    },
    /// The webhook takes none: it is disabled, deleted, or its account is closed.
    Closed,
}

/// Attempt that was made, with its result.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Message that asked for the attempt.
    pub message: MessageId,
    /// Task in that message.
    pub task: Task,
    /// Start of the attempt.
    pub began: Timestamp,
    /// End of the attempt.
    pub ended: Timestamp,
    /// HTTP status of the answer, if there was one.
    pub response_status: Option<u16>,
    /// True if the attempt failed in a way that no further attempt can mend.
    pub is_final: bool,
    /// Delay asked for by the answer's `Retry-After` header.
    pub retry_after: Option<Duration>,
    /// Row of the delivery log for this attempt.
    pub log: LogId,
    /// Identifier for the next message, if there is one.
    pub next_message: MessageId,
}

impl Made {
    /// Returns whether the receiver acknowledged, with any 2xx.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.response_status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Returns the time before which the receiver asked not to be called: `Retry-After` means that
    /// on 429 and 503 (Standard Webhooks 1.0.0), and nothing on any other status.
    fn asked_to_wait_until(&self) -> Option<Timestamp> {
        let may_ask = matches!(self.response_status, Some(429 | 503));
        self.retry_after.filter(|_| may_ask).map(|after| self.ended.plus(after))
    }
}

/// Refusal of a command on a delivery for which no attempt is scheduled any more: it is delivered,
/// exhausted or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no attempt is scheduled any more")]
pub struct Settled;

/// Consequence of an attempt beyond its own delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// No consequence.
    None,
    /// The receiver answered 410: the webhook has to be disabled.
    WebhookGone,
}

/// Outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// New state of the delivery.
    pub delivery: Delivery,
    /// Next attempt to queue.
    pub next: Option<NextAttempt>,
    /// Consequence beyond the delivery.
    pub consequence: Consequence,
}

/// HTTP status of an endpoint that is gone for good (Standard Webhooks 1.0.0).
const GONE: u16 = 410;

impl Delivery {
    /// Returns the state of a delivery right after its event's acceptance.
    #[must_use]
    pub const fn accepted(generation: u32) -> Self {
        Self {
            status: Status::Pending,
            run: 0,
            generation,
            attempts: 0,
            first_attempt_at: None,
            next: None,
            last_response_status: None,
            last_message: None,
            logs: Vec::new(),
        }
    }

    /// Returns the status, given the standing of the webhook.
    #[must_use]
    pub fn standing(&self, webhook: Standing) -> Status {
        let current = webhook == Standing::Open { generation: self.generation };
        if self.status.is_open() && !current { Status::Cancelled } else { self.status }
    }

    /// Returns whether `task` still has to be done: the delivery is not settled, the task not stale
    /// and its attempt not already made.
    #[must_use]
    pub fn wants(&self, task: &Task, webhook: Standing) -> bool {
        if task.trigger == Trigger::Resend {
            return matches!(webhook, Standing::Open { .. });
        }
        let reached = match self.next {
            Some(next) => task.slot >= next.slot,
            None => self.first_attempt_at.is_none(),
        };
        self.standing(webhook).is_open() && task.run == self.run && reached
    }

    /// Returns the next attempt whose message may never have been sent, if `message` made the last
    /// attempt and its worker died before sending.
    #[must_use]
    pub fn unsent_after(&self, message: MessageId) -> Option<NextAttempt> {
        (self.last_message == Some(message) && self.status.is_open()).then_some(self.next).flatten()
    }

    /// Marks the delivery as cancelled for good.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.status = Status::Cancelled;
        self.next = None;
        self
    }

    /// Makes the next scheduled attempt due `now`, by `message`: it takes its slot, and later slots
    /// keep their times. Begins another run, so that the message that waits for the slot's own time is
    /// stale. Returns none if the attempt is due already, or under way.
    ///
    /// # Errors
    /// [`Settled`], when nothing is scheduled any more.
    pub fn advanced(
        mut self,
        webhook: Standing,
        now: Timestamp,
        message: MessageId,
    ) -> Result<Option<Self>, Settled> {
        if !self.standing(webhook).is_open() {
            return Err(Settled);
        }
        let Some(next) = self.next.filter(|next| now < next.due) else { return Ok(None) };
        self.run += 1;
        self.next = Some(NextAttempt { due: now, message, ..next });
        self.last_message = None;
        Ok(Some(self))
    }

    /// Begins another run of the schedule, for a webhook at `generation`.
    #[must_use]
    pub fn recovered(mut self, generation: u32) -> Self {
        self.status = Status::Pending;
        self.run += 1;
        self.generation = generation;
        self.first_attempt_at = None;
        self.next = None;
        self.last_message = None;
        self
    }

    /// Applies an attempt. `self` and `webhook` are as they are when the attempt is recorded, which
    /// may differ from when it began. A failed resend, and a failed attempt that another one
    /// overtook, are counted but change nothing about the next attempt.
    #[must_use]
    pub fn attempted(mut self, made: &Made, schedule: &Schedule, webhook: Standing) -> Attempted {
        let wanted = self.wants(&made.task, webhook);
        let cancelled = self.standing(webhook) == Status::Cancelled;
        self.attempts += 1;
        self.logs.push(made.log);
        self.logs.drain(..self.logs.len().saturating_sub(MOST_LOGS));
        self.last_response_status = made.response_status.or(self.last_response_status);
        if made.succeeded() {
            self.status = Status::Delivered;
            self.next = None;
            return self.settled(made, Consequence::None);
        }
        if made.response_status == Some(GONE) && wanted {
            let delivery = if self.status.is_open() { self.cancelled() } else { self };
            return delivery.settled(made, Consequence::WebhookGone);
        }
        let is_scheduled = made.task.trigger != Trigger::Resend;
        if is_scheduled && wanted {
            self.follow(made, schedule)
        } else if is_scheduled && cancelled {
            self.cancelled().settled(made, Consequence::None)
        } else {
            Attempted { delivery: self, next: None, consequence: Consequence::None }
        }
    }

    fn settled(mut self, made: &Made, consequence: Consequence) -> Attempted {
        self.last_message = Some(made.message);
        Attempted { delivery: self, next: None, consequence }
    }

    fn follow(mut self, made: &Made, schedule: &Schedule) -> Attempted {
        let first = *self.first_attempt_at.get_or_insert(made.began);
        let not_before = made.asked_to_wait_until().unwrap_or(made.began);
        let next = schedule.next(first, made.task.slot, made.began, not_before);
        self.next = next.filter(|_| !made.is_final).map(|Next { slot, due }| NextAttempt {
            slot,
            due,
            message: made.next_message,
        });
        self.status = if self.next.is_some() { Status::Retrying } else { Status::Exhausted };
        let next = self.next;
        Attempted { next, ..self.settled(made, Consequence::None) }
    }
}
