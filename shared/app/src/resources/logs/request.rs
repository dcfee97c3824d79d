//! Rows of the API log: requests made with a key.

use std::time::Duration;

use domain::{
    Redacted, Timestamp,
    id::{AccountId, LogId, RequestId},
};
use ports::store::{Condition, IndexEntry, Partition, Write};

use crate::{
    Backend,
    documents::{RequestRow, StoredRequestRow},
    lateness::Lateness,
    paging::Period,
    views::{collections, to_body},
};

/// Time after a request got its identifier within which its row says that it began.
const NEAR: Duration = Duration::from_secs(1);

/// Returns the write that stores `row`, now.
pub(super) fn row_write(backend: &Backend, account: AccountId, row: &RequestRow) -> Write {
    let written_at = Lateness::now(backend, row.created_at);
    put(backend, account, (backend.new_id(row.created_at), row), written_at)
}

/// Returns the write that stores the row for `count` requests, of which `row` is the first. It is
/// listed by that one's time, and replaced whenever its count is written again.
pub(crate) fn counted_row(
    backend: &Backend,
    account: AccountId,
    (id, row): (LogId, &RequestRow),
    count: u64,
) -> Write {
    let row = RequestRow { count: Some(count), ..row.clone() };
    put(backend, account, (id, &row), Lateness::default())
}

/// Returns the period in which the row of a request with the identifier `request` is, if that tells
/// its time as ours do. Such a row is found without an index entry, which would make each request
/// with a key dearer.
pub(crate) fn near(request: &Redacted) -> Option<Period> {
    let since = request.as_str().parse::<RequestId>().ok()?.created_at();
    Some(Period { since: Some(since), until: Some(since.plus(NEAR)) })
}

fn is_near(request: &Redacted, created_at: Timestamp) -> bool {
    near(request).is_some_and(|period| period.contains(created_at))
}

fn put(
    backend: &Backend,
    account: AccountId,
    (id, row): (LogId, &RequestRow),
    written_at: Lateness,
) -> Write {
    let entry =
        |partition: Partition, sort: LogId| IndexEntry { partition, sort: sort.to_string() };
    let late = collections::request_logs_late(account, row.environment);
    let late = written_at.sort(backend).map(|sort| entry(late, sort));
    let by_key = row.api_key_id;
    let by_key = by_key.map(|key| entry(collections::request_logs_by_key(account, key), id));
    let named = row.details.request_id.as_ref().filter(|request| !is_near(request, row.created_at));
    let named = named.map(|request| {
        entry(collections::request_logs_by_id(account, row.environment, request), id)
    });
    Write::Put {
        key: collections::request_logs(account, row.environment).key(id),
        body: to_body(&StoredRequestRow::of(row, written_at)),
        expires_at: Some(backend.now().plus(backend.settings.log_retention)),
        index: by_key.into_iter().chain(named).chain(late).collect(),
        condition: if row.count.is_some() { Condition::None } else { Condition::Absent },
    }
}
