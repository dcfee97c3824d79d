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

/// How exactly a key's last use is known.
const USE_IS_KNOWN_TO: Duration = Duration::from_mins(1);
/// The most keys whose last use is remembered.
const MOST_REMEMBERED: usize = 65_536;

/// A row of the API log, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestRow {
    /// With which key.
    pub api_key_id: Option<KeyId>,
    /// In which environment.
    pub environment: Environment,
    /// When.
    pub created_at: Timestamp,
    /// The request.
    #[serde(flatten)]
    pub details: RequestRowDetails,
}

/// What the API log tells of a request; without secrets, whatever it was told.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequestRowDetails {
    /// Its method.
    #[schema(value_type = String, example = "GET")]
    pub method: Redacted,
    /// Its path, without the query.
    #[schema(value_type = String, example = "/v1/webhooks")]
    pub path: Redacted,
    /// The answer's status.
    #[schema(example = 200)]
    pub status: Option<u16>,
    /// How long the answer took.
    pub duration_ms: Option<u64>,
    /// Where it came from.
    #[schema(value_type = Option<String>)]
    pub ip: Option<Redacted>,
    /// Its user agent.
    #[schema(value_type = Option<String>)]
    pub user_agent: Option<Redacted>,
    /// Its identifier.
    #[schema(value_type = Option<String>)]
    pub request_id: Option<Redacted>,
    /// The code of the error that it was answered with.
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

/// When keys were last found or written down as used, so that this process looks once a minute a
/// key.
#[derive(Default)]
pub struct LastUsed(Mutex<HashMap<KeyId, Timestamp>>);

impl LastUsed {
    /// Whether a use at `now` is to be written down.
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

/// A key's last use, as a document.
#[derive(Serialize, Deserialize)]
struct Usage {
    last_used_at: Timestamp,
}

/// When each of `keys` was last used, to the minute.
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
    /// Writes down that `key` was used at `now`, if that is due, and `rows` of the API log.
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
            // Another process has just written the same, and did not write these rows.
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

/// Writes down that `key` was used at `now`, on condition that nobody else does meanwhile; none: it
/// was written down within the minute.
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

/// A row, and when it was written.
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

/// A page of the API log.
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

/// The row in `document` as it is shown.
pub(super) fn shown(document: &Document, row: RequestRow) -> Result<Resource, Problem> {
    let RequestRow { api_key_id, environment, created_at, details } = row;
    let (object, kind, id) = ("log", "api_request", log_id(document)?);
    let log = RequestLog { id, object, kind, created_at, environment, api_key_id, details };
    Ok(Resource::Request(Box::new(log)))
}
