//! Contract suite of [`Limiter`].

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::{sync::Arc, time::Duration};

use domain::{
    Rate, Timestamp,
    id::{AccountId, KeyId, PortalSessionId, Ulid, WebhookId},
    limits::{NotARate, OwnRate},
};
use ports::{
    Limiter,
    limiter::{Allowance, Budget, Network, Use},
};

/// Fixture of the suite: a limiter that has counted nothing.
pub struct Fixture {
    /// Limiter under test.
    pub limiter: Arc<dyn Limiter>,
    /// Time at which the suite begins.
    pub begin: Timestamp,
}

/// Generates the suite's tests.
#[macro_export]
macro_rules! limiter_suite {
    ($fixture:path) => {
        $crate::promises! { $fixture, limiter:
            a_budget_starts_full_and_is_refused_when_it_is_empty
            a_used_budget_fills_evenly
            an_unused_budget_holds_no_more_than_its_limit
            budgets_are_counted_apart
            an_amount_is_taken_whole_or_not_at_all
            what_is_put_back_can_be_taken_again
            a_limit_that_changes_counts_at_once
            refusals_take_nothing
            turns_are_given_one_after_another
            turns_of_another_rate_are_counted_apart
        }
    };
}

const ID: Ulid = Ulid::from_parts(0, 1);
const OTHER_ID: Ulid = Ulid::from_parts(0, 2);
const BUDGET: Budget = Budget::Account(AccountId(ID), Use::Requests);

/// A budget is full at first, and gets smaller by what is taken, each time with the rest and the
/// time at which it is full again.
pub async fn a_budget_starts_full_and_is_refused_when_it_is_empty(backend: &Fixture) {
    let rate = Rate::per_minute(3);
    for (taken, remaining) in [(1, 2), (2, 1), (3, 0)] {
        let allowance = take(backend, BUDGET, rate, 1, 0).await;
        let resets_at = backend.begin.plus(Duration::from_secs(20 * taken));
        let wait = Duration::ZERO;
        let expected = Allowance { limit: 3, remaining, resets_at, admitted: true, wait };
        assert_eq!(allowance, expected);
    }
    let refused = take(backend, BUDGET, rate, 1, 5).await;
    let resets_at = backend.begin.plus(Duration::from_mins(1));
    let wait = Duration::from_secs(15);
    let expected = Allowance { limit: 3, remaining: 0, resets_at, admitted: false, wait };
    assert_eq!(refused, expected);
}

/// Tokens that were taken come back bit by bit, not at the end of a minute.
pub async fn a_used_budget_fills_evenly(backend: &Fixture) {
    let rate = Rate::per_minute(3);
    assert!(take(backend, BUDGET, rate, 3, 0).await.admitted);
    for (second, admitted) in [(19, false), (20, true), (20, false), (59, true), (60, true)] {
        let allowance = take(backend, BUDGET, rate, 1, second).await;
        assert_eq!(allowance.admitted, admitted, "at {second} s");
    }
}

/// Time alone adds nothing to a full budget.
pub async fn an_unused_budget_holds_no_more_than_its_limit(backend: &Fixture) {
    let rate = Rate::per_minute(2);
    assert!(take(backend, BUDGET, rate, 1, 0).await.admitted);
    for admitted in [true, true, false] {
        assert_eq!(take(backend, BUDGET, rate, 1, 86_400).await.admitted, admitted);
    }
}

/// Another account, and another use of the same account, has a budget of its own.
pub async fn budgets_are_counted_apart(backend: &Fixture) {
    let (rate, account) = (Rate::per_minute(1), AccountId(ID));
    let budgets = [
        BUDGET,
        Budget::Account(AccountId(OTHER_ID), Use::Requests),
        Budget::Account(account, Use::Key(KeyId(ID))),
        Budget::Account(account, Use::Key(KeyId(OTHER_ID))),
        Budget::Account(AccountId(OTHER_ID), Use::Key(KeyId(ID))),
        Budget::Account(account, Use::PortalSession(PortalSessionId(ID))),
        Budget::Account(account, Use::LogBytes),
        Budget::Account(account, Use::Pings(WebhookId(ID))),
        Budget::Account(account, Use::Resends(WebhookId(ID))),
        Budget::Account(account, Use::Changes),
        Budget::Account(account, Use::Openings),
        Budget::SignIn(Network::from(None)),
        Budget::SignIn(Network::from(Some([192, 0, 2, 1].into()))),
    ];
    for budget in budgets {
        assert!(take(backend, budget, rate, 1, 0).await.admitted, "{budget}");
    }
    for budget in budgets {
        assert!(!take(backend, budget, rate, 1, 0).await.admitted, "{budget}");
    }
}

/// An amount that is more than what is left takes nothing.
pub async fn an_amount_is_taken_whole_or_not_at_all(backend: &Fixture) {
    let rate = Rate::per_day(1000);
    for (amount, admitted) in [(600, true), (600, false), (400, true), (1, false), (2000, false)] {
        let allowance = take(backend, BUDGET, rate, amount, 0).await;
        assert_eq!(allowance.admitted, admitted, "{amount}");
    }
}

/// Tokens that are put back are there for the next.
pub async fn what_is_put_back_can_be_taken_again(backend: &Fixture) {
    let rate = Rate::per_minute(2);
    for _ in 0..10 {
        assert!(take(backend, BUDGET, rate, 1, 0).await.admitted);
        backend.limiter.put_back(BUDGET, rate, 1).await;
    }
    for admitted in [true, true, false] {
        assert_eq!(take(backend, BUDGET, rate, 1, 0).await.admitted, admitted);
    }
}

/// The part of a budget that was used stays used when its limit changes.
pub async fn a_limit_that_changes_counts_at_once(backend: &Fixture) {
    assert!(take(backend, BUDGET, Rate::per_minute(2), 1, 0).await.admitted);
    let raised = take(backend, BUDGET, Rate::per_minute(10), 1, 0).await;
    assert_eq!((raised.limit, raised.remaining, raised.admitted), (10, 4, true));
    assert!(!take(backend, BUDGET, Rate::per_minute(1), 1, 0).await.admitted);
}

/// However often an empty budget is asked, it is full at the same time.
pub async fn refusals_take_nothing(backend: &Fixture) {
    let rate = Rate::per_minute(1);
    assert!(take(backend, BUDGET, rate, 1, 0).await.admitted);
    for second in 1..60 {
        assert!(!take(backend, BUDGET, rate, 1, second).await.admitted);
    }
    assert!(take(backend, BUDGET, rate, 1, 60).await.admitted);
}

/// Turns are given at once while something is left, and then as evenly as it comes back.
pub async fn turns_are_given_one_after_another(backend: &Fixture) {
    let budget = attempts(OwnRate::new(3, 60));
    for (asked, expected) in
        [(0, 0), (0, 0), (1, 1), (1, 20), (1, 40), (30, 60), (90, 90), (90, 100)]
    {
        assert_eq!(
            turn(backend, budget, Rate::per_minute(3), asked).await,
            expected,
            "at {asked} s"
        );
    }
    assert_eq!(turn(backend, budget, Rate::per_minute(3), 3600).await, 3600);
}

/// A rate that changes has turns of its own, whatever is waited for under the earlier one.
pub async fn turns_of_another_rate_are_counted_apart(backend: &Fixture) {
    let (slow, fast) = (attempts(OwnRate::new(1, 3600)), attempts(OwnRate::new(1, 1)));
    let hourly = Rate { limit: 1, period: Duration::from_hours(1) };
    for expected in [0, 3600, 7200] {
        assert_eq!(turn(backend, slow, hourly, 0).await, expected);
    }
    let a_second = Rate { limit: 1, period: Duration::from_secs(1) };
    for expected in [0, 1, 2] {
        assert_eq!(turn(backend, fast, a_second, 0).await, expected);
    }
}

fn attempts(rate: Result<OwnRate, NotARate>) -> Budget {
    Budget::Attempts(AccountId(ID), WebhookId(ID), rate.unwrap())
}

/// Reserves a turn `second` seconds after the suite's begin; returns its second.
async fn turn(backend: &Fixture, budget: Budget, rate: Rate, second: u64) -> u64 {
    let now = backend.begin.plus(Duration::from_secs(second));
    let turn = backend.limiter.reserve(budget, rate, now).await.unwrap();
    assert!(backend.limiter.knows(turn));
    turn.at.since(backend.begin).as_secs()
}

/// Takes `amount` from `budget`, `second` seconds after the suite's begin.
async fn take(
    backend: &Fixture,
    budget: Budget,
    rate: Rate,
    amount: u64,
    second: u64,
) -> Allowance {
    let now = backend.begin.plus(Duration::from_secs(second));
    backend.limiter.take(budget, rate, amount, now).await.unwrap()
}
