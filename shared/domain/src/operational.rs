//! Operational events: the types of what the operator is told, and when it is told of a key that expires.

use std::time::Duration;

use crate::{
    kinds::vocabulary,
    time::Timestamp,
    webhook::{EventType, Subscription},
};

/// Largest number of operational webhooks.
pub const MOST_OPERATIONAL_WEBHOOKS: u32 = 5;

vocabulary! {
    /// Type of an operational event.
    OperationalEvent {
        /// A webhook has failed everything for some time.
        WebhookFailing = "webhook.failing",
        /// A webhook was disabled, by somebody or because it failed for too long.
        WebhookDisabled = "webhook.disabled",
        /// Every attempt of a delivery failed.
        DeliveryExhausted = "delivery.exhausted",
        /// An API key was made.
        ApiKeyCreated = "api_key.created",
        /// An API key is about to expire.
        ApiKeyExpiring = "api_key.expiring",
        /// An account was opened.
        AccountCreated = "account.created",
        /// Live mode was opened to an account.
        AccountCredentialed = "account.credentialed",
        /// An account was closed for good.
        AccountClosed = "account.closed",
    }
}

impl OperationalEvent {
    /// Returns it as the type of an event.
    #[must_use]
    pub fn event_type(self) -> EventType {
        EventType::operational(self.as_str())
    }

    /// Returns whether something is ever sent to whoever subscribes so: a type by its name has to be one of
    /// these, or the test event.
    #[must_use]
    pub fn is_known(subscription: &Subscription) -> bool {
        let Subscription::Exactly(name) = subscription else { return true };
        *name == EventType::ping() || name.as_str().parse::<Self>().is_ok()
    }
}

const DAY: Duration = Duration::from_hours(24);

vocabulary! {
    /// Notice that an API key is about to expire.
    ExpiryNotice {
        /// Seven days before.
        Week = "week",
        /// One day before.
        Day = "day",
    }
}

impl ExpiryNotice {
    /// Returns the time before a key's expiry at which it is due.
    #[must_use]
    pub const fn before(self) -> Duration {
        match self {
            Self::Week => Duration::from_hours(7 * 24),
            Self::Day => DAY,
        }
    }

    /// Returns whether it is given at `now` of a key that was made and expires then. It is not of a key
    /// that was made with less time to live, nor where it comes so late that the next one, or the expiry,
    /// is due.
    #[must_use]
    pub fn is_due(self, created_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
        let too_late = match self {
            Self::Week => Self::Day.before(),
            Self::Day => Duration::ZERO,
        };
        created_at.plus(self.before()) <= expires_at
            && expires_at <= now.plus(self.before())
            && now.plus(too_late) < expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_millis(number * 24 * 60 * 60 * 1000)
    }

    #[test]
    fn only_what_is_ever_sent_is_known() {
        for (text, known) in [
            ("*", true),
            ("webhook.*", true),
            ("report.*", true),
            ("webhook.ping", true),
            ("api_key.expiring", true),
            ("api_key.revealed", false),
            ("report.completed", false),
        ] {
            assert_eq!(OperationalEvent::is_known(&text.parse().unwrap()), known, "{text}");
        }
    }

    #[test]
    fn every_operational_type_is_an_event_type() {
        for kind in OperationalEvent::ALL {
            let parsed: EventType = kind.as_str().parse().unwrap();
            assert_eq!(parsed, kind.event_type());
        }
    }

    #[test]
    fn a_notice_is_due_from_its_time_until_the_next_one() {
        let due = |notice: ExpiryNotice, now| notice.is_due(day(0), day(30), now);
        let millisecond = Duration::from_millis(1);
        assert!(!due(ExpiryNotice::Week, day(23).minus(millisecond)));
        assert!(due(ExpiryNotice::Week, day(23)));
        assert!(due(ExpiryNotice::Week, day(29).minus(millisecond)));
        assert!(!due(ExpiryNotice::Week, day(29)));
        assert!(!due(ExpiryNotice::Day, day(29).minus(millisecond)));
        assert!(due(ExpiryNotice::Day, day(29)));
        assert!(!due(ExpiryNotice::Day, day(30)));
    }

    #[test]
    fn a_key_made_with_less_time_to_live_has_no_such_notice() {
        let due = |notice: ExpiryNotice, expires| notice.is_due(day(0), expires, day(0));
        assert!(due(ExpiryNotice::Week, day(7)));
        assert!(!due(ExpiryNotice::Week, day(6)));
        assert!(due(ExpiryNotice::Day, day(1)));
        assert!(!due(ExpiryNotice::Day, day(1).minus(Duration::from_millis(1))));
    }
}
