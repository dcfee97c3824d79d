//! The rules of a delivery.

use std::time::Duration;

use latchhook_domain::{
    Environment, Timestamp,
    delivery::{
        Attempted, Consequence, Delivery, MOST_LOGS, Made, NextAttempt, Schedule, Settled,
        Standing, Status, Task, Trigger,
    },
    id::{EventId, LogId, MessageId, Ulid},
};
use proptest::{option, prelude::*, sample::select};

use crate::{
    specification::minute,
    subjects::{id, instant},
};

const OPEN: Standing = Standing::Open { generation: 0 };
const ENABLED_AGAIN: Standing = Standing::Open { generation: 1 };

fn message(number: u128) -> MessageId {
    MessageId(Ulid::from(number))
}

/// Returns the task of slot `slot` of run 0.
pub(crate) fn scheduled(slot: u16) -> Task {
    Task {
        event: EventId(Ulid::from(1)),
        environment: Environment::Test,
        run: 0,
        slot,
        trigger: Trigger::Schedule,
    }
}

fn resend() -> Task {
    Task { trigger: Trigger::Resend, ..scheduled(0) }
}

/// Returns an attempt by message `slot` that ended within a second with the answer `status`;
/// message `slot + 1` would be the next.
pub(crate) fn made(task: Task, began: Timestamp, status: impl Into<Option<u16>>) -> Made {
    Made {
        message: message(task.slot.into()),
        task,
        began,
        ended: began.plus(Duration::from_secs(1)),
        response_status: status.into(),
        is_final: false,
        retry_after: None,
        log: LogId(Ulid::from(u128::from(task.slot))),
        next_message: message(u128::from(task.slot) + 1),
    }
}

fn by_resend(status: impl Into<Option<u16>>) -> Made {
    Made { message: message(99), next_message: message(100), ..made(resend(), minute(0), status) }
}

fn attempted(delivery: Delivery, made: &Made) -> Attempted {
    delivery.attempted(made, &Schedule::default(), OPEN)
}

/// Returns a delivery whose first attempt failed at minute 0.
fn retrying() -> Delivery {
    attempted(Delivery::accepted(0), &made(scheduled(0), minute(0), 500)).delivery
}

fn delivered() -> Delivery {
    attempted(Delivery::accepted(0), &made(scheduled(0), minute(0), 204)).delivery
}

fn exhausted() -> Delivery {
    let last = minute(10 + 24 * 60);
    attempted(retrying(), &made(scheduled(34), last, None)).delivery
}

#[test]
fn an_accepted_delivery_waits_for_its_first_attempt() {
    let delivery = Delivery::accepted(0);
    assert_eq!((delivery.status, delivery.attempts, delivery.run), (Status::Pending, 0, 0));
    assert!(delivery.wants(&scheduled(0), OPEN));
}

#[test]
fn only_a_2xx_answer_settles_a_delivery_as_delivered() {
    for status in 200..300 {
        let after = attempted(retrying(), &made(scheduled(1), minute(1), status));
        assert_eq!((after.delivery.status, after.next), (Status::Delivered, None), "{status}");
        assert_eq!(after.delivery.next, None);
    }
    for status in [None, Some(100), Some(199), Some(300), Some(302), Some(404), Some(500)] {
        let after = attempted(retrying(), &made(scheduled(1), minute(1), status));
        assert_eq!(after.delivery.status, Status::Retrying, "{status:?}");
    }
}

#[test]
fn a_failure_is_retried_at_the_next_slot_after_the_first_attempt() {
    let first = attempted(Delivery::accepted(0), &made(scheduled(0), minute(0), 500));
    let next = NextAttempt { slot: 1, due: minute(1), message: message(1) };
    assert_eq!(first.next, Some(next));
    assert_eq!(first.delivery.next, Some(next));
    assert_eq!(first.delivery.first_attempt_at, Some(minute(0)));
    let late = minute(1).plus(Duration::from_secs(20));
    let second = attempted(first.delivery, &made(scheduled(1), late, None));
    assert_eq!(second.next, Some(NextAttempt { slot: 2, due: minute(2), message: message(2) }));
    assert_eq!(second.delivery.attempts, 2);
    assert_eq!(second.delivery.logs, [LogId(Ulid::from(0)), LogId(Ulid::from(1))]);
    assert_eq!(second.delivery.last_response_status, Some(500));
}

#[test]
fn a_delivery_is_exhausted_after_its_last_attempt() {
    let exhausted = exhausted();
    assert_eq!((exhausted.status, exhausted.next), (Status::Exhausted, None));
}

#[test]
fn a_final_failure_exhausts_a_delivery_at_once() {
    for (before, task) in [(Delivery::accepted(0), scheduled(0)), (retrying(), scheduled(1))] {
        let hopeless = Made { is_final: true, ..made(task, minute(1), None) };
        let after = attempted(before.clone(), &hopeless);
        assert_eq!((after.delivery.status, after.next), (Status::Exhausted, None));
        assert_eq!((after.delivery.next, after.consequence), (None, Consequence::None));
        assert_eq!(after.delivery.attempts, before.attempts + 1);
        assert!(!after.delivery.recovered(0).logs.is_empty(), "it can be recovered");
    }
    let before = retrying();
    let after = attempted(before.clone(), &Made { is_final: true, ..by_resend(None) });
    assert_eq!((after.delivery.status, after.delivery.next), (before.status, before.next));
}

#[test]
fn retry_after_counts_from_the_answer_and_only_on_429_and_503() {
    let asked = |status| {
        let retry_after = Some(Duration::from_secs(150));
        let made = Made { retry_after, ..made(scheduled(0), minute(0), status) };
        attempted(Delivery::accepted(0), &made).next.unwrap()
    };
    let answered = minute(0).plus(Duration::from_secs(1));
    let due = answered.plus(Duration::from_secs(150));
    for status in [429, 503] {
        assert_eq!(asked(status), NextAttempt { slot: 2, due, message: message(1) });
    }
    for status in [301, 400, 500, 502] {
        let next = NextAttempt { slot: 1, due: minute(1), message: message(1) };
        assert_eq!(asked(status), next, "{status}");
    }
}

#[test]
fn settled_stale_and_repeated_tasks_are_not_wanted() {
    let other_run = Task { run: 1, ..scheduled(1) };
    assert!(retrying().wants(&scheduled(1), OPEN));
    assert!(!retrying().wants(&scheduled(0), OPEN), "made");
    assert!(!retrying().wants(&other_run, OPEN), "of another run");
    for settled in [delivered(), exhausted(), retrying().cancelled()] {
        assert!(!settled.wants(&scheduled(34), OPEN), "{:?}", settled.status);
    }
}

#[test]
fn open_deliveries_are_cancelled_when_the_webhook_is_closed_or_was_disabled() {
    for webhook in [Standing::Closed, ENABLED_AGAIN] {
        for open in [Delivery::accepted(0), retrying()] {
            assert_eq!(open.standing(webhook), Status::Cancelled);
            assert!(!open.wants(&scheduled(1), webhook));
        }
        assert_eq!(delivered().standing(webhook), Status::Delivered);
        assert_eq!(exhausted().standing(webhook), Status::Exhausted);
    }
    assert_eq!(retrying().standing(OPEN), Status::Retrying);
}

#[test]
fn an_attempt_overtaken_by_disabling_counts_but_is_not_retried() {
    for webhook in [Standing::Closed, ENABLED_AGAIN] {
        let attempt = |status| {
            let made = made(scheduled(1), minute(1), status);
            retrying().attempted(&made, &Schedule::default(), webhook)
        };
        let failed = attempt(500);
        assert_eq!((failed.delivery.status, failed.next), (Status::Cancelled, None));
        assert_eq!(failed.delivery.attempts, 2);
        assert_eq!(attempt(410).consequence, Consequence::None);
        assert_eq!(attempt(200).delivery.status, Status::Delivered);
    }
}

#[test]
fn a_410_cancels_the_delivery_and_disables_the_webhook() {
    let after = attempted(retrying(), &made(scheduled(1), minute(1), 410));
    assert_eq!((after.delivery.status, after.next), (Status::Cancelled, None));
    assert_eq!(after.consequence, Consequence::WebhookGone);
}

#[test]
fn a_410_on_a_resend_disables_the_webhook_and_keeps_the_status() {
    for settled in [delivered(), exhausted(), retrying().cancelled()] {
        let after = attempted(settled.clone(), &by_resend(410));
        assert_eq!(after.delivery.status, settled.status);
        assert_eq!(after.consequence, Consequence::WebhookGone);
    }
    let after = attempted(retrying(), &by_resend(410));
    assert_eq!(after.delivery.status, Status::Cancelled);
}

#[test]
fn a_resend_is_wanted_whenever_the_webhook_takes_deliveries() {
    for delivery in [Delivery::accepted(0), retrying(), delivered(), exhausted()] {
        assert!(delivery.wants(&resend(), OPEN));
        assert!(delivery.wants(&resend(), ENABLED_AGAIN));
        assert!(!delivery.wants(&resend(), Standing::Closed));
    }
}

#[test]
fn a_successful_resend_settles_the_delivery() {
    for delivery in [Delivery::accepted(0), retrying(), exhausted(), retrying().cancelled()] {
        let after = attempted(delivery, &by_resend(200));
        assert_eq!((after.delivery.status, after.delivery.next), (Status::Delivered, None));
        assert!(!after.delivery.wants(&scheduled(1), OPEN));
    }
}

#[test]
fn a_delivery_remembers_only_the_newest_rows_of_its_log() {
    let mut delivery = delivered();
    for log in 0..2 * MOST_LOGS as u128 {
        let resent = Made { log: LogId(Ulid::from(log)), ..by_resend(200) };
        delivery = attempted(delivery, &resent).delivery;
    }
    let newest = (MOST_LOGS as u128..2 * MOST_LOGS as u128).map(|log| LogId(Ulid::from(log)));
    assert!(delivery.logs.iter().copied().eq(newest));
    assert!(delivery.attempts > 2 * 256, "all of them are counted");
}

#[test]
fn a_failed_resend_does_not_change_the_schedule() {
    for before in [Delivery::accepted(0), retrying(), delivered(), exhausted()] {
        let after = attempted(before.clone(), &by_resend(500));
        assert_eq!((after.next, after.consequence), (None, Consequence::None));
        let Delivery { attempts, logs, last_response_status, .. } = after.delivery.clone();
        assert_eq!((attempts, last_response_status), (before.attempts + 1, Some(500)));
        assert_eq!(logs.len(), before.logs.len() + 1);
        let beside = Delivery { attempts, logs, last_response_status, ..before };
        assert_eq!(after.delivery, beside);
    }
}

#[test]
fn a_failure_overtaken_by_a_success_does_not_reopen_it() {
    let settled = attempted(retrying(), &by_resend(200)).delivery;
    let after = attempted(settled, &made(scheduled(1), minute(1), 500));
    assert_eq!((after.delivery.status, after.next), (Status::Delivered, None));
    assert_eq!(after.delivery.attempts, 3);
}

#[test]
fn an_attempt_of_an_older_run_does_not_change_the_newer() {
    let recovered = retrying().cancelled().recovered(1);
    let late = made(scheduled(1), minute(1), 500);
    let after = recovered.attempted(&late, &Schedule::default(), ENABLED_AGAIN);
    assert_eq!((after.delivery.status, after.next), (Status::Pending, None));
    assert_eq!(after.delivery.first_attempt_at, None);
    assert!(after.delivery.wants(&Task { run: 1, ..scheduled(0) }, ENABLED_AGAIN));
}

#[test]
fn a_recovered_delivery_begins_another_run_with_its_own_start() {
    let recovered = exhausted().recovered(3);
    let webhook = Standing::Open { generation: 3 };
    assert_eq!((recovered.standing(webhook), recovered.run), (Status::Pending, 1));
    assert!(!recovered.wants(&scheduled(34), webhook), "a message of the older run");
    let first = Task { run: 1, trigger: Trigger::Recover, ..scheduled(0) };
    assert!(recovered.wants(&first, webhook));
    let made = made(first, minute(9000), 500);
    let after = recovered.attempted(&made, &Schedule::default(), webhook);
    assert_eq!(after.next.map(|next| (next.slot, next.due)), Some((1, minute(9001))));
    assert_eq!(after.delivery.attempts, exhausted().attempts + 1);
}

#[test]
fn an_advanced_attempt_takes_its_slot_and_the_later_ones_keep_their_times() {
    let early = minute(0).plus(Duration::from_secs(20));
    let advanced = retrying().advanced(OPEN, early, message(50)).unwrap().unwrap();
    assert_eq!(advanced.status, Status::Retrying);
    assert_eq!(advanced.next, Some(NextAttempt { slot: 1, due: early, message: message(50) }));
    let now = Task { run: 1, ..scheduled(1) };
    assert!(advanced.wants(&now, OPEN));
    assert!(!advanced.wants(&scheduled(1), OPEN), "the one at its own time is not made as well");
    let after = attempted(advanced, &Made { next_message: message(51), ..made(now, early, 500) });
    let next = NextAttempt { slot: 2, due: minute(2), message: message(51) };
    assert_eq!(after.next, Some(next));
}

#[test]
fn an_attempt_that_is_due_is_not_advanced() {
    let pending = Delivery::accepted(0).advanced(OPEN, minute(0), message(50));
    assert_eq!(pending, Ok(None));
    for now in [minute(1), minute(3)] {
        assert_eq!(retrying().advanced(OPEN, now, message(50)), Ok(None));
    }
}

#[test]
fn a_settled_delivery_is_not_advanced() {
    for settled in [delivered(), exhausted(), retrying().cancelled()] {
        assert_eq!(settled.advanced(OPEN, minute(0), message(50)), Err(Settled));
    }
    for cancels in [Standing::Closed, ENABLED_AGAIN] {
        assert_eq!(retrying().advanced(cancels, minute(0), message(50)), Err(Settled));
    }
}

#[test]
fn advancing_every_attempt_ends_the_schedule_as_usual() {
    let (mut delivery, mut attempts) = (retrying(), 1);
    while delivery.status == Status::Retrying {
        let now = minute(0).plus(Duration::from_secs(attempts));
        delivery = delivery.advanced(OPEN, now, message(50)).unwrap().unwrap();
        let slot = delivery.next.unwrap().slot;
        let task = Task { run: delivery.run, ..scheduled(slot) };
        delivery = attempted(delivery, &made(task, now, 500)).delivery;
        attempts += 1;
    }
    assert_eq!((delivery.status, delivery.attempts), (Status::Exhausted, 35));
}

#[test]
fn only_the_message_of_a_dead_worker_learns_of_the_unsent_one() {
    let delivery = retrying();
    assert_eq!(delivery.unsent_after(message(0)), delivery.next);
    assert_eq!(delivery.unsent_after(message(1)), None);
    for settled in [delivered(), exhausted(), retrying().cancelled()] {
        let last = settled.last_message.unwrap();
        assert_eq!(settled.unsent_after(last), None, "{:?}", settled.status);
    }
    assert_eq!(Delivery::accepted(0).unsent_after(message(0)), None);
}

#[test]
fn without_delays_35_attempts_are_made_at_their_due_times() {
    let schedule = Schedule::default();
    let mut delivery = Delivery::accepted(0);
    let mut next = Some((0, minute(0)));
    let mut times = Vec::new();
    while let Some((slot, due)) = next {
        assert!(delivery.wants(&scheduled(slot), OPEN));
        times.push(Some(due));
        let after = attempted(delivery, &made(scheduled(slot), due, 500));
        next = after.next.map(|next| (next.slot, next.due));
        delivery = after.delivery;
    }
    let due: Vec<_> = (0..35).map(|slot| schedule.due(minute(0), slot)).collect();
    assert_eq!(times, due);
    assert_eq!((delivery.status, delivery.attempts), (Status::Exhausted, 35));
}

/// Generates any slot, including ones that no schedule has.
fn any_slot() -> impl Strategy<Value = u16> {
    prop_oneof![3 => 0..40u16, 1 => any::<u16>(), 1 => Just(u16::MAX)]
}

fn any_task() -> impl Strategy<Value = Task> {
    (0..3u32, any_slot(), select(Trigger::ALL)).prop_map(|(run, slot, trigger)| Task {
        run,
        slot,
        trigger,
        ..scheduled(0)
    })
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        (0..3u32).prop_map(|generation| Standing::Open { generation }),
        Just(Standing::Closed),
    ]
}

/// Generates any state, including ones that no history leads to.
fn any_delivery() -> impl Strategy<Value = Delivery> {
    let next = (any_slot(), instant(), id()).prop_map(|(slot, due, message)| NextAttempt {
        slot,
        due,
        message,
    });
    let counts = (0..3u32, 0..3u32, 0..1000u32);
    let last = (option::of(any::<u16>()), option::of(id()));
    (select(Status::ALL), counts, option::of(instant()), option::of(next), last).prop_map(
        |(status, (run, generation, attempts), first_attempt_at, next, last)| Delivery {
            status,
            run,
            generation,
            attempts,
            first_attempt_at,
            next,
            last_response_status: last.0,
            last_message: last.1,
            logs: vec![],
        },
    )
}

fn any_made() -> impl Strategy<Value = Made> {
    let times = (instant(), instant(), option::of(any::<u32>()));
    let ids = (id(), id(), id());
    let outcome = (option::of(100..600u16), any::<bool>());
    (any_task(), times, outcome, ids).prop_map(
        |(task, (began, ended, retry_after), (status, is_final), (message, log, next_message))| {
            Made {
                message,
                task,
                began,
                ended,
                response_status: status,
                is_final: is_final && status.is_none(),
                retry_after: retry_after.map(|seconds| Duration::from_secs(seconds.into())),
                log,
                next_message,
            }
        },
    )
}

proptest! {
    #[test]
    fn an_attempt_can_be_applied_in_any_state(
        before in any_delivery(), made in any_made(), webhook in any_standing()
    ) {
        let Attempted { delivery, next, .. } =
            before.clone().attempted(&made, &Schedule::default(), webhook);
        prop_assert_eq!(delivery.attempts, before.attempts + 1);
        prop_assert_eq!(delivery.logs.last(), Some(&made.log));
        prop_assert_eq!(delivery.status == Status::Delivered,
            made.succeeded() || before.status == Status::Delivered);
        if next.is_some() {
            prop_assert!(before.wants(&made.task, webhook), "only what was wanted goes on");
            prop_assert_eq!((delivery.status, delivery.next), (Status::Retrying, next));
            prop_assert_eq!(delivery.unsent_after(made.message), next);
        }
    }
}
