//! Helper processes that the bench starts beside the server.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// Starts the bench as the helper of that name.
fn bench(helper: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    command.arg(helper);
    command
}

#[test]
fn the_load_of_the_bench_reaches_its_sink() {
    let mut sink = bench("sink").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut orders = sink.stdin.take().unwrap();
    let mut answers = BufReader::new(sink.stdout.take().unwrap()).lines();
    let port = answers.next().unwrap().unwrap();
    let body = r#"{"id":"bench-0000000000000000000-0000000000"}"#;
    let length = body.len();
    let plan = json!({
        "to": format!("127.0.0.1:{port}"),
        "request": format!("POST /ok/1 HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}"),
        "accounts": [],
        "connections": 4, "until": {"count": 500}, "rate": null, "first": 7
    });
    let done = piped(bench("load"), &plan.to_string());
    assert_eq!(done["answers"], json!({"200": 500}));
    writeln!(orders, "\"tell\"").unwrap();
    let told: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
    assert_eq!((&told["count"], &told["distinct"]), (&json!(500), &json!(500)));
    drop(orders);
    assert!(sink.wait().unwrap().success());
}

/// Runs `command` with `input`; returns its output as JSON.
fn piped(mut command: Command, input: &str) -> Value {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
