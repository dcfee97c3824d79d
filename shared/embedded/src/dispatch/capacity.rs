//! Limits on the number of messages that an endpoint may have under way.
//!
//! A lane has a fixed number of leases. An endpoint may hold a share of those that are *free*, not
//! of all: the more are held, the less each further one may take, so however many endpoints hang,
//! some leases are left for one that does not. This is the dynamic threshold by which switches
//! share their buffers (Choudhury and Hahne, "Dynamic queue length thresholds", 1998). A slow
//! endpoint that answers is not limited further while nobody else needs the leases.
//!
//! Endpoints known to be slow share half of the lane by the same rule, so the other half is for
//! those that answer.

use crate::Concurrency;

/// Divisor of the free leases that one endpoint may hold: a quarter of them.
const SHARE: usize = 4;

/// Reason why an endpoint may not have another lease now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The endpoint holds all that one endpoint may.
    Full,
    /// Too few leases are free.
    Crowded,
    /// The endpoint is slow, and slow endpoints hold all that they may.
    CrowdedBySlow,
}

/// Leases of a lane: how many there are and how many are held.
#[derive(Debug)]
pub(super) struct Capacity {
    limits: Concurrency,
    held: usize,
    held_by_slow: usize,
}

impl Capacity {
    pub(super) const fn new(limits: Concurrency) -> Self {
        Self { limits, held: 0, held_by_slow: 0 }
    }

    /// Checks that an endpoint that holds `held` leases may have another.
    pub(super) fn vet(&self, held: usize, slow: bool) -> Result<(), Refusal> {
        if held >= self.limits.per_endpoint {
            return Err(Refusal::Full);
        }
        if held >= share(self.limits.total.saturating_sub(self.held)) {
            return Err(Refusal::Crowded);
        }
        let for_slow = self.limits.total.div_ceil(2);
        if slow && held >= share(for_slow.saturating_sub(self.held_by_slow)) {
            return Err(Refusal::CrowdedBySlow);
        }
        Ok(())
    }

    pub(super) const fn take(&mut self, slow: bool) {
        self.held += 1;
        self.held_by_slow += slow as usize;
    }

    pub(super) const fn give_back(&mut self, slow: bool) {
        self.held -= 1;
        self.held_by_slow -= slow as usize;
    }

    /// Records that an endpoint that holds `held` leases has become slow, or is no longer slow.
    pub(super) const fn judge(&mut self, held: usize, slow: bool) {
        if slow {
            self.held_by_slow += held;
        } else {
            self.held_by_slow -= held;
        }
    }
}

/// Returns the number of leases that one endpoint may hold when `free` are free: at least one as
/// long as there is one.
const fn share(free: usize) -> usize {
    let share = free / SHARE;
    if share == 0 && free > 0 { 1 } else { share }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Concurrency = Concurrency { per_endpoint: 64, total: 1024 };

    /// Lets each of `endpoints` take all it may, one lease a round.
    fn fill(capacity: &mut Capacity, endpoints: usize, slow: bool) -> Vec<usize> {
        let mut held = vec![0; endpoints];
        while let Some(next) = (0..endpoints)
            .filter(|&at| capacity.vet(held[at], slow).is_ok())
            .min_by_key(|&at| held[at])
        {
            capacity.take(slow);
            held[next] += 1;
        }
        held
    }

    #[test]
    fn one_endpoint_has_its_limit() {
        assert_eq!(fill(&mut Capacity::new(LIMITS), 1, false), [64]);
    }

    #[test]
    fn a_hundred_hanging_endpoints_leave_leases_for_another() {
        let mut capacity = Capacity::new(LIMITS);
        let held = fill(&mut capacity, 100, false);
        assert!(held.iter().all(|&held| held >= 9), "{held:?}");
        assert_eq!(capacity.vet(0, false), Ok(()));
        assert_eq!(capacity.vet(held[0], false), Err(Refusal::Crowded));
    }

    #[test]
    fn slow_endpoints_hold_at_most_half() {
        let mut capacity = Capacity::new(LIMITS);
        let held = fill(&mut capacity, 5000, true);
        assert_eq!(held.iter().sum::<usize>(), 512);
        assert_eq!(capacity.vet(0, true), Err(Refusal::CrowdedBySlow));
        assert_eq!(fill(&mut capacity, 1, false), [64]);
    }

    #[test]
    fn leases_come_back() {
        let mut capacity = Capacity::new(Concurrency { per_endpoint: 1, total: 1 });
        capacity.take(true);
        assert_eq!(capacity.vet(0, false), Err(Refusal::Crowded));
        capacity.give_back(true);
        assert_eq!(capacity.vet(0, true), Ok(()));
        assert_eq!(capacity.held_by_slow, 0);
    }
}
