//! Bytes of events and schemas, unchanged from input to output: real processes, end to end.

use std::{io::Write as _, net::TcpListener, process::Stdio};

use crate::{Listening, fake::Fake, server::Server, text};

/// Object that a parser would write differently: order, numbers, escapes.
const OBJECT: &str = r#"{"object":"report","id":"1","z":1.10,"a":12345678901234567890123,"e":1E+2,"u":"\u00e9\/","y":[-0.0,1.000]}"#;

fn event() -> String {
    format!(r#"{{"type":"report.completed","data":{{"object":{OBJECT}}}}}"#)
}

/// Creates an account of `server`.
fn account(server: &Server) -> String {
    server.json(&["accounts", "create", "Acme"])["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_event_keeps_its_bytes_from_the_file_to_the_receiver_and_the_logs() {
    let server = Server::start(&[]);
    let account = account(&server);
    let says = |line: &[&str], input: &str| {
        let mut command = server.command(line);
        let command = command.args(["--json", "--account", &account]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{line:?}");
        text(&output.stdout)
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let webhook =
        server.json(&["webhooks", "create", &url, "--include-object", "--account", &account]);
    let mut listening = Listening::start(port, webhook["signing_secret"].as_str().unwrap());

    let accepted = says(&["events", "send", "-", "--environment", "test"], &event());
    assert!(accepted.contains(OBJECT) && accepted.ends_with("}\n"), "{accepted}");
    let accepted: serde_json::Value = serde_json::from_str(&accepted).unwrap();
    let id = accepted["id"].as_str().unwrap();

    let heard = listening.next_line();
    assert!(heard.contains(&format!(r#""data":{{"object":{OBJECT}}}"#)), "{heard}");
    let shown = says(&["events", "get", id], "");
    assert!(shown.contains(OBJECT), "{shown}");
    assert!(says(&["api", &format!("/v1/events/{id}")], "").contains(OBJECT));
    let listed = says(&["events", "list"], "");
    assert!(listed.contains(OBJECT) && listed.lines().count() == 1, "{listed}");

    let rows =
        crate::until(|| Some(says(&["logs", "--event", id], "")).filter(|it| !it.is_empty()));
    let row: serde_json::Value = serde_json::from_str(&rows).unwrap();
    let row = says(&["logs", "get", row["id"].as_str().unwrap()], "");
    let row: serde_json::Value = serde_json::from_str(&row).unwrap();
    assert!(row["request"]["body"].as_str().unwrap().contains(OBJECT), "{row}");

    let data = format!(r#"{{"object":{OBJECT}}}"#);
    let line = ["events", "send", "--type", "report.completed", "--environment", "test", "--data"];
    assert!(says(&[&line[..], &[&data]].concat(), "").contains(OBJECT));
}

#[test]
fn repeated_names_and_white_space_reach_the_server_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    let event = r#"{"type": "a.b", "environment":"test","data":{"object":{"id":"1"},"object":{}}}"#;
    std::fs::write(&file, format!("[ {event} ]\n")).unwrap();
    let words = ["events", "send", file.to_str().unwrap(), "--environment", "live"];
    let asked = Fake::asked_by(&words.map(str::to_owned));
    assert_eq!(text(&asked[0].body), event);
}

#[test]
fn a_byte_order_mark_before_the_events_of_a_file_is_no_part_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    let event = r#"{"type":"a.b","environment":"test","data":{"object":{"id":"1"}}}"#;
    std::fs::write(&file, format!("\u{feff}{event}\r\n{event}\r\n")).unwrap();
    let asked = Fake::asked_by(&["events", "send", file.to_str().unwrap()].map(str::to_owned));
    assert_eq!(asked.iter().map(|one| text(&one.body)).collect::<Vec<_>>(), [event, event]);
}

#[test]
fn a_schema_is_sent_and_shown_as_it_is_written() {
    let server = Server::start(&[]);
    let schema = r#"{"type":"object","properties":{"z":{"maximum":1.10},"a":{"maximum":12345678901234567890123}}}"#;
    let file = server.data_path().with_extension("schema");
    std::fs::write(&file, schema).unwrap();
    let put = ["event-types", "put", "a.b", "--schema", file.to_str().unwrap(), "--json"];
    let put = server.command(&put).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(text(&put.stdout).contains(schema), "{put:?}");
    let listed = server.command(&["event-types", "list", "--json"]).output().unwrap();
    assert!(text(&listed.stdout).contains(schema), "{listed:?}");
}
