//! Reports of requests that were made with keys to the operator's own API.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use domain::{Environment, Redacted, Timestamp, id::KeyId};
use http::StatusCode;
use ports::Commit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RequestRow, RequestRowDetails};
use crate::{
    App, Backend,
    auth::Access,
    http::{
        answer::Answered,
        extract::{OperatorFor, Posted},
        fields::Time,
        openapi::vocabulary,
        text::{Name, Text, parsed},
    },
    problem::Problem,
    resources::{events::committed_with, verify::check_status},
    views::collections,
    work::Reply,
};

/// Maximum number of rows of one report.
const MOST_REPORTED: usize = 500;

/// Report of requests to the operator's own API, for an account's log.
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
    /// Requests, up to 500.
    #[schema(min_items = 1, max_items = 500)]
    request_logs: Vec<ReportedRequest>,
}

/// A request to the operator's own API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportedRequest {
    /// Key of the account that the request was made with.
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

/// Identifier of a key.
#[derive(Debug, Clone, Copy, Deserialize)]
struct KeyRef(#[serde(deserialize_with = "parsed")] KeyId);

/// IP address that a request came from.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Address(#[serde(deserialize_with = "address")] pub(crate) IpAddr);

fn address<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| serde::de::Error::custom("must be an IP address"))
}

/// Result of a report.
#[derive(Debug, Serialize, ToSchema)]
struct Reported {
    #[schema(example = 1)]
    count: usize,
}

/// Report requests to your own API
#[utoipa::path(post, path = "/v1/request_logs", tag = "Logs", request_body = ReportRequests,
    responses((status = 202, description = "The number of rows that were stored", body = Reported)))]
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
    check_keys(&work.backend, &access, &input.request_logs).await?;
    let mut rows = Vec::with_capacity(count);
    for (index, request) in input.request_logs.into_iter().enumerate() {
        rows.push(request.row(index, work.now)?);
    }
    let reply = Reply::new(StatusCode::ACCEPTED, &Reported { count });
    // A report that fails half way is repeated whole; some rows are then there twice.
    let rows = app.row_writes(access.id(), rows);
    committed_with(&work, Commit::default(), rows, &reply).await?;
    Ok(reply)
}

/// Refuses rows with keys that are not the account's in that environment.
async fn check_keys(
    backend: &Backend,
    access: &Access,
    rows: &[ReportedRequest],
) -> Result<(), Problem> {
    let mut first_named = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(key) = row.api_key_id else { continue };
        let key = collections::api_keys(access.id(), row.environment).key(key.0);
        first_named.entry(key).or_insert(index);
    }
    let (keys, indexes): (Vec<_>, Vec<_>) = first_named.into_iter().unzip();
    let found = backend.store.get(&keys).await?;
    let missing = indexes.iter().zip(&found).filter(|(_, found)| found.is_none());
    match missing.map(|(index, _)| *index).min() {
        None => Ok(()),
        Some(index) => {
            let must = "must name a key of the account in that environment";
            Err(Problem::invalid(at(index, "api_key_id"), must))
        }
    }
}

/// Returns the path of a field of the row at `index`.
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
                method: Redacted::new(&self.method.0),
                path: Redacted::new(&self.path.0),
                status: Some(self.status),
                duration_ms: self.duration_ms.map(u64::from),
                ip: self.ip.map(|ip| Redacted::new(&ip.0.to_string())),
                user_agent: self.user_agent.map(|agent| Redacted::new(&agent.0)),
                request_id: self.request_id.map(|id| Redacted::new(&id.0)),
                error_code: None,
            },
        })
    }
}
