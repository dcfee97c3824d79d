//! Rows of the API log: requests made with a key.

use domain::{
    Environment, Redacted, Timestamp,
    id::{AccountId, KeyId, LogId},
};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, IndexEntry, Write},
};
use serde::{Deserialize, Serialize};

use super::last_used::write_of_use;
use crate::{
    App, Backend,
    lateness::Lateness,
    problem::Problem,
    views::{collections, to_body},
};

/// Row of the API log, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestRow {
    /// Key that the request was made with.
    pub api_key_id: Option<KeyId>,
    /// Environment of the request.
    pub environment: Environment,
    /// Time of the request.
    pub created_at: Timestamp,
    /// Further details.
    #[serde(flatten)]
    pub details: RequestRowDetails,
}

/// Details of a request; masked, whatever was passed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestRowDetails {
    /// HTTP method.
    pub method: Redacted,
    /// Path, without the query.
    pub path: Redacted,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Duration until the answer, in milliseconds.
    pub duration_ms: Option<u64>,
    /// IP address of the caller.
    pub ip: Option<Redacted>,
    /// User agent of the caller.
    pub user_agent: Option<Redacted>,
    /// Identifier of the request.
    pub request_id: Option<Redacted>,
    /// Code of the error in the answer.
    pub error_code: Option<Redacted>,
}

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

/// Row, with its time of writing if it is late.
#[derive(Serialize, Deserialize)]
pub(super) struct Written<R> {
    #[serde(flatten)]
    pub(super) row: R,
    #[serde(default, skip_serializing_if = "Lateness::is_none")]
    pub(super) written_at: Lateness,
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
        body: to_body(&Written { row, written_at }),
        expires_at: Some(backend.now().plus(backend.settings.log_retention)),
        index: by_key.into_iter().chain(written_at.entry(backend, late)).collect(),
        condition: Condition::Absent,
    }
}
