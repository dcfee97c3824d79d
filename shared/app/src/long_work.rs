//! Turns of accounts at work that takes long: making a list, reading a large body.
//!
//! A page of large rows or a report of 500 rows takes a thread for ten milliseconds or more, and an
//! account may ask for thousands at once. So such work of one account is done one piece after another,
//! and takes one thread at most.

use std::sync::Arc;

use domain::id::AccountId;
use turns::{Turn, Turns};

/// Number of pieces of long work at a time.
const TURNS: usize = 1024;
/// Number of pieces of long work of one account at a time.
const TURNS_OF_ONE: usize = 1;

/// Turns of accounts at long work.
#[derive(Debug)]
pub(crate) struct LongWork(Arc<Turns<AccountId>>);

/// Turn of an account at long work, which ends when this is dropped.
pub(crate) type LongTurn = Turn<AccountId>;

impl Default for LongWork {
    fn default() -> Self {
        Self(Turns::new(TURNS, TURNS_OF_ONE, 1))
    }
}

impl LongWork {
    /// Waits for a turn of `account`.
    pub(crate) async fn take(&self, account: AccountId) -> LongTurn {
        self.0.take(account).await
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use domain::id::Ulid;
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn an_account_waits_for_itself_and_for_nobody_else() {
        let (work, account) = (LongWork::default(), |number: u128| AccountId(Ulid::from(number)));
        let first = work.take(account(7)).now_or_never();
        assert!(first.is_some());
        let mut second = pin!(work.take(account(7)));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(work.take(account(8)).now_or_never().is_some());
        drop(first);
        assert!(second.now_or_never().is_some());
    }
}
