//! Rows of a log as a file: CSV for spreadsheets, JSON lines for programs.

use std::borrow::Cow;

use axum::response::{IntoResponse as _, Response};
use http::header;
use serde_json::Value;

use crate::{
    client::{Refusal, encoded, resources::List},
    session::Portal,
};

/// Largest number of pages of a hundred rows that a file has.
const MOST_PAGES: usize = 10;
/// Largest size of a file's rows, in bytes: AWS Lambda answers with 6 MB at most, and the text is quoted there.
const MOST_BYTES: usize = 3 * 1024 * 1024;
/// Columns of a file of deliveries, by their names in the API.
const OF_DELIVERIES: &[&str] = &[
    "id",
    "created_at",
    "environment",
    "event_type",
    "event_id",
    "object_id",
    "webhook_id",
    "webhook_url",
    "attempt",
    "trigger",
    "status",
    "response_status",
    "duration_ms",
];
/// Columns of a file of requests.
const OF_REQUESTS: &[&str] = &[
    "id",
    "created_at",
    "environment",
    "api_key_id",
    "method",
    "path",
    "status",
    "duration_ms",
    "ip",
    "user_agent",
    "request_id",
    "error_code",
];

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    JsonLines,
}

impl Form {
    /// Returns the form that the address asks for.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// Answers with the newest 1,000 rows of the list at `path` in the API, or with fewer that are large.
///
/// # Errors
/// The API's error answer.
pub(super) async fn file(portal: &Portal, path: &str, form: Form) -> Result<Response, Refusal> {
    let rows = rows(portal, path).await?;
    let columns = if path.contains("kind=api_request") { OF_REQUESTS } else { OF_DELIVERIES };
    let (body, kind, name) = match form {
        Form::Csv => (csv(columns, &rows), "text/csv; charset=utf-8", "logs.csv"),
        Form::JsonLines => (lines(&rows), "application/jsonl", "logs.jsonl"),
    };
    let attached = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    Ok((headers, body).into_response())
}

/// Reads the newest rows of the list at `path`, as many as a file has.
async fn rows(portal: &Portal, path: &str) -> Result<Vec<Value>, Refusal> {
    let (mut rows, mut size) = (Vec::new(), 0);
    let mut cursor = String::new();
    for _ in 0..MOST_PAGES {
        let page: List<Value> = portal.api.get(&format!("{path}&per_page=100{cursor}")).await?;
        let next = page.next();
        for row in page.data {
            size += row.to_string().len();
            if size > MOST_BYTES {
                return Ok(rows);
            }
            rows.push(row);
        }
        let Some(next) = next else { break };
        cursor = format!("&cursor={}", encoded(&next));
    }
    Ok(rows)
}

fn lines(rows: &[Value]) -> String {
    rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect()
}

fn csv(columns: &[&str], rows: &[Value]) -> String {
    let mut text = columns.join(",") + "\r\n";
    for row in rows {
        let fields = columns.iter().map(|column| match row.get(column) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(field)) => quoted(&harmless(field)),
            Some(field) => field.to_string(),
        });
        text += &(fields.collect::<Vec<_>>().join(",") + "\r\n");
    }
    text
}

/// Puts an apostrophe before what a spreadsheet would take for a formula: paths and agents are chosen
/// by whoever sent the request.
fn harmless(field: &str) -> Cow<'_, str> {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{field}"))
    } else {
        Cow::Borrowed(field)
    }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_field_is_a_formula_and_none_breaks_its_row() {
        let rows =
            [json!({"a": "=HYPERLINK(\"https://evil.example\")", "b": "x,\"y\"\nz", "c": -4})];
        let expected =
            "a,b,c,d\r\n\"'=HYPERLINK(\"\"https://evil.example\"\")\",\"x,\"\"y\"\"\nz\",-4,\r\n";
        assert_eq!(csv(&["a", "b", "c", "d"], &rows), expected);
        for formula in ["+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert!(harmless(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(lines(&rows).lines().count(), 1);
    }
}
