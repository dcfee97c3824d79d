//! Functions: workers that answer for a batch of messages at once, as those on AWS do. What their commits add
//! to numbers is gathered in memory, and written before the batch is answered for.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::Timestamp;
use ports::store::{Addition, Key, Numbers, add};

use crate::{Chance, Simulation};

/// Visibility time-out of the queues of functions: six times as long as a function may take, as AWS advises.
const VISIBILITY_TIMEOUT: Duration = Duration::from_mins(6);

/// Batches of functions, by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Batches {
    /// Number of batches that were answered for.
    pub answered: u64,
    /// Number of batches whose function died before.
    pub died: u64,
    /// Number of messages in those.
    pub messages_of_died: u64,
}

/// Memory of the functions, which dies with them.
#[derive(Default)]
pub struct Functions(Mutex<State>);

#[derive(Default)]
struct State {
    are_used: bool,
    /// Deaths in a million steps of a batch, and what draws them.
    deaths: Option<(u64, Chance)>,
    gathered: BTreeMap<Key, (Numbers, Option<Timestamp>)>,
    /// Number of messages in the batch that is worked on; none if there is none.
    under_way: Option<u64>,
    batches: Batches,
}

impl Simulation {
    /// Has functions do the work of workers from now on, as on AWS: commits, messages and what is added to
    /// numbers are calls of their own, and messages of a function that died come back when their lease ends.
    pub fn work_by_functions(&self) {
        self.faults.split_commits();
        self.faults.functions.begin();
        self.disk.set_visibility_timeout(VISIBILITY_TIMEOUT);
    }
}

impl Functions {
    fn begin(&self) {
        self.state().are_used = true;
    }

    pub(crate) fn are_used(&self) -> bool {
        self.state().are_used
    }

    /// Returns how batches have ended so far.
    #[must_use]
    pub fn batches(&self) -> Batches {
        self.state().batches
    }

    /// Has the function at work on a batch die at `in_a_million` of a million of its steps, drawn from
    /// `seed`. Nothing else dies of it.
    pub fn set_deaths(&self, in_a_million: u64, seed: u64) {
        self.state().deaths = Some((in_a_million, Chance::seeded(seed)));
    }

    /// Returns whether the function that is at work dies at this step.
    pub(crate) fn is_death(&self) -> bool {
        let state = &mut *self.state();
        let Some((in_a_million, chance)) = &mut state.deaths else { return false };
        state.under_way.is_some() && chance.number() % 1_000_000 < *in_a_million
    }

    /// Gathers what a commit adds.
    pub(crate) fn gather(&self, additions: Vec<Addition>) {
        let gathered = &mut self.state().gathered;
        for Addition { key, numbers, expires_at } in additions {
            let (sums, _) = gathered.entry(key).or_insert_with(|| (Numbers::new(), expires_at));
            add(sums, &numbers);
        }
    }

    /// Takes what was gathered.
    pub(crate) fn take(&self) -> Vec<Addition> {
        let gathered = std::mem::take(&mut self.state().gathered);
        let addition = |(key, (numbers, expires_at))| Addition { key, numbers, expires_at };
        gathered.into_iter().map(addition).collect()
    }

    pub(crate) fn received(&self, messages: usize) {
        self.state().under_way = Some(messages as u64);
    }

    pub(crate) fn answered(&self) {
        let state = &mut *self.state();
        state.under_way = None;
        state.batches.answered += 1;
    }

    /// Forgets everything, as the death of a function does.
    pub(crate) fn die(&self) {
        let state = &mut *self.state();
        state.gathered.clear();
        if let Some(messages) = state.under_way.take() {
            state.batches.died += 1;
            state.batches.messages_of_died += messages;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
