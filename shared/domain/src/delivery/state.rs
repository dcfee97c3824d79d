//! The state of a delivery and the rule of what follows an attempt.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Next, Schedule, Task, Trigger};
use crate::{
    id::{LogId, MessageId},
    kinds::vocabulary,
    time::Timestamp,
};

vocabulary! {
    /// Where a delivery stands.
    Status {
        /// Accepted, not yet attempted.
        Pending = "pending",
        /// Attempted without success; more attempts are to come.
        Retrying = "retrying",
        /// Acknowledged by the receiver with a 2xx.
        Delivered = "delivered",
        /// Every attempt of the schedule failed.
        Exhausted = "exhausted",
        /// Its webhook was disabled or deleted, or its account closed, before it was delivered.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Whether the schedule still has something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Retrying)
    }
}

/// The state of a delivery.
///
/// A delivery that was never attempted has no document of its own: it is [`Delivery::accepted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Where it stands, as far as its own history tells; see [`Delivery::standing`].
    pub status: Status,
    /// Which run of the schedule it is in.
    pub run: u32,
    /// Its webhook's generation when this run began. Disabling a webhook begins another, which
    /// cancels every open delivery of the one before without touching it.
    pub generation: u32,
    /// Attempts made, of every trigger and run.
    pub attempts: u32,
    /// When the first attempt of this run began: T of the schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_attempt_at: Option<Timestamp>,
    /// When the next attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextAttempt>,
    /// The HTTP status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_response_status: Option<u16>,
    /// The message that made the last scheduled attempt: the same message again means that its
    /// worker died before it was acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<MessageId>,
    /// Rows of the delivery log, oldest first.
    pub logs: Vec<LogId>,
}

/// The attempt that is to come, and the message that will make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextAttempt {
    /// Its place in the schedule.
    pub slot: u16,
    /// When it is due.
    pub due: Timestamp,
    /// The message that makes it. Should its sender have died before it was sent, another one does.
    pub message: MessageId,
}

/// What a webhook lets its deliveries do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It takes deliveries of this generation.
    Open {
        /// The webhook's generation.
        generation: u32,
    },
    /// It takes none: disabled, deleted, or its account is closed.
    Closed,
}

/// An attempt that was made.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// The message that asked for it.
    pub message: MessageId,
    /// What the message asked for.
    pub task: Task,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The answer's HTTP status, if there was an answer.
    pub response_status: Option<u16>,
    /// Whether it failed in a way that no further attempt can mend.
    pub is_final: bool,
    /// The answer's `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The row of the delivery log that tells of it.
    pub log: LogId,
    /// The name for the next message, should there be one.
    pub next_message: MessageId,
}

impl Made {
    /// Whether the receiver acknowledged: any 2xx.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.response_status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Before when the receiver asked not to be tried again: `Retry-After` means that on 429 and
    /// 503 (Standard Webhooks 1.0.0), and nothing on any other answer.
    fn asked_to_wait_until(&self) -> Option<Timestamp> {
        let may_ask = matches!(self.response_status, Some(429 | 503));
        self.retry_after.filter(|_| may_ask).map(|after| self.ended.plus(after))
    }
}

/// What an attempt does beyond its own delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    None,
    /// The receiver answered 410: the webhook is to be disabled.
    WebhookGone,
}

/// What follows an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// The delivery's new state.
    pub delivery: Delivery,
    /// The next attempt to queue.
    pub next: Option<NextAttempt>,
    /// What else follows.
    pub consequence: Consequence,
}

/// Receivers' status for an endpoint that is gone for good (Standard Webhooks 1.0.0).
const GONE: u16 = 410;

impl Delivery {
    /// A delivery as its event's acceptance leaves it.
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

    /// Where it stands, given what its webhook lets it do.
    #[must_use]
    pub fn standing(&self, webhook: Standing) -> Status {
        let current = webhook == Standing::Open { generation: self.generation };
        if self.status.is_open() && !current { Status::Cancelled } else { self.status }
    }

    /// Whether `task` is still to be done: not settled, not stale, not already made.
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

    /// The message that a dead worker may have left unsent: `message` made the last attempt, and
    /// another was to follow.
    #[must_use]
    pub fn unsent_after(&self, message: MessageId) -> Option<NextAttempt> {
        (self.last_message == Some(message) && self.status.is_open()).then_some(self.next).flatten()
    }

    /// Marks it cancelled for good.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.status = Status::Cancelled;
        self.next = None;
        self
    }

    /// Begins another run of the schedule, for a webhook that is at `generation`.
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

    /// What follows an attempt. `self` and `webhook` are as they stand when it is recorded, which
    /// may be otherwise than when it began. A failed resend, and a failed attempt that another one
    /// overtook, are counted but change nothing about what is to come.
    #[must_use]
    pub fn attempted(mut self, made: &Made, schedule: &Schedule, webhook: Standing) -> Attempted {
        let wanted = self.wants(&made.task, webhook);
        let cancelled = self.standing(webhook) == Status::Cancelled;
        self.attempts += 1;
        self.logs.push(made.log);
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
