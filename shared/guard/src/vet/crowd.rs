//! Bound on the number of requests of one account that wait at once.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::id::AccountId;

/// Number of waiting requests by account.
#[derive(Debug)]
pub(super) struct Crowd {
    most: usize,
    waiting: Mutex<HashMap<AccountId, usize>>,
}

/// Place of one waiting request; given up when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    crowd: &'a Crowd,
    account: AccountId,
}

impl Crowd {
    /// Creates a crowd with at most `most` places for each account.
    pub(super) fn new(most: usize) -> Self {
        Self { most, waiting: Mutex::default() }
    }

    /// Takes a place for `account`; `None` if all its places are taken.
    pub(super) fn enter(&self, account: AccountId) -> Option<Place<'_>> {
        let mut waiting = self.waiting();
        let count = waiting.entry(account).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { crowd: self, account })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.crowd.waiting();
        if let Some(count) = waiting.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Ulid;

    use super::*;

    fn account(number: u128) -> AccountId {
        Ulid::from(number).into()
    }

    #[test]
    fn waiting_requests_of_one_account_leave_room_for_another() {
        let crowd = Crowd::new(2);
        let places = [crowd.enter(account(1)), crowd.enter(account(1))];
        assert!(places.iter().all(Option::is_some));
        assert!(crowd.enter(account(1)).is_none());
        assert!(crowd.enter(account(2)).is_some());
        drop(places);
        assert!(crowd.enter(account(1)).is_some());
        assert!(crowd.waiting().is_empty());
    }
}
