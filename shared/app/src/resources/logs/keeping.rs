//! Writing of the API log.

use std::collections::BTreeMap;

use domain::{
    Timestamp,
    id::{AccountId, KeyId},
};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Write},
};

use super::{
    last_used::{write_of_use, writes_of_uses},
    request::row_write,
};
use crate::{App, documents::RequestRow, problem::Problem, views::collections};

/// Keys whose use is recorded in one commit.
const USES_AT_ONCE: usize = 25;

impl App {
    /// Records that `key` was used at `now`, if that is due, and adds `rows` to the API log.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn log_key_use(
        &self,
        account: AccountId,
        key: KeyId,
        now: Timestamp,
        rows: Vec<RequestRow>,
    ) -> Result<(), Problem> {
        let rows = self.row_writes(account, rows).await;
        let use_of_key = if self.used.is_due(key, now) {
            let place = collections::api_key_usage(account, key);
            write_of_use(&self.backend, place, now).await?
        } else {
            None
        };
        let Some(use_of_key) = use_of_key else { return self.write_rows(rows).await };
        let mut writes = rows.clone();
        writes.push(use_of_key);
        match self.backend.store.commit(Commit { writes, ..Commit::default() }).await {
            // Another process has just recorded the use, but did not write these rows.
            Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => {
                self.write_rows(rows).await
            }
            outcome => Ok(outcome.map_err(not_written)?),
        }
    }

    /// Records that keys of `account` were used, each at its time, as far as that is due: no more than
    /// one write a minute and key. What can't be recorded is logged: the use itself has happened.
    pub(super) async fn log_uses(&self, account: AccountId, uses: BTreeMap<KeyId, Timestamp>) {
        let due: Vec<_> =
            uses.into_iter().filter(|(key, at)| self.used.is_due(*key, *at)).collect();
        for some in due.chunks(USES_AT_ONCE) {
            if let Err(problem) = self.write_uses(account, some).await {
                tracing::warn!(code = problem.code.as_str(), "uses of keys could not be recorded");
            }
        }
    }

    async fn write_uses(
        &self,
        account: AccountId,
        uses: &[(KeyId, Timestamp)],
    ) -> Result<(), Problem> {
        self.write_rows(writes_of_uses(&self.backend, account, uses).await?).await
    }

    pub(crate) async fn write_rows(&self, writes: Vec<Write>) -> Result<(), Problem> {
        if writes.is_empty() {
            return Ok(());
        }
        let commit = Commit { writes, ..Commit::default() };
        self.backend.store.commit(commit).await.map_err(not_written)
    }

    /// Returns the writes that store `rows`, as far as the account's log quota lasts; the others are
    /// counted.
    pub(super) async fn row_writes(&self, account: AccountId, rows: Vec<RequestRow>) -> Vec<Write> {
        let mut writes = Vec::with_capacity(rows.len());
        for row in rows {
            if self.backend.keeps(account, &row).await {
                writes.push(row_write(&self.backend, account, &row));
            } else {
                self.count_unkept(account, row).await;
            }
        }
        writes
    }
}

fn not_written(why: CommitError) -> Problem {
    match why {
        CommitError::Unavailable(why) => why.into(),
        CommitError::Corrupt(why) => why.into(),
        why => Unavailable::new("writing the API log", why).into(),
    }
}
