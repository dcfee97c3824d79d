//! Recent attempts at a webhook: how many there were, how many failed, and why.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use domain::{
    Environment, Timestamp,
    delivery::FailureCode,
    id::{AccountId, WebhookId},
};

use super::counts::{self, Cause};
use crate::{Backend, problem::Problem};

/// Time before the present hour that is recent.
const RECENT: Duration = Duration::from_hours(23);

/// Counts of the attempts at a webhook in the present hour and the 23 before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Recent {
    /// Number of attempts.
    pub(crate) attempts: u64,
    /// Number of those that failed.
    pub(crate) failed: u64,
    /// Number of first attempts that failed.
    pub(crate) failed_first: u64,
    /// Number of attempts that took a second or more.
    pub(crate) slow: u64,
    /// Most frequent cause of failure in the newest hour that has one.
    pub(crate) cause: Option<Cause>,
}

impl Recent {
    /// Reads the counts of a webhook.
    pub(crate) async fn of(
        backend: &Backend,
        (account, environment, webhook): (AccountId, Environment, WebhookId),
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let partition = counts::of_webhook(account, environment, webhook);
        let mut recent = Self::default();
        for hour in counts::hours(backend, &[partition], now.minus(RECENT), now).await? {
            let tally = hour.tally();
            recent.attempts += tally.attempts();
            recent.failed += tally.retrying + tally.failed;
            recent.failed_first += hour.failed_first();
            recent.slow += hour.slow();
            let causes: BTreeMap<Cause, u64> = hour.causes().collect();
            let first = causes.into_iter().min_by_key(|(_, number)| Reverse(*number));
            recent.cause = first.map(|(cause, _)| cause).or(recent.cause);
        }
        Ok(recent)
    }
}

impl Cause {
    /// Returns the status of the answer, if there was one.
    pub(crate) const fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(*status),
            Self::Code(_) => None,
        }
    }

    /// Returns the code of the failure.
    pub(crate) const fn code(&self) -> FailureCode {
        match self {
            Self::Status(_) => FailureCode::Status,
            Self::Code(code) => *code,
        }
    }
}
