//! Answers that are remembered for as long as they hold.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ports::resolve::{Asker, Unresolved};

use crate::lookup::Found;

/// Answers that are remembered for one asker, and in all: about four megabytes at their largest.
const MOST_OF_ONE: usize = 256;
const MOST: usize = 8192;

/// How long an address is used at most: whoever moves a receiver wants to be followed.
const MOST_TTL: Duration = Duration::from_mins(5);

/// How long it counts at most that there is no address: whoever has just made the name waits for it.
const MOST_NEGATIVE_TTL: Duration = Duration::from_secs(10);

/// How long it counts that nobody answered, or that there is nothing where nobody said how long that
/// holds. RFC 9520, section 3.2, asks for a second at the least.
const UNSAID_TTL: Duration = Duration::from_secs(1);

/// What a look-up came to.
pub(crate) type Result = std::result::Result<Vec<IpAddr>, Unresolved>;

/// Answers that are remembered, apart for each asker: nobody can push out or learn what another
/// has asked. What an address is used for is decided where it is used, so an old one is no risk.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    kept: usize,
    of: HashMap<Asker, HashMap<String, Kept>>,
}

#[derive(Debug)]
struct Kept {
    result: Result,
    /// On the monotonic clock.
    until: Duration,
}

impl Cache {
    /// The answer for `name`, if one is known that holds `now`.
    pub(crate) fn get(&self, asker: Asker, name: &str, now: Duration) -> Option<Result> {
        let state = self.state();
        let kept = state.of.get(&asker)?.get(name)?;
        (now < kept.until).then(|| kept.result.clone())
    }

    /// Remembers what a look-up that ended `now` came to.
    pub(crate) fn put(&self, asker: Asker, name: &str, found: &Found, now: Duration) {
        let holds = holds(found);
        if holds.is_zero() {
            return;
        }
        let kept = Kept { result: found.addresses.clone(), until: now + holds };
        let mut state = self.state();
        if state.make_room(asker, now) {
            let of_asker = state.of.entry(asker).or_default();
            if of_asker.insert(name.to_owned(), kept).is_none() {
                state.kept += 1;
            }
        }
    }

    /// Forgets everything: the name servers are others now.
    pub(crate) fn clear(&self) {
        *self.state() = State::default();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn holds(found: &Found) -> Duration {
    let ttl = found.ttl.map(|seconds| Duration::from_secs(seconds.into()));
    match found.addresses {
        Ok(_) => ttl.unwrap_or_default().min(MOST_TTL),
        Err(_) => ttl.unwrap_or(UNSAID_TTL).clamp(UNSAID_TTL, MOST_NEGATIVE_TTL),
    }
}

impl State {
    /// Whether one more of `asker` can be kept. Where there is no room, what has run out goes, and
    /// then the asker's own that runs out first; never what holds for another.
    fn make_room(&mut self, asker: Asker, now: Duration) -> bool {
        if self.kept >= MOST {
            self.of.retain(|_, of_asker| {
                of_asker.retain(|_, kept| now < kept.until);
                !of_asker.is_empty()
            });
            self.kept = self.of.values().map(HashMap::len).sum();
        }
        let Some(own) = self.of.get_mut(&asker) else { return self.kept < MOST };
        if own.len() >= MOST_OF_ONE || self.kept >= MOST {
            let first = own.iter().min_by_key(|(_, kept)| kept.until);
            if let Some(name) = first.map(|(name, _)| name.clone()) {
                own.remove(&name);
                self.kept -= 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
