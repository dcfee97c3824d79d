//! Rows of the API log: requests made with a key.

use domain::{
    Timestamp,
    id::{AccountId, KeyId, LogId},
};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, IndexEntry, Write},
};

use super::last_used::write_of_use;
use crate::{
    App, Backend,
    documents::{RequestRow, StoredRequestRow},
    lateness::Lateness,
    problem::Problem,
    views::{collections, to_body},
};

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
        let rows = self.row_writes(account, rows);
        let use_of_key = if self.used.is_due(key, now) {
            write_of_use(&self.backend, account, key, now).await?
        } else {
            None
        };
        let Some(use_of_key) = use_of_key else { return self.write(rows).await };
        let mut writes = rows.clone();
        writes.push(use_of_key);
        match self.backend.store.commit(Commit { writes, ..Commit::default() }).await {
            // Another process has just recorded the use, but did not write these rows.
            Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => {
                self.write(rows).await
            }
            outcome => Ok(outcome.map_err(not_written)?),
        }
    }

    /// Adds `rows` to the API log.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn log_requests(
        &self,
        account: AccountId,
        rows: Vec<RequestRow>,
    ) -> Result<(), Problem> {
        self.write(self.row_writes(account, rows)).await
    }

    pub(super) async fn write(&self, writes: Vec<Write>) -> Result<(), Problem> {
        if writes.is_empty() {
            return Ok(());
        }
        let commit = Commit { writes, ..Commit::default() };
        Ok(self.backend.store.commit(commit).await.map_err(not_written)?)
    }

    pub(super) fn row_writes(&self, account: AccountId, rows: Vec<RequestRow>) -> Vec<Write> {
        rows.into_iter().map(|row| row_write(&self.backend, account, &row)).collect()
    }
}

fn not_written(why: CommitError) -> Unavailable {
    match why {
        CommitError::Unavailable(why) => why,
        why => Unavailable::new("writing the API log", why),
    }
}

fn row_write(backend: &Backend, account: AccountId, row: &RequestRow) -> Write {
    let id: LogId = backend.new_id(row.created_at);
    let written_at = Lateness::now(backend, row.created_at);
    let late = collections::request_logs_late(account, row.environment);
    let by_key = row.api_key_id.map(|key| IndexEntry {
        partition: collections::request_logs_by_key(account, key),
        sort: id.to_string(),
    });
    Write::Put {
        key: collections::request_logs(account, row.environment).key(id),
        body: to_body(&StoredRequestRow::of(row, written_at)),
        expires_at: Some(backend.now().plus(backend.settings.log_retention)),
        index: by_key.into_iter().chain(written_at.entry(backend, late)).collect(),
        condition: Condition::Absent,
    }
}
