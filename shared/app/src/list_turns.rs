//! Turns of accounts at having a list made.
//!
//! A page of large rows takes a thread for ten milliseconds, and an account may ask for thousands at
//! once. So one account has one list made at a time, and takes one thread at most.

use std::sync::Arc;

use domain::id::AccountId;
use turns::{Turn, Turns};

/// Number of lists that are made at a time.
const LISTS: usize = 1024;
/// Number of lists of one account that are made at a time.
const LISTS_OF_ONE: usize = 1;

/// Turns of accounts at having a list made.
#[derive(Debug)]
pub(crate) struct ListTurns(Arc<Turns<AccountId>>);

impl Default for ListTurns {
    fn default() -> Self {
        Self(Turns::new(LISTS, LISTS_OF_ONE, 1))
    }
}

impl ListTurns {
    /// Waits for a turn of `account`, which ends when it is dropped.
    pub(crate) async fn take(&self, account: AccountId) -> Turn<AccountId> {
        self.0.take(account).await
    }
}
