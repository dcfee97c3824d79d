//! Given what has happened, when something is asked, then this happens.

use std::{fmt::Debug, time::Duration};

use latchhook_domain::{Decider, Timestamp};

/// A minute of the day on which every example plays.
pub(crate) fn minute(number: u64) -> Timestamp {
    let morning: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
    morning.plus(Duration::from_mins(number))
}

/// The state after `events` happened at `at` to `state`.
pub(crate) fn fold<D: Decider>(
    state: Option<D>,
    events: impl IntoIterator<Item = D::Event>,
    at: Timestamp,
) -> Option<D> {
    events.into_iter().fold(state, |state, event| D::evolve(state, event, at))
}

/// What stands, and what time it is.
pub(crate) struct Specification<D> {
    state: Option<D>,
    now: Timestamp,
}

/// What came of something asked.
pub(crate) struct Outcome<D: Decider> {
    before: Specification<D>,
    decided: Result<Vec<D::Event>, D::Rejection>,
}

impl<D: Decider> Specification<D> {
    /// `events` happened at minute 0. It is minute 1.
    pub(crate) fn given(events: impl IntoIterator<Item = D::Event>) -> Self {
        Self { state: fold(None, events, minute(0)), now: minute(1) }
    }

    /// It is `now`.
    pub(crate) fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// `command` is asked for.
    pub(crate) fn when(self, command: D::Command) -> Outcome<D> {
        let decided = D::decide(self.state.as_ref(), command, self.now);
        Outcome { before: self, decided }
    }

    /// The state, of something that exists.
    pub(crate) fn state(self) -> D {
        self.state.unwrap()
    }
}

impl<D> Outcome<D>
where
    D: Decider<Event: Clone + Debug + PartialEq, Rejection: PartialEq>,
{
    /// Exactly `events` happened; what stands after them.
    #[track_caller]
    pub(crate) fn then(self, events: impl IntoIterator<Item = D::Event>) -> Specification<D> {
        let events: Vec<_> = events.into_iter().collect();
        assert_eq!(self.decided, Ok(events.clone()));
        let Specification { state, now } = self.before;
        Specification { state: fold(state, events, now), now }
    }

    /// It was already so.
    #[track_caller]
    pub(crate) fn then_nothing_happened(self) {
        assert_eq!(self.decided, Ok(vec![]));
    }

    /// A rule forbade it.
    #[track_caller]
    pub(crate) fn then_rejected(self, rejection: D::Rejection) {
        assert_eq!(self.decided, Err(rejection));
    }
}
