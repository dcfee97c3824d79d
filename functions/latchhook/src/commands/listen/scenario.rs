//! Scenarios: receivers that misbehave, so that what a sender does about it can be seen.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clap::{ValueEnum, builder::PossibleValue};
use http::{HeaderValue, StatusCode, header};

use super::report::names;
use crate::receiver::{self, Answered, Arrived};

/// Time after which a slow receiver answers: later than Latchhook calls slow, and earlier than it gives up.
const SLOWLY: Duration = Duration::from_secs(10);
/// Seconds that a busy receiver asks for.
const ASKS_FOR: HeaderValue = HeaderValue::from_static("90");

/// Kind of bad receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scenario {
    /// Refuses each event once.
    UnavailableOnce,
    /// Refuses each event once, and asks for more time.
    BusyOnce,
    /// Fails every second request.
    EverySecond,
    /// Never answers.
    Timeout,
    /// Answers late.
    Slow,
    /// Sends senders elsewhere.
    Redirect,
    /// Is gone for good.
    Gone,
}

impl ValueEnum for Scenario {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::UnavailableOnce,
            Self::BusyOnce,
            Self::EverySecond,
            Self::Timeout,
            Self::Slow,
            Self::Redirect,
            Self::Gone,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::UnavailableOnce => ("503-then-200", "Refuses each event once, then takes it"),
            Self::BusyOnce => {
                ("429-then-200", "Refuses each event once with Retry-After: 90, then takes it")
            }
            Self::EverySecond => ("flaky", "Fails every second request with 500"),
            Self::Timeout => ("timeout", "Never answers"),
            Self::Slow => ("slow", "Answers 200 after 10 seconds"),
            Self::Redirect => ("redirect", "Answers 302; redirects are not followed"),
            Self::Gone => ("410", "Is gone for good: the webhook is disabled"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// Reaction to a request.
pub(super) enum Reaction {
    /// Answer after this time.
    Answer(Answered, Duration),
    /// None, ever.
    Silence,
}

impl Reaction {
    /// Makes the reaction of an answer without delay.
    pub(super) const fn at_once(answer: Answered) -> Self {
        Self::Answer(answer, Duration::ZERO)
    }

    /// Returns the status of the answer; none if there will be none.
    pub(super) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Answer(answer, _) => Some(answer.status()),
            Self::Silence => None,
        }
    }
}

/// Receiver that behaves as its scenario says.
pub(super) struct BadReceiver {
    scenario: Scenario,
    /// Events that have come.
    seen: Mutex<HashSet<String>>,
    /// Number of requests.
    requests: AtomicU64,
}

impl BadReceiver {
    /// Makes a receiver to which nothing has come yet.
    pub(super) fn new(scenario: Scenario) -> Self {
        Self { scenario, seen: Mutex::default(), requests: AtomicU64::new(0) }
    }

    /// Returns the reaction to a request.
    pub(super) fn reacts(&self, arrived: &Arrived) -> Reaction {
        let status = match self.scenario {
            Scenario::Timeout => return Reaction::Silence,
            Scenario::Slow => {
                return Reaction::Answer(receiver::bare(StatusCode::OK), SLOWLY);
            }
            Scenario::Gone => StatusCode::GONE,
            Scenario::Redirect => StatusCode::FOUND,
            Scenario::UnavailableOnce if self.is_first(&event(arrived)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Scenario::BusyOnce if self.is_first(&event(arrived)) => StatusCode::TOO_MANY_REQUESTS,
            Scenario::EverySecond if self.is_odd() => StatusCode::INTERNAL_SERVER_ERROR,
            Scenario::UnavailableOnce | Scenario::BusyOnce | Scenario::EverySecond => {
                StatusCode::OK
            }
        };
        let mut answer = receiver::bare(status);
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                answer.headers_mut().insert(header::RETRY_AFTER, ASKS_FOR);
            }
            StatusCode::FOUND => {
                let elsewhere = HeaderValue::from_static("/elsewhere");
                answer.headers_mut().insert(header::LOCATION, elsewhere);
            }
            _ => {}
        }
        Reaction::at_once(answer)
    }

    /// Returns whether nothing of that event has come before.
    fn is_first(&self, event: &str) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(event.to_owned())
    }

    /// Counts the request; returns whether it is the first, the third, and so on.
    fn is_odd(&self) -> bool {
        self.requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(2)
    }
}

/// Returns the event that a request is about; all without one count as the same.
fn event(arrived: &Arrived) -> String {
    arrived.header(&names(arrived).id).unwrap_or_default().to_owned()
}
