//! Rows of the API log: requests made with a key.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Environment, Redacted, Timestamp,
    id::{AccountId, KeyId, LogId},
    key::ApiKey,
};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, Document, IndexEntry, Write},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Filters, Resource, log_id};
use crate::{
    App, Backend,
    auth::Access,
    http::{
        list::{Page, Rows, Source},
        openapi::vocabulary,
    },
    lateness::Lateness,
    problem::Problem,
    views::{collections, to_body},
    work::read,
};

/// Precision of a key's last use.
const USE_IS_KNOWN_TO: Duration = Duration::from_mins(1);
/// Maximum number of keys whose last use is remembered.
const MOST_REMEMBERED: usize = 65_536;

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
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequestRowDetails {
    /// HTTP method.
    #[schema(value_type = String, example = "GET")]
    pub method: Redacted,
    /// Path, without the query.
    #[schema(value_type = String, example = "/v1/webhooks")]
    pub path: Redacted,
    /// HTTP status of the answer.
    #[schema(example = 200)]
    pub status: Option<u16>,
    /// Duration until the answer, in milliseconds.
    pub duration_ms: Option<u64>,
    /// IP address of the caller.
    #[schema(value_type = Option<String>)]
    pub ip: Option<Redacted>,
    /// User agent of the caller.
    #[schema(value_type = Option<String>)]
    pub user_agent: Option<Redacted>,
    /// Identifier of the request.
    #[schema(value_type = Option<String>)]
    pub request_id: Option<Redacted>,
    /// Code of the error in the answer.
    #[schema(value_type = Option<String>)]
    pub error_code: Option<Redacted>,
}

/// A request made with an API key.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestLog {
    #[schema(value_type = String, example = "log_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: LogId,
    #[schema(example = "log")]
    object: &'static str,
    #[schema(example = "api_request")]
    kind: &'static str,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = Option<String>)]
    api_key_id: Option<KeyId>,
    #[serde(flatten)]
    details: RequestRowDetails,
}

/// Times at which keys were last known to be used, so that this process reads a key's last use only
/// once a minute.
#[derive(Default)]
pub struct LastUsed(Mutex<HashMap<KeyId, Timestamp>>);

impl LastUsed {
    /// Returns whether a use at `now` has to be recorded.
    fn is_due(&self, key: KeyId, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&key).is_some_and(|at| now.since(*at) < USE_IS_KNOWN_TO) {
            return false;
        }
        if known.len() >= MOST_REMEMBERED {
            known.retain(|_, at| now.since(*at) < USE_IS_KNOWN_TO);
        }
        known.insert(key, now);
        true
    }
}

/// Document of a key's last use.
#[derive(Serialize, Deserialize)]
struct Usage {
    last_used_at: Timestamp,
}

/// Returns the time of the last use of each of `keys`, to the minute.
///
/// # Errors
/// When the backend is unavailable.
pub async fn last_used(
    backend: &Backend,
    keys: &[ApiKey],
) -> Result<Vec<Option<Timestamp>>, Problem> {
    let places = keys.iter().map(|key| collections::api_key_usage(key.account, key.id));
    let mut used = Vec::with_capacity(keys.len());
    for found in backend.store.get(&places.collect::<Vec<_>>()).await? {
        let usage: Option<Usage> = found.map(|document| read(&document.body)).transpose()?;
        used.push(usage.map(|usage| usage.last_used_at));
    }
    Ok(used)
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

/// Returns the write that records that `key` was used at `now`, on condition that nobody else does
/// meanwhile; none if a use within the minute is recorded already.
async fn write_of_use(
    backend: &Backend,
    account: AccountId,
    key: KeyId,
    now: Timestamp,
) -> Result<Option<Write>, Problem> {
    let place = collections::api_key_usage(account, key);
    let known = backend.store.get(std::slice::from_ref(&place)).await?.into_iter().flatten().next();
    if let Some(known) = &known {
        let known: Usage = read(&known.body)?;
        if now.since(known.last_used_at) < USE_IS_KNOWN_TO {
            return Ok(None);
        }
    }
    Ok(Some(Write::Put {
        key: place,
        body: to_body(&Usage { last_used_at: now }),
        expires_at: None,
        index: vec![],
        condition: known.map_or(Condition::Absent, |known| Condition::Revision(known.revision)),
    }))
}

/// Row, with its time of writing if it is late.
#[derive(Serialize, Deserialize)]
struct Written<R> {
    #[serde(flatten)]
    row: R,
    #[serde(default, skip_serializing_if = "Lateness::is_none")]
    written_at: Lateness,
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

/// Reads a page of the API log.
pub(super) async fn rows(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    filters: &Filters,
    page: &Page,
) -> Result<Rows<Resource>, Problem> {
    let (partitions, index) = if let Some(key) = filters.api_key_id {
        (vec![collections::request_logs_by_key(access.id(), key)], true)
    } else {
        let all = |env: &Environment| collections::request_logs(access.id(), *env);
        (environments.iter().map(all).collect(), false)
    };
    let late = |env: &Environment| collections::request_logs_late(access.id(), *env);
    let sources = filters.sources(partitions, index, environments.iter().map(late));
    Source::page_of(&sources, backend, page, |row| {
        let Written { row: kept, written_at } = read::<Written<RequestRow>>(&row.document.body)?;
        let details = &kept.details;
        let succeeded =
            details.status.is_some_and(|status| status < 400) && details.error_code.is_none();
        let passes = environments.contains(&kept.environment)
            && filters.api_key_id.is_none_or(|key| kept.api_key_id == Some(key))
            && filters.times_pass(kept.created_at, written_at, Some(row))
            && filters.status.is_none_or(|status| status.is(succeeded, details.status));
        passes.then(|| shown(&row.document, kept)).transpose()
    })
    .await
}

/// Returns the representation of the row in `document`.
pub(super) fn shown(document: &Document, row: RequestRow) -> Result<Resource, Problem> {
    let RequestRow { api_key_id, environment, created_at, details } = row;
    let (object, kind, id) = ("log", "api_request", log_id(document)?);
    let log = RequestLog { id, object, kind, created_at, environment, api_key_id, details };
    Ok(Resource::Request(Box::new(log)))
}
