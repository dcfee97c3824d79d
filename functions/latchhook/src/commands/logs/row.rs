//! Output of log rows.

use crate::{
    client::Document,
    commands::show,
    context::Context,
    failure::Failure,
    output::{Table, Tone, harmless},
};

/// Prints rows, a line each.
pub(super) fn print(context: &Context, json: bool, rows: &[Document]) -> Result<(), Failure> {
    for row in rows {
        if json {
            context.output.json_text(row.text())?;
        } else {
            context.output.line(line(context, row))?;
        }
    }
    Ok(())
}

/// Prints one row with all its details.
pub(super) fn whole(context: &Context, json: bool, row: &Document) -> Result<(), Failure> {
    if json || row.at("/kind") == "api_request" || !context.output.is_terminal() {
        return show::object(context, json, row, &["id"]);
    }
    let mut table = Table::new(["FIELD", "VALUE"]);
    for (name, _) in row.fields() {
        let cell = row.at(&format!("/{name}"));
        if !matches!(&*name, "object" | "request" | "response") {
            table.row([name.into_owned(), cell]);
        }
    }
    context.output.whole_table(&table)?;
    for (name, place) in [
        ("request headers", "/request/headers"),
        ("request body", "/request/body"),
        ("response headers", "/response/headers"),
        ("response body, the first KiB", "/response/body_excerpt"),
    ] {
        let text = row.at(place);
        if !text.is_empty() {
            show::block(context, name, &show::readable(&text))?;
        }
    }
    Ok(())
}

fn line(context: &Context, row: &Document) -> String {
    let at = |place| harmless(&row.at(place)).replace('\n', "\\n");
    let what = if row.at("/kind") == "api_request" {
        let good = row.at("/status").parse::<u16>().is_ok_and(|status| status < 400);
        let (status, code) = (paint(context, good, at("/status")), at("/error_code"));
        format!("{status}  {} {}  {}  {code}", at("/method"), at("/path"), at("/api_key_id"))
    } else {
        let status = paint(context, row.at("/status") == "succeeded", at("/status"));
        let outcome = [at("/response_status"), at("/error/code")];
        let outcome = outcome.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let outcome = outcome.join(" ");
        let (kind, event, webhook) = (at("/event_type"), at("/event_id"), at("/webhook_id"));
        format!("{status} {outcome}  {kind}  {event}  {webhook}  attempt {}", at("/attempt"))
    };
    let when = context.output.paint(Tone::Quiet, at("/created_at"));
    let took = Some(at("/duration_ms")).filter(|took| !took.is_empty());
    let took = took.map(|took| format!("  {took} ms")).unwrap_or_default();
    format!("{when}  {}{took}", what.trim_end())
}

fn paint(context: &Context, good: bool, text: String) -> String {
    context.output.paint(if good { Tone::Good } else { Tone::Bad }, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{context::Printed, output::Output};

    const ROW: &str = r#"{"id":"log_1","object":"log","kind":"webhook_delivery","status":"failed",
        "error":{"code":"bad_status"},"request":{"headers":{"webhook-id":"evt_1"},
        "body":"{\"z\":1.10,\"a\":12345678901234567890123}"},"response":{"headers":{},
        "body_excerpt":"\u001b[2J no"}}"#;

    fn row() -> Document {
        Document::parse(ROW.as_bytes()).unwrap()
    }

    #[test]
    fn bodies_are_shown_unchanged_but_for_terminal_escapes() {
        let (context, _) = Context::for_test(std::collections::BTreeMap::new());
        let printed = Printed::default();
        let output = Output::to_terminal(printed.clone(), 80);
        whole(&Context { output, ..context }, false, &row()).unwrap();
        let shown = printed.text();
        let body = "request body\n  {\n    \"z\": 1.10,\n    \"a\": 12345678901234567890123\n  }\n";
        assert!(shown.contains(body), "{shown}");
        assert!(shown.contains("\\u001b[2J no") && !shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn status_and_error_of_an_attempt_are_told_apart() {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        let row = r#"{"kind":"webhook_delivery","created_at":"T","status":"failed","attempt":1,
            "response_status":503,"error":{"code":"bad_status"},"event_type":"a.b",
            "event_id":"evt_1","webhook_id":"wh_1","duration_ms":9}"#;
        print(&context, false, &[Document::parse(row.as_bytes()).unwrap()]).unwrap();
        let line = "T  failed 503 bad_status  a.b  evt_1  wh_1  attempt 1  9 ms\n";
        assert_eq!(printed.text(), line);
    }

    #[test]
    fn a_request_without_a_duration_shows_none() {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        let row = r#"{"kind":"api_request","created_at":"T","status":200,"method":"GET",
            "path":"/a\u001b\n","api_key_id":null,"duration_ms":null}"#;
        print(&context, false, &[Document::parse(row.as_bytes()).unwrap()]).unwrap();
        assert_eq!(printed.text(), "T  200  GET /a\\u001b\\n\n");
    }

    #[test]
    fn json_output_is_the_row_as_the_server_sent_it() {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        whole(&context, true, &row()).unwrap();
        print(&context, true, &[row()]).unwrap();
        let line = format!("{}\n", ROW.replace('\n', ""));
        assert_eq!(printed.text(), [&*line, &*line].concat());
    }
}
