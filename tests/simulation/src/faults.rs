//! Fault injection, and counts of port calls.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::Duration,
};

use ports::{
    Clock, Commit, Unavailable,
    store::{Document, Key, Sight},
};

use crate::{Chance, Functions, executor::step_aside, glances::Glances};

/// Fault rates, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Rate of calls that fail without effect.
    pub before: u32,
    /// Rate of calls that take effect but whose answer is lost.
    pub after: u32,
    /// Rate of commits that fail because of a concurrent one.
    pub contended: u32,
    /// Rate of messages that are received twice at once.
    pub duplicated: u32,
    /// Rate of steps between two calls at which the process dies.
    pub crash: u32,
    /// Rate of calls before which up to [`LONGEST_LAG`] passes.
    pub lag: u32,
}

/// Longest time that passes before a call.
pub const LONGEST_LAG: Duration = Duration::from_secs(90);

impl Rates {
    /// Rates without any fault.
    pub const NONE: Self =
        Self { before: 0, after: 0, contended: 0, duplicated: 0, crash: 0, lag: 0 };
}

/// Fault of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Before,
    After,
}

/// Counter of port calls that makes some of them fail.
pub struct Faults {
    /// Functions, where they do the work of workers.
    pub functions: Functions,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    split: bool,
    apart: bool,
    chance: Chance,
    rates: Rates,
    space: Space,
    calls: BTreeMap<&'static str, u64>,
    excuses: u64,
    hold: Hold,
    glances: Glances,
}

/// Space on the disk.
#[derive(PartialEq, Eq)]
enum Space {
    Enough,
    /// Enough for what the reserve is kept for.
    Hardly,
    None,
}

/// Hold on one call.
#[derive(Default)]
enum Hold {
    #[default]
    None,
    /// Holds the call after so many others.
    Armed(u64),
    /// Holds a call.
    Held(Option<Waker>),
}

impl Faults {
    /// Creates it without faults; later ones are drawn from `seed`.
    #[must_use]
    pub fn seeded(seed: u64, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            split: false,
            apart: false,
            chance: Chance::seeded(seed),
            rates: Rates::NONE,
            space: Space::Enough,
            calls: BTreeMap::new(),
            excuses: 0,
            hold: Hold::None,
            glances: Glances::default(),
        };
        Self { functions: Functions::default(), clock, state: Mutex::new(state) }
    }

    /// Holds the call that comes after `others` more calls, before it has any effect.
    pub fn hold_after(&self, others: u64) {
        self.state().hold = Hold::Armed(others);
    }

    /// Returns whether a call is held.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        matches!(self.state().hold, Hold::Held(_))
    }

    /// Lets the held call go on, or holds none.
    pub fn let_go(&self) {
        let held = std::mem::take(&mut self.state().hold);
        if let Hold::Held(Some(waker)) = held {
            waker.wake();
        }
    }

    /// Makes a commit and its messages two calls from now on, as in a backend whose queue is a
    /// separate service.
    pub fn split_commits(&self) {
        self.state().split = true;
    }

    /// Keeps secrets apart from the store from now on, as a secrets manager does.
    pub fn keep_secrets_apart(&self) {
        self.state().apart = true;
    }

    pub(crate) fn are_secrets_apart(&self) -> bool {
        self.state().apart
    }

    pub(crate) fn are_commits_split(&self) -> bool {
        self.state().split
    }

    /// Returns `found` as late as a reader with these sights may see it.
    pub(crate) fn seen(
        &self,
        keys: &[Key],
        sights: &[Sight],
        found: Vec<Option<Document>>,
    ) -> Vec<Option<Document>> {
        let now = self.clock.now();
        self.state().glances.seen(keys.iter().zip(sights), found, now)
    }

    /// Sets the fault rates.
    pub fn set(&self, rates: Rates) {
        self.state().rates = rates;
    }

    /// Starts or ends a full disk: every commit fails while reads succeed.
    pub fn set_full(&self, is_full: bool) {
        self.state().space = if is_full { Space::None } else { Space::Enough };
    }

    /// Starts or ends a disk with hardly any space: of commits only those succeed that finish messages
    /// or take authority away.
    pub fn set_narrow(&self, is_narrow: bool) {
        self.state().space = if is_narrow { Space::Hardly } else { Space::Enough };
    }

    pub(crate) fn has_room_for(&self, commit: &Commit) -> bool {
        self.state().space != Space::Hardly || commit.revokes || !commit.acknowledge.is_empty()
    }

    /// Returns and resets the counts of port calls, by name (`store.commit`).
    #[must_use]
    pub fn take_calls(&self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.state().calls)
    }

    /// Number of attempts that may have been made without being recorded, or twice: each excuses
    /// one duplicate.
    #[must_use]
    pub fn excuses(&self) -> u64 {
        self.state().excuses
    }

    pub(crate) fn excuse(&self, attempts: u64) {
        self.state().excuses += attempts;
    }

    pub(crate) fn is_crash(&self) -> bool {
        let mut state = self.state();
        let rate = state.rates.crash;
        state.chance.happens(rate)
    }

    pub(crate) fn is_duplicated(&self) -> bool {
        let mut state = self.state();
        let rate = state.rates.duplicated;
        let duplicated = state.chance.happens(rate);
        state.excuses += u64::from(duplicated);
        duplicated
    }

    pub(crate) fn is_contended(&self) -> bool {
        let mut state = self.state();
        let rate = state.rates.contended;
        state.chance.happens(rate)
    }

    /// Makes the call `name`, or makes it fail; the process can die before and after it.
    pub(crate) async fn around<T, E: From<Unavailable>>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        step_aside().await;
        self.held().await;
        self.lag().await;
        let fault = self.of(name);
        if fault == Fault::Before {
            return Err(Unavailable::new(name, "a simulated fault before it").into());
        }
        let done = call.await;
        step_aside().await;
        if fault == Fault::After && done.is_ok() {
            return Err(Unavailable::new(name, "a simulated fault after it").into());
        }
        done
    }

    /// Waits as long as this call is held.
    async fn held(&self) {
        {
            let hold = &mut self.state().hold;
            match hold {
                Hold::Armed(0) => *hold = Hold::Held(None),
                Hold::Armed(others) => {
                    *others -= 1;
                    return;
                }
                Hold::None | Hold::Held(_) => return,
            }
        }
        poll_fn(|context| match &mut self.state().hold {
            Hold::Held(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            Hold::None | Hold::Armed(_) => Poll::Ready(()),
        })
        .await;
    }

    /// Lets time pass, if it is to pass before this call.
    async fn lag(&self) {
        let lag = {
            let mut state = self.state();
            let rate = state.rates.lag;
            if !state.chance.happens(rate) {
                return;
            }
            LONGEST_LAG / 100 * u32::try_from(1 + state.chance.below(100)).unwrap_or(1)
        };
        self.clock.sleep(lag).await;
    }

    fn of(&self, name: &'static str) -> Fault {
        let mut state = self.state();
        *state.calls.entry(name).or_default() += 1;
        let Rates { before, after, .. } = state.rates;
        let is_refused = state.space == Space::None && name == "store.commit";
        if is_refused || state.chance.happens(before) {
            Fault::Before
        } else if state.chance.happens(after) {
            Fault::After
        } else {
            Fault::None
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
