//! Rows of a log as a file: CSV for spreadsheets, JSON lines for programs.

use std::borrow::Cow;

use axum::response::{IntoResponse as _, Response};
use domain::answers::{LARGEST_CONTENT, length_in_json};
use http::header;
use serde_json::Value;

use crate::{
    client::{Refusal, encoded, resources::List},
    session::Portal,
};

/// Largest number of pages of a hundred rows that a file has.
const MOST_PAGES: usize = 10;
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
    let columns = if path.contains("kind=api_request") { OF_REQUESTS } else { OF_DELIVERIES };
    let mut file = File::new(form, columns);
    let mut cursor = String::new();
    for _ in 0..MOST_PAGES {
        let page: List<Value> = portal.api.get(&format!("{path}&per_page=100{cursor}")).await?;
        let fits = page.data.iter().all(|row| file.takes(row));
        let Some(next) = page.next().filter(|_| fits) else { break };
        cursor = format!("&cursor={}", encoded(&next));
    }
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "logs.csv"),
        Form::JsonLines => ("application/jsonl", "logs.jsonl"),
    };
    let attached = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    Ok((headers, file.text).into_response())
}

/// File that is being written.
struct File {
    form: Form,
    columns: &'static [&'static str],
    text: String,
    /// Size of the text as an answer of AWS Lambda has it.
    size: usize,
}

impl File {
    fn new(form: Form, columns: &'static [&'static str]) -> Self {
        let text = match form {
            Form::Csv => columns.join(",") + "\r\n",
            Form::JsonLines => String::new(),
        };
        Self { form, columns, text, size: 0 }
    }

    /// Adds a row, unless the file would be too large for an answer; returns whether it was added.
    fn takes(&mut self, row: &Value) -> bool {
        let line = match self.form {
            Form::Csv => record(self.columns, row),
            Form::JsonLines => format!("{row}\n"),
        };
        self.size += length_in_json(line.as_bytes());
        let fits = self.size <= LARGEST_CONTENT;
        if fits {
            self.text += &line;
        }
        fits
    }
}

/// Returns a row as a line of CSV.
fn record(columns: &[&str], row: &Value) -> String {
    let fields = columns.iter().map(|column| match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(field)) => quoted(&harmless(field)),
        Some(field) => field.to_string(),
    });
    fields.collect::<Vec<_>>().join(",") + "\r\n"
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
    use domain::answers::LARGEST_ANSWER;
    use serde_json::json;

    use super::*;

    const COLUMNS: &[&str] = &["a", "b", "c", "d"];

    /// Returns the file of `rows`, as far as they fit.
    fn file(form: Form, rows: &[Value]) -> String {
        let mut file = File::new(form, COLUMNS);
        _ = rows.iter().all(|row| file.takes(row));
        file.text
    }

    #[test]
    fn no_field_is_a_formula_and_none_breaks_its_row() {
        let rows =
            [json!({"a": "=HYPERLINK(\"https://evil.example\")", "b": "x,\"y\"\nz", "c": -4})];
        let expected =
            "a,b,c,d\r\n\"'=HYPERLINK(\"\"https://evil.example\"\")\",\"x,\"\"y\"\"\nz\",-4,\r\n";
        assert_eq!(file(Form::Csv, &rows), expected);
        for formula in ["+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert!(harmless(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(file(Form::JsonLines, &rows).lines().count(), 1);
    }

    #[test]
    fn a_file_fits_into_an_answer_of_lambda_whatever_its_rows_are() {
        for text in ["\"", "\\", "\u{1}", "\n", "x", "\u{1f4ee}"] {
            let row = json!({ "a": text.repeat(100_000 / text.len()) });
            for form in [Form::Csv, Form::JsonLines] {
                let file = file(form, &vec![row.clone(); 100]);
                let answer = serde_json::to_string(&file).unwrap().len();
                let nearly = LARGEST_ANSWER / 10 * 7..LARGEST_ANSWER / 10 * 9;
                assert!(nearly.contains(&answer), "{text:?} {form:?}: {answer}");
            }
        }
    }
}
