//! Reports of requests that were made with keys to the operator's own API.

use std::collections::BTreeMap;

use domain::{Environment, Timestamp, id::KeyId};
use ports::Commit;

use crate::{
    App, Backend,
    auth::Access,
    checks::{check_past, check_status},
    documents::{RequestRow, RequestRowDetails},
    problem::Problem,
    views::collections,
    work::{Answered, Reply, Work},
};

/// Maximum number of rows of one report.
const MOST_REPORTED: usize = 500;

/// Request to the operator's own API.
pub(crate) struct Reported {
    /// Key of the account that the request was made with.
    pub(crate) api_key: Option<KeyId>,
    /// Environment of the request.
    pub(crate) environment: Environment,
    /// Time of the request, by default now.
    pub(crate) created_at: Option<Timestamp>,
    /// Further details.
    pub(crate) details: RequestRowDetails,
}

/// Adds the requests to the account's log, and answers with their number.
pub(crate) async fn report(
    app: &App,
    work: &Work,
    access: &Access,
    requests: Vec<Reported>,
    answer: impl Fn(usize) -> Reply,
) -> Answered {
    let count = requests.len();
    if !(1..=MOST_REPORTED).contains(&count) {
        let must = format_args!("must have 1 to {MOST_REPORTED} entries");
        return Err(Problem::invalid("request_logs", must));
    }
    check_keys(&work.backend, access, &requests).await?;
    let mut rows = Vec::with_capacity(count);
    let mut uses = BTreeMap::new();
    for (index, request) in requests.into_iter().enumerate() {
        let row = request.row(index, work.now)?;
        if let Some(key) = row.api_key_id {
            let newest = uses.entry(key).or_insert(row.created_at);
            *newest = row.created_at.max(*newest);
        }
        rows.push(row);
    }
    // A report that fails half way is repeated whole; some rows are then there twice.
    let rows = app.row_writes(access.id(), rows).await;
    let reply = answer(rows.len());
    work.committed_with(Commit::default(), rows, &reply).await?;
    app.log_uses(access.id(), uses).await;
    Ok(reply)
}

/// Refuses rows with keys that are not the account's in that environment.
async fn check_keys(backend: &Backend, access: &Access, rows: &[Reported]) -> Result<(), Problem> {
    let mut first_named = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(key) = row.api_key else { continue };
        let key = collections::api_keys(access.id(), row.environment).key(key);
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

impl Reported {
    fn row(self, index: usize, now: Timestamp) -> Result<RequestRow, Problem> {
        let Self { api_key, environment, created_at, details } = self;
        if let Some(status) = details.status {
            check_status(at(index, "status"), status)?;
        }
        let created_at = created_at.unwrap_or(now);
        check_past(at(index, "created_at"), created_at, now)?;
        Ok(RequestRow { api_key_id: api_key, environment, created_at, count: None, details })
    }
}
