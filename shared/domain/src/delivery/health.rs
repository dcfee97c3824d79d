//! Health of a webhook by its deliveries, and the rule that disables one that fails them all.

use std::time::Duration;

use super::{Consequence, Made};
use crate::{time::Timestamp, webhook::DisabledReason};

/// Period of failing every delivery after which a webhook is disabled.
const FAILING_TOO_LONG: Duration = Duration::from_hours(60 * 24);

/// Extent of failing of which the operator is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// Time for which everything has failed.
    pub after: Duration,
    /// Number of attempts that failed in that time, at least.
    pub attempts: u64,
}

impl Default for Failing {
    fn default() -> Self {
        Self { after: Duration::from_hours(1), attempts: 10 }
    }
}

/// Health of a webhook: since when all of its deliveries have failed; none while it works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Start of the first attempt since the last success.
    pub failing_since: Option<Timestamp>,
}

impl WebhookHealth {
    /// Returns the health after an attempt. One that was not sent says nothing about the receiver.
    #[must_use]
    pub fn after(self, made: &Made) -> Self {
        if made.succeeded() {
            Self { failing_since: None }
        } else if made.is_final {
            self
        } else {
            Self { failing_since: self.failing_since.or(Some(made.began)) }
        }
    }

    /// Returns the time from which a further failure disables the webhook; none while it works.
    #[must_use]
    pub fn disables_at(self) -> Option<Timestamp> {
        self.failing_since.map(|since| since.plus(FAILING_TOO_LONG))
    }

    /// Returns the reason for which an attempt with this consequence disables the webhook, if it
    /// does; `self` is the health before the attempt.
    #[must_use]
    pub fn disables(self, made: &Made, consequence: Consequence) -> Option<DisabledReason> {
        if consequence == Consequence::WebhookGone {
            return Some(DisabledReason::Gone);
        }
        let fails_too_long = !made.succeeded() && made.began >= self.disables_at()?;
        fails_too_long.then_some(DisabledReason::Failing)
    }

    /// Returns whether an attempt shows that the webhook has failed for as long as the operator is told of,
    /// if that was often enough; `self` is the health before the attempt.
    #[must_use]
    pub fn has_failed_for(self, made: &Made, failing: Failing) -> bool {
        let sent_in_vain = !made.succeeded() && !made.is_final;
        let is_long = |since: Timestamp| made.began >= since.plus(failing.after);
        sent_in_vain && self.failing_since.is_some_and(is_long)
    }
}
