//! The rules of a webhook's health: when one that can't be delivered to is disabled.

use std::time::Duration;

use latchhook_domain::{
    Timestamp,
    delivery::{Consequence, Failing, Made, WebhookHealth},
    webhook::DisabledReason,
};

use crate::{
    delivery::{made, scheduled},
    specification::minute,
};

const WORKS: WebhookHealth = WebhookHealth { failing_since: None };
const SIXTY_DAYS: Duration = Duration::from_hours(60 * 24);

fn failing() -> WebhookHealth {
    WebhookHealth { failing_since: Some(minute(0)) }
}

fn answered(began: Timestamp, status: impl Into<Option<u16>>) -> Made {
    made(scheduled(0), began, status)
}

#[test]
fn a_webhook_fails_since_its_first_failure_and_until_its_next_success() {
    for (given, status, then) in [
        (WORKS, Some(503), WebhookHealth { failing_since: Some(minute(1)) }),
        (WORKS, None, WebhookHealth { failing_since: Some(minute(1)) }),
        (WORKS, Some(200), WORKS),
        (failing(), Some(503), failing()),
        (failing(), Some(204), WORKS),
    ] {
        assert_eq!(given.after(&answered(minute(1), status)), then, "{given:?}, {status:?}");
    }
}

#[test]
fn an_attempt_that_was_not_sent_says_nothing_about_the_receiver() {
    let unsent = Made { is_final: true, ..answered(minute(1), None) };
    assert_eq!(WORKS.after(&unsent), WORKS);
    assert_eq!(failing().after(&unsent), failing());
}

#[test]
fn a_webhook_that_fails_everything_for_sixty_days_is_disabled() {
    let then = |given: WebhookHealth, began, status| {
        given.disables(&answered(began, status), Consequence::None)
    };
    let last = minute(0).plus(SIXTY_DAYS);
    assert_eq!(then(failing(), last, 503), Some(DisabledReason::Failing));
    assert_eq!(then(failing(), last.minus(Duration::from_millis(1)), 503), None);
    assert_eq!(then(failing(), last, 200), None);
    assert_eq!(then(WORKS, last, 503), None);
}

#[test]
fn a_webhook_has_failed_for_an_hour_when_an_attempt_is_made_in_vain_then() {
    let then = |given: WebhookHealth, began, status| {
        given.has_failed_for(&answered(began, status), Failing::default())
    };
    let hour = minute(60);
    assert!(then(failing(), hour, 503));
    assert!(!then(failing(), hour.minus(Duration::from_millis(1)), 503));
    assert!(!then(failing(), hour, 200));
    assert!(!then(WORKS, hour, 503));
    let unsent = Made { is_final: true, ..answered(hour, None) };
    assert!(!failing().has_failed_for(&unsent, Failing::default()));
}

#[test]
fn a_webhook_that_is_gone_is_disabled_at_once() {
    let reason = WORKS.disables(&answered(minute(0), 410), Consequence::WebhookGone);
    assert_eq!(reason, Some(DisabledReason::Gone));
}
