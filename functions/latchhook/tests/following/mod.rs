//! Test of `latchhook logs --follow`.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Stdio},
};

use serde_json::Value;

use crate::{moving::receiver::Endpoint, piped, server::Server};

/// `latchhook logs --follow`, stopped when it is dropped.
struct Following {
    process: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Following {
    fn start(server: &Server, account: &str) -> Self {
        let arguments = ["logs", "--follow", "--json", "--account", account];
        let mut process = server.command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// Returns the event whose attempt is shown next, and the attempt's outcome.
    fn next(&mut self) -> (String, String) {
        let row: Value = serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap();
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        (text("event_id"), text("status"))
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_attempt_that_times_out_is_shown_once_among_newer_ones() {
    let server = Server::start(&["--delivery-timeout", "7s", "--retry-schedule", "1x1h"]);
    let account = server.json(&["accounts", "create", "Acme"]);
    let account = account["id"].as_str().unwrap();
    let (fast, hanging) = (Endpoint::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let urls = [fast.url(), format!("http://{}/", hanging.local_addr().unwrap())];
    for (url, event_type) in urls.iter().zip(["fast.x", "slow.x"]) {
        let create = ["webhooks", "create", url, "--event-type", event_type, "--account", account];
        server.json(&create);
    }
    let post = |event_type: &str| {
        let arguments = ["events", "send", "-", "--environment", "test", "--json"];
        let mut command = server.command(&arguments);
        command.args(["--account", account]);
        let event =
            format!(r#"{{"type":"{event_type}","data":{{"object":{{"id":"1","object":"x"}}}}}}"#);
        piped(command, &event)["id"].as_str().unwrap().to_owned()
    };
    let mut following = Following::start(&server, account);
    let slow = post("slow.x");
    let mut shown = Vec::new();
    let mut sent = Vec::new();
    while !shown.contains(&(slow.clone(), "failed".to_owned())) {
        // One at a time, each shown before the next: the newest row is always one of a fast
        // receiver.
        let event = post("fast.x");
        fast.answer(200);
        sent.push((event.clone(), "succeeded".to_owned()));
        while shown.last() != sent.last() {
            shown.push(following.next());
            assert!(shown.len() <= sent.len() + 1, "{shown:?} is shown of {sent:?}");
        }
    }
    assert!(sent.len() > 2, "{sent:?}");
    sent.push((slow, "failed".to_owned()));
    let mut once = shown.clone();
    once.sort_unstable();
    sent.sort_unstable();
    assert_eq!(once, sent, "each exactly once");
}
