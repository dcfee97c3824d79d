//! Specification of a decider: given these events, when this command, then these events.

use std::{fmt::Debug, time::Duration};

use latchhook_domain::{Decider, Timestamp};

/// Returns a minute of the day on which every example takes place.
pub(crate) fn minute(number: u64) -> Timestamp {
    let morning: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
    morning.plus(Duration::from_mins(number))
}

/// Returns the state after `events` happened to `state` at `at`.
pub(crate) fn fold<D: Decider>(
    state: Option<D>,
    events: impl IntoIterator<Item = D::Event>,
    at: Timestamp,
) -> Option<D> {
    events.into_iter().fold(state, |state, event| D::evolve(state, event, at))
}

/// Starting state and current time.
pub(crate) struct Specification<D> {
    state: Option<D>,
    now: Timestamp,
}

/// Outcome of a command.
pub(crate) struct Outcome<D: Decider> {
    before: Specification<D>,
    decided: Result<Vec<D::Event>, D::Rejection>,
}

impl<D: Decider> Specification<D> {
    /// Starts after `events`, which happened at minute 0. The current time is minute 1.
    pub(crate) fn given(events: impl IntoIterator<Item = D::Event>) -> Self {
        Self { state: fold(None, events, minute(0)), now: minute(1) }
    }

    /// Sets the current time to `now`.
    pub(crate) fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// Decides `command`.
    pub(crate) fn when(self, command: D::Command) -> Outcome<D> {
        let decided = D::decide(self.state.as_ref(), command, self.now);
        Outcome { before: self, decided }
    }

    /// Returns the state, which must exist.
    pub(crate) fn state(self) -> D {
        self.state.unwrap()
    }
}

impl<D> Outcome<D>
where
    D: Decider<Event: Clone + Debug + PartialEq, Rejection: PartialEq>,
{
    /// Asserts that exactly `events` happened, and goes on from the state after them.
    #[track_caller]
    pub(crate) fn then(self, events: impl IntoIterator<Item = D::Event>) -> Specification<D> {
        let events: Vec<_> = events.into_iter().collect();
        assert_eq!(self.decided, Ok(events.clone()));
        let Specification { state, now } = self.before;
        Specification { state: fold(state, events, now), now }
    }

    /// Returns whether the command takes authority away.
    pub(crate) fn revokes(self) -> bool {
        let Specification { state, now } = self.before;
        let before = state.unwrap();
        let after = fold(Some(before.clone()), self.decided.unwrap(), now).unwrap();
        before.revokes(&after, now)
    }

    /// Asserts that the command was accepted and led to no events.
    #[track_caller]
    pub(crate) fn then_nothing_happened(self) {
        assert_eq!(self.decided, Ok(vec![]));
    }

    /// Asserts that the command was rejected.
    #[track_caller]
    pub(crate) fn then_rejected(self, rejection: D::Rejection) {
        assert_eq!(self.decided, Err(rejection));
    }
}
