//! Rows of the API log: requests made with a key, here and at the operator's own API.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Environment, Timestamp,
    id::{AccountId, KeyId, LogId},
};
use http::StatusCode;
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, Document, IndexEntry, Write},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Filters, Resource, log_id};
use crate::{
    App, Home,
    auth::Access,
    http::{
        answer::Answered,
        extract::{OperatorFor, Posted},
        list::{Page, Rows, Source, created},
        openapi::vocabulary,
        text::{Name, Text, parsed},
    },
    problem::Problem,
    resources::{api_keys::Time, events::committed, verify::check_status},
    views::{collections, to_body},
    work::{Reply, read},
};

/// The most rows of one report.
const MOST_REPORTED: usize = 500;
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

/// What the API log tells of a request.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequestRowDetails {
    /// Its method.
    #[schema(example = "GET")]
    pub method: String,
    /// Its path, without the query.
    #[schema(example = "/v1/webhooks")]
    pub path: String,
    /// The answer's status.
    #[schema(example = 200)]
    pub status: Option<u16>,
    /// How long the answer took.
    pub duration_ms: Option<u64>,
    /// Where it came from.
    pub ip: Option<String>,
    /// Its user agent.
    pub user_agent: Option<String>,
    /// Its identifier.
    pub request_id: Option<String>,
    /// The code of the error that it was answered with.
    pub error_code: Option<String>,
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

/// When keys were last written down as used, so that this is done once a minute a key.
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

/// When a key was last used, to the minute.
///
/// # Errors
/// When the home is unavailable.
pub async fn last_used(
    home: &Home,
    account: AccountId,
    key: KeyId,
) -> Result<Option<Timestamp>, Problem> {
    let found = home.store.get(&[collections::api_key_usage(account, key)]).await?;
    let usage: Option<Usage> =
        found.into_iter().flatten().next().map(|document| read(&document.body)).transpose()?;
    Ok(usage.map(|usage| usage.last_used_at))
}

impl App {
    /// Writes down that `key` was used at `now`, if that is due, and `rows` of the API log.
    ///
    /// # Errors
    /// When the home is unavailable.
    pub(crate) async fn log_key_use(
        &self,
        account: AccountId,
        key: KeyId,
        now: Timestamp,
        rows: Vec<RequestRow>,
    ) -> Result<(), Problem> {
        let mut writes = self.row_writes(account, rows);
        if self.used.is_due(key, now) {
            writes.push(Write::Put {
                key: collections::api_key_usage(account, key),
                body: to_body(&Usage { last_used_at: now }),
                expires_at: None,
                index: vec![],
                condition: Condition::None,
            });
        }
        self.write(writes).await
    }

    /// Adds `rows` to the API log.
    ///
    /// # Errors
    /// When the home is unavailable.
    pub(crate) async fn log_requests(
        &self,
        account: AccountId,
        rows: Vec<RequestRow>,
    ) -> Result<(), Problem> {
        self.write(self.row_writes(account, rows)).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), Problem> {
        if writes.is_empty() {
            return Ok(());
        }
        match self.home.store.commit(Commit { writes, ..Commit::default() }).await {
            Ok(()) => Ok(()),
            Err(CommitError::Unavailable(why)) => Err(why.into()),
            Err(why) => Err(Unavailable::new("writing the API log", why).into()),
        }
    }

    fn row_writes(&self, account: AccountId, rows: Vec<RequestRow>) -> Vec<Write> {
        rows.into_iter().map(|row| row_write(&self.home, account, &row)).collect()
    }
}

fn row_write(home: &Home, account: AccountId, row: &RequestRow) -> Write {
    let id: LogId = home.new_id(row.created_at);
    let by_key = row.api_key_id.map(|key| IndexEntry {
        partition: collections::request_logs_by_key(account, key),
        sort: id.to_string(),
    });
    Write::Put {
        key: collections::request_logs(account, row.environment).key(id),
        body: to_body(row),
        expires_at: Some(home.now().plus(home.settings.log_retention)),
        index: by_key.into_iter().collect(),
        condition: Condition::Absent,
    }
}

/// Requests to the operator's own API, for an account's log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"request_logs": [{
    "environment": "live",
    "method": "GET",
    "path": "/v1/reports",
    "status": 200,
    "duration_ms": 12,
    "ip": "203.0.113.7",
}]}))]
pub(crate) struct ReportRequests {
    /// Up to 500.
    #[schema(min_items = 1, max_items = 500)]
    request_logs: Vec<ReportedRequest>,
}

/// A request to the operator's own API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportedRequest {
    /// With which of the account's keys.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    api_key_id: Option<KeyRef>,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = String, min_length = 1, max_length = 16, example = "GET")]
    method: Text<16>,
    #[schema(value_type = String, min_length = 1, max_length = 1024, example = "/v1/reports")]
    path: Text<1024>,
    #[schema(minimum = 100, maximum = 599, example = 200)]
    status: u16,
    #[serde(default)]
    duration_ms: Option<u32>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    ip: Option<Address>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    user_agent: Option<Text<1024>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    request_id: Option<Name>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
}

/// The identifier of a key.
#[derive(Debug, Clone, Copy, Deserialize)]
struct KeyRef(#[serde(deserialize_with = "parsed")] KeyId);

/// The address that a request came from.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Address(#[serde(deserialize_with = "address")] pub(crate) IpAddr);

fn address<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| serde::de::Error::custom("must be an IP address"))
}

/// How many rows were taken.
#[derive(Debug, Serialize, ToSchema)]
struct Reported {
    #[schema(example = 1)]
    count: usize,
}

/// Report requests to your own API
#[utoipa::path(post, path = "/v1/request_logs", tag = "Logs", request_body = ReportRequests,
    responses((status = 202, description = "How many were taken", body = Reported)))]
pub(crate) async fn report(
    OperatorFor(access): OperatorFor,
    axum::extract::State(app): axum::extract::State<App>,
    Posted(input, work): Posted<ReportRequests>,
) -> Answered {
    access.writable()?;
    let count = input.request_logs.len();
    if !(1..=MOST_REPORTED).contains(&count) {
        let must = format_args!("must have 1 to {MOST_REPORTED} entries");
        return Err(Problem::invalid("request_logs", must));
    }
    check_keys(&work.home, &access, &input.request_logs).await?;
    let mut rows = Vec::with_capacity(count);
    for (index, request) in input.request_logs.into_iter().enumerate() {
        rows.push(request.row(index, work.now)?);
    }
    let commit = Commit { writes: app.row_writes(access.id(), rows), ..Commit::default() };
    let reply = Reply::new(StatusCode::ACCEPTED, &Reported { count });
    committed(&work, commit, &reply).await?;
    Ok(reply)
}

/// Refuses rows of keys that are not the account's in that environment.
async fn check_keys(home: &Home, access: &Access, rows: &[ReportedRequest]) -> Result<(), Problem> {
    let mut first_named = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(key) = row.api_key_id else { continue };
        let key = collections::api_keys(access.id(), row.environment).key(key.0);
        first_named.entry(key).or_insert(index);
    }
    let (keys, indexes): (Vec<_>, Vec<_>) = first_named.into_iter().unzip();
    let found = home.store.get(&keys).await?;
    let missing = indexes.iter().zip(&found).filter(|(_, found)| found.is_none());
    match missing.map(|(index, _)| *index).min() {
        None => Ok(()),
        Some(index) => {
            let must = "must name a key of the account in that environment";
            Err(Problem::invalid(at(index, "api_key_id"), must))
        }
    }
}

/// The name of a field of the row at `index`.
fn at(index: usize, field: &str) -> String {
    format!("request_logs[{index}].{field}")
}

impl ReportedRequest {
    fn row(self, index: usize, now: Timestamp) -> Result<RequestRow, Problem> {
        check_status(at(index, "status"), self.status)?;
        let created_at = self.created_at.map_or(now, |time| time.0);
        if created_at > now.plus(Duration::from_mins(5)) {
            return Err(Problem::invalid(at(index, "created_at"), "must not be in the future"));
        }
        Ok(RequestRow {
            api_key_id: self.api_key_id.map(|key| key.0),
            environment: self.environment,
            created_at,
            details: RequestRowDetails {
                method: self.method.0,
                path: self.path.0,
                status: Some(self.status),
                duration_ms: self.duration_ms.map(u64::from),
                ip: self.ip.map(|ip| ip.0.to_string()),
                user_agent: self.user_agent.map(|agent| agent.0),
                request_id: self.request_id.map(|id| id.0),
                error_code: None,
            },
        })
    }
}

/// A page of the API log.
pub(super) async fn rows(
    home: &Home,
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
    let source =
        Source { partitions, index, range: created(LogId::PREFIX, filters.since, filters.until) };
    source
        .page(home, page, |row| {
            let kept: RequestRow = read(&row.document.body)?;
            let details = &kept.details;
            let succeeded =
                details.status.is_some_and(|status| status < 400) && details.error_code.is_none();
            let passes = environments.contains(&kept.environment)
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
