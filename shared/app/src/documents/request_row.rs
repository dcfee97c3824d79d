//! Row of the API log, and its stored form.

use std::borrow::Cow;

use domain::{Environment, Redacted, Timestamp, id::KeyId};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};
use crate::lateness::Lateness;

/// Row of the API log.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Key that the request was made with.
    pub api_key_id: Option<KeyId>,
    /// Environment of the request.
    pub environment: Environment,
    /// Time of the request.
    pub created_at: Timestamp,
    /// Number of requests that the row stands for, if it is not one.
    pub count: Option<u64>,
    /// Further details.
    pub details: RequestRowDetails,
}

/// Details of a request; masked, whatever was passed in.
#[derive(Debug, Clone)]
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

/// Row of the API log as it is stored, with its time of writing if it is late. One is written for
/// each request of a key, so it borrows its texts.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRequestRow<'a> {
    format: Number<StoredRequestRow<'static>>,
    api_key_id: Option<KeyId>,
    environment: Environment,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    method: Cow<'a, Redacted>,
    path: Cow<'a, Redacted>,
    status: Option<u16>,
    duration_ms: Option<u64>,
    ip: Option<Cow<'a, Redacted>>,
    user_agent: Option<Cow<'a, Redacted>>,
    request_id: Option<Cow<'a, Redacted>>,
    error_code: Option<Cow<'a, Redacted>>,
    #[serde(default, skip_serializing_if = "Lateness::is_none")]
    written_at: Lateness,
}

/// Row of the API log, with its time of writing if it is late.
pub(crate) struct WrittenRow {
    pub(crate) row: RequestRow,
    pub(crate) written_at: Lateness,
}

impl Form for StoredRequestRow<'static> {
    const NAME: &'static str = "request_row";
    const NUMBER: u16 = 1;
}

impl Stored for WrittenRow {
    type Form = StoredRequestRow<'static>;
}

impl<'a> StoredRequestRow<'a> {
    /// Makes the document of `row`, written at `written_at`.
    pub(crate) fn of(row: &'a RequestRow, written_at: Lateness) -> Self {
        let details = &row.details;
        Self {
            format: Number::default(),
            api_key_id: row.api_key_id,
            environment: row.environment,
            created_at: row.created_at,
            count: row.count,
            method: Cow::Borrowed(&details.method),
            path: Cow::Borrowed(&details.path),
            status: details.status,
            duration_ms: details.duration_ms,
            ip: details.ip.as_ref().map(Cow::Borrowed),
            user_agent: details.user_agent.as_ref().map(Cow::Borrowed),
            request_id: details.request_id.as_ref().map(Cow::Borrowed),
            error_code: details.error_code.as_ref().map(Cow::Borrowed),
            written_at,
        }
    }
}

impl From<StoredRequestRow<'_>> for WrittenRow {
    fn from(stored: StoredRequestRow<'_>) -> Self {
        let row = RequestRow {
            api_key_id: stored.api_key_id,
            environment: stored.environment,
            created_at: stored.created_at,
            count: stored.count,
            details: RequestRowDetails {
                method: stored.method.into_owned(),
                path: stored.path.into_owned(),
                status: stored.status,
                duration_ms: stored.duration_ms,
                ip: stored.ip.map(Cow::into_owned),
                user_agent: stored.user_agent.map(Cow::into_owned),
                request_id: stored.request_id.map(Cow::into_owned),
                error_code: stored.error_code.map(Cow::into_owned),
            },
        };
        Self { row, written_at: stored.written_at }
    }
}
