//! Tests of the command line with real processes, against a real server.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bytes;
mod fake;
mod following;
mod importing;
mod moving;
mod routes;
mod server;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use server::Server;

/// Returns `latchhook` with an empty environment.
fn latchhook(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchhook"));
    command.env_clear().args(arguments);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[cfg(not(feature = "aws"))]
#[test]
fn commands_that_need_aws_say_how_to_build_with_it() {
    let refused = latchhook(&["redrive"]).output().unwrap();
    assert_eq!(code(&refused), Some(2), "{refused:?}");
    assert!(text(&refused.stderr).contains("--features aws"), "{refused:?}");
}

#[test]
fn data_of_version_0_1_0_is_whole_before_its_first_start_too() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios/data/v0.1.0");
    let directory = tempfile::tempdir().unwrap();
    for name in ["latchhook.db", "key-ring"] {
        std::fs::copy(format!("{kept}/{name}"), directory.path().join(name)).unwrap();
    }
    for (path, mode) in
        [(directory.path().join("key-ring"), 0o600), (directory.path().into(), 0o700)]
    {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let path = directory.path().to_str().unwrap();
    for (command, whole) in [("check", "is whole"), ("rebuild", "each equals the one it replaces")]
    {
        let output = latchhook(&[command, "--data-dir", path]).output().unwrap();
        assert_eq!(code(&output), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
        assert!(text(&output.stdout).contains(whole), "{}", text(&output.stdout));
    }
}

#[test]
fn a_wrong_configuration_reports_all_problems_and_exits_2() {
    let refused = latchhook(&["serve", "--listen", "here", "--rate-limit", "0"])
        .env("LATCHHOOK_RETRY_SCHEDULE", "often")
        .output()
        .unwrap();
    assert_eq!(code(&refused), Some(2));
    let said = text(&refused.stderr);
    for place in ["--listen", "--rate-limit", "LATCHHOOK_RETRY_SCHEDULE"] {
        assert!(said.contains(place), "{place} is not in {said}");
    }
    assert!(refused.stdout.is_empty());
}

#[test]
fn a_server_that_is_not_there_exits_3_and_a_missing_token_2() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{unused}");
    let list = ["accounts", "list", "--url", &url];
    assert_eq!(code(&latchhook(&list).output().unwrap()), Some(2));
    let unreachable = latchhook(&list).env("LATCHHOOK_OPERATOR_TOKEN", "lhop_x").output().unwrap();
    assert_eq!(code(&unreachable), Some(3), "{}", text(&unreachable.stderr));
}

#[test]
fn health_needs_no_token_and_says_by_its_exit_code_whether_the_server_is_ready() {
    let server = Server::start(&[]);
    let healthy = latchhook(&["health", "--url", &server.url()]).output().unwrap();
    assert_eq!(code(&healthy), Some(0), "{}", text(&healthy.stderr));
    assert!(text(&healthy.stdout).contains("ok"), "{healthy:?}");
    let url = server.url();
    drop(server);
    let unreachable = latchhook(&["health", "--url", &url]).output().unwrap();
    assert_eq!(code(&unreachable), Some(3), "{}", text(&unreachable.stderr));
}

#[test]
fn the_version_and_the_completions_are_printed() {
    let version = latchhook(&["--version"]).output().unwrap();
    assert_eq!(text(&version.stdout), concat!("latchhook ", env!("CARGO_PKG_VERSION"), "\n"));
    let script = latchhook(&["completions", "bash"]).output().unwrap();
    assert_eq!(code(&script), Some(0));
    assert!(text(&script.stdout).contains("latchhook"));
}

#[test]
fn listening_goes_on_where_nobody_reads_what_is_said_beside_it() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut listening = latchhook(&["listen", "--port", &port.to_string(), "--json"])
        .stdout(Stdio::piped())
        .stderr(writer)
        .spawn()
        .unwrap();
    let mut receiver = loop {
        if let Ok(receiver) = std::net::TcpStream::connect(("127.0.0.1", port)) {
            break receiver;
        }
        assert_eq!(listening.try_wait().unwrap(), None, "it ended");
        std::thread::yield_now();
    };
    write!(receiver, "POST / HTTP/1.1\r\nhost: me\r\ncontent-length: 2\r\n\r\n{{}}").unwrap();
    let told = BufReader::new(listening.stdout.take().unwrap()).lines().next();
    listening.kill().unwrap();
    listening.wait().unwrap();
    assert!(told.unwrap().unwrap().contains(r#""status":200"#));
}

#[test]
fn the_demo_delivers_and_verifies_everything() {
    let demo = latchhook(&["demo", "--exit", "--listen", "127.0.0.1:0"]).output().unwrap();
    let told = text(&demo.stdout);
    assert_eq!(code(&demo), Some(0), "{told}\n{}", text(&demo.stderr));
    assert!(told.contains("8 events accepted, 8 delivered"), "{told}");
    assert!(told.contains("8 verified by the standardwebhooks library"), "{told}");
    assert!(told.contains("retried  ") && told.contains("answered 503"), "{told}");
    assert!(told.contains("the usual one is 10x1m,24x1h"), "{told}");
}

#[test]
fn an_operator_sets_an_account_up_and_listen_verifies_what_it_is_sent() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme", "--external-id", "c1"]);
    let account = account["id"].as_str().unwrap();
    let on = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--account", account]);
        server.json(&all)
    };

    let key = on(&["keys", "create", "--name", "laptop"]);
    let verified = server.json(&["keys", "verify", key["key"].as_str().unwrap()]);
    assert_eq!((&verified["valid"], &verified["key_id"]), (&json!(true), &key["id"]));

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/hooks");
    let webhook = on(&["webhooks", "create", &url, "--event-type", "report.*", "--include-object"]);
    assert_eq!(webhook["event_types"], json!(["report.*"]));
    let mut listener = Listening::start(port, webhook["signing_secret"].as_str().unwrap());

    let mut send = server.command(&["events", "send", "-", "--environment", "test", "--json"]);
    send.args(["--account", account]);
    let event =
        json!({"type": "report.completed", "data": {"object": {"id": "1", "object": "report"}}});
    let accepted = piped(send, &event.to_string());
    let arrived = listener.next();
    assert_eq!(arrived["verified"], true, "{arrived}");
    assert_eq!(arrived["webhook_id"], accepted["id"]);
    assert_eq!(arrived["body"]["type"], "report.completed");

    on(&["webhooks", "ping", webhook["id"].as_str().unwrap()]);
    assert_eq!(listener.next()["body"]["type"], "webhook.ping");
    let listed = on(&["events", "get", accepted["id"].as_str().unwrap()]);
    assert_eq!(listed["deliveries"][0]["webhook_id"], webhook["id"]);
}

#[test]
fn the_log_of_deliveries_shows_what_the_target_of_listen_answered() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme"])["id"].as_str().unwrap().to_owned();
    let on = |line: &[&str]| server.json(&[line, &["--account", &account]].concat());
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let forward = format!("http://{}/hooks", target.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = target.accept().unwrap();
        let mut reader = BufReader::new(&stream);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        let answer = "HTTP/1.1 422 No\r\nx-why: teapot\r\ncontent-length: 12\r\n\r\nno such user";
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let webhook = on(&["webhooks", "create", &format!("http://127.0.0.1:{port}/")]);
    let secret = webhook["signing_secret"].as_str().unwrap();
    let mut listening = Listening::with(port, secret, &["--forward", &forward]);
    on(&["webhooks", "ping", webhook["id"].as_str().unwrap()]);
    let arrived = listening.next();
    assert_eq!((&arrived["status"], &arrived["verified"]), (&json!(422), &json!(true)));
    let rows = ["logs", "--status", "422", "--json", "--account", &account];
    let row = until(|| {
        let rows = server.command(&rows).output().unwrap();
        serde_json::from_slice::<Value>(&rows.stdout).ok()
    });
    assert_eq!(row["response_status"], 422);
    assert_eq!(row["response"]["headers"]["x-why"], "teapot");
    assert_eq!(row["response"]["body_excerpt"], "no such user");
}

/// Deliveries to `latchhook listen --scenario`, on a schedule on which nothing is tried again by itself.
struct Scenario {
    server: Server,
    account: String,
    listening: Listening,
    event: String,
    webhook: String,
}

impl Scenario {
    fn of(scenario: &str) -> Self {
        let flags = ["--retry-schedule", "3x1h", "--delivery-timeout", "1s"];
        let server = Server::start(&flags);
        let account =
            server.json(&["accounts", "create", "Acme"])["id"].as_str().unwrap().to_owned();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/");
        let webhook = server.json(&["webhooks", "create", &url, "--account", &account]);
        let secret = webhook["signing_secret"].as_str().unwrap();
        let listening = Listening::with(port, secret, &["--scenario", scenario]);
        let webhook = webhook["id"].as_str().unwrap().to_owned();
        let mut made = Self { server, account, listening, event: String::new(), webhook };
        made.event = made.sent();
        made
    }

    /// Sends an event, and returns it.
    fn sent(&self) -> String {
        let arguments = ["events", "send", "-", "--environment", "test", "--json", "--account"];
        let mut send = self.server.command(&arguments);
        send.arg(&self.account);
        let event = json!({"type": "a.b", "data": {"object": {"id": "1", "object": "report"}}});
        piped(send, &event.to_string())["id"].as_str().unwrap().to_owned()
    }

    /// Returns the delivery once it has had this many attempts.
    fn delivery(&self, attempts: u64) -> Value {
        until(|| {
            let get = ["events", "get", &self.event, "--account", &self.account];
            let delivery = self.server.json(&get)["deliveries"][0].clone();
            (delivery["attempts"] == attempts).then_some(delivery)
        })
    }

    fn advance(&self) {
        let advance = ["events", "advance", &self.event, &self.webhook, "--account", &self.account];
        _ = self.server.json(&advance);
    }

    /// Returns the last attempt.
    fn attempt(&self) -> Value {
        let logs = ["logs", "--event", &self.event, "--account", &self.account, "--json"];
        let rows = self.server.command(&logs).output().unwrap();
        serde_json::from_slice(rows.stdout.split(|byte| *byte == b'\n').next().unwrap()).unwrap()
    }
}

#[test]
fn a_receiver_that_is_down_once_takes_the_attempt_that_is_made_ahead_of_its_time() {
    let mut scenario = Scenario::of("503-then-200");
    assert_eq!(scenario.listening.next()["status"], 503);
    assert_eq!(scenario.delivery(1)["status"], "retrying");
    scenario.advance();
    assert_eq!(scenario.listening.next()["status"], 200);
    assert_eq!(scenario.delivery(2)["status"], "delivered");
    // The next event is refused once as well.
    _ = scenario.sent();
    assert_eq!(scenario.listening.next()["status"], 503);
}

#[test]
fn a_busy_receiver_asks_for_more_time() {
    let mut scenario = Scenario::of("429-then-200");
    assert_eq!(scenario.listening.next()["status"], 429);
    _ = scenario.delivery(1);
    assert_eq!(scenario.attempt()["response"]["headers"]["retry-after"], "90");
    scenario.advance();
    assert_eq!(scenario.listening.next()["status"], 200);
    assert_eq!(scenario.delivery(2)["status"], "delivered");
}

#[test]
fn a_receiver_that_never_answers_or_too_late_fails_by_timeout() {
    for (scenario, status) in [("timeout", json!(null)), ("slow", json!(200))] {
        let mut scenario = Scenario::of(scenario);
        assert_eq!(scenario.listening.next()["status"], status);
        assert_eq!(scenario.delivery(1)["status"], "retrying");
        assert_eq!(scenario.attempt()["error"]["code"], "timeout");
    }
}

#[test]
fn a_receiver_that_is_gone_disables_its_webhook() {
    let mut scenario = Scenario::of("410");
    assert_eq!(scenario.listening.next()["status"], 410);
    assert_eq!(scenario.delivery(1)["status"], "cancelled");
    let webhook = until(|| {
        let get = ["webhooks", "get", &scenario.webhook, "--account", &scenario.account];
        let webhook = scenario.server.json(&get);
        (webhook["status"] == "disabled").then_some(webhook)
    });
    assert_eq!(webhook["disabled_reason"], "gone");
}

#[test]
fn a_receiver_that_redirects_or_is_flaky_fails() {
    let mut redirect = Scenario::of("redirect");
    assert_eq!(redirect.listening.next()["status"], 302);
    assert_eq!(redirect.delivery(1)["status"], "retrying");
    let mut flaky = Scenario::of("flaky");
    for expected in [500, 200, 500] {
        assert_eq!(flaky.listening.next()["status"], expected);
        _ = flaky.sent();
    }
}

#[test]
fn a_refusal_prints_its_code_on_stderr_and_exits_1() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme"]);
    let refused = server
        .command(&["keys", "create", "--environment", "live"])
        .args(["--account", account["id"].as_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(code(&refused), Some(1));
    let said = text(&refused.stderr);
    assert!(said.contains("(account_not_credentialed") && said.contains("req_"), "{said}");
    assert!(refused.stdout.is_empty());
}

#[test]
fn a_wrong_variable_exits_2_and_is_named() {
    for (variable, value) in [("LATCHHOOK_ACCOUNT", "wh_1"), ("LATCHHOOK_URL", "example.com")] {
        let mut list = latchhook(&["keys", "list"]);
        let list = list.env("LATCHHOOK_OPERATOR_TOKEN", "lhop_x").env(variable, value);
        let refused = list.output().unwrap();
        assert_eq!(code(&refused), Some(2));
        assert!(text(&refused.stderr).contains(&format!("{variable} must be")), "{refused:?}");
    }
    let no_account = latchhook(&["keys", "list", "--token", "lhop_x"]).output().unwrap();
    assert_eq!(code(&no_account), Some(2));
    assert!(text(&no_account.stderr).contains("LATCHHOOK_ACCOUNT or --account"));
}

#[test]
fn a_pipe_gets_the_requested_field_first_without_decoration() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme"])["id"].as_str().unwrap().to_owned();
    let says = |line: &[&str]| {
        let output = server.command(line).args(["--account", &account]).output().unwrap();
        assert_eq!(code(&output), Some(0), "{line:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    let key = says(&["keys", "create", "--name", "laptop", "--expires-at", "30d"]);
    let secret = key.lines().next().unwrap().strip_prefix("key\tlh_sk_test_").unwrap();
    assert!(key.contains("\nname\tlaptop\n"), "{key}");
    assert!(
        says(&["webhooks", "create", "https://example.com/"]).starts_with("signing_secret\twhsec_")
    );
    let link = says(&["portal-sessions", "create", "--expires-in", "5m"]);
    assert!(link.starts_with("url\thttp://127.0.0.1:"), "{link}");
    let link = link.lines().next().unwrap().split_once('\t').unwrap().1;
    assert!(says(&["portal-sessions", "redeem", link]).starts_with("token\tlhps_"));
    let listed = says(&["keys", "list"]);
    assert_eq!((listed.lines().count(), listed.split('\t').count()), (1, 9), "{listed}");
    assert!(says(&["audit", "--since", "1h", "--type", "api_key.created"]).contains("\tkey_"));
    assert_eq!(says(&["webhooks", "list", "--environment", "live"]), "");
    for shown in [&key, &listed] {
        assert!(!shown.contains('\u{1b}') && !shown.contains("  "), "{shown}");
    }

    // The key authenticates its own account.
    let token = format!("lh_sk_test_{secret}");
    let mut own = latchhook(&["accounts", "get", "--json", "--url", &server.url()]);
    let own = own.env("LATCHHOOK_OPERATOR_TOKEN", token).output().unwrap();
    assert!(text(&own.stdout).contains(&account), "{own:?}");
}

#[test]
fn irreversible_commands_do_nothing_in_a_pipe_without_yes() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme"])["id"].as_str().unwrap().to_owned();
    let key = server.json(&["keys", "create", "--account", &account]);
    let expire = ["keys", "expire", key["id"].as_str().unwrap(), "--account", &account];
    let refused = server.command(&expire).output().unwrap();
    assert_eq!(code(&refused), Some(2));
    assert!(text(&refused.stderr).contains("add --yes"), "{refused:?}");
    let key = key["key"].as_str().unwrap();
    assert_eq!(server.json(&["keys", "verify", key])["valid"], true);
    server.json(&[&expire[..], &["--yes"]].concat());
    let verified = server.command(&["keys", "verify", key, "--json"]).output().unwrap();
    assert_eq!(code(&verified), Some(1));
    assert!(text(&verified.stdout).contains(r#""code":"expired""#), "{verified:?}");
}

#[test]
fn the_first_start_prints_a_token_once_and_rotating_replaces_it() {
    let server = Server::start(&["--without-token"]);
    let token = server.printed_token().unwrap();
    let works = |server: &Server, token: &str| {
        let mut list = latchhook(&["accounts", "list", "--json", "--url", &server.url()]);
        code(&list.env("LATCHHOOK_OPERATOR_TOKEN", token).output().unwrap())
    };
    assert_eq!(works(&server, &token), Some(0));

    let directory = server.stop();
    let data = directory.path().to_str().unwrap();
    let rotated = latchhook(&["operator-token", "rotate", "--data-dir", data]).output().unwrap();
    let rotated = text(&rotated.stdout).trim().to_owned();
    let server = Server::on(directory, &["--without-token"]);
    assert_eq!(server.printed_token(), None);
    assert_eq!(works(&server, &token), Some(1));
    assert_eq!(works(&server, &rotated), Some(0));
}

#[test]
fn a_backup_is_taken_while_the_server_runs_and_a_rebuild_when_it_does_not() {
    let server = Server::start(&[]);
    server.json(&["accounts", "create", "Acme"]);
    let data = server.data().to_owned();
    let copy = server.data_path().with_extension("copy");
    let backup = ["backup", "--data-dir", &data, copy.to_str().unwrap()];
    assert_eq!(code(&latchhook(&backup).output().unwrap()), Some(0));
    assert!(copy.metadata().unwrap().len() > 0);
    assert_eq!(code(&latchhook(&backup).output().unwrap()), Some(2), "it is already there");
    let nowhere = ["backup", "--data-dir", "/nowhere", "copy"];
    assert_eq!(code(&latchhook(&nowhere).output().unwrap()), Some(2), "there is no such directory");
    std::fs::remove_file(&copy).unwrap();

    let rebuild = ["rebuild", "--data-dir", &data];
    let busy = latchhook(&rebuild).output().unwrap();
    assert_eq!(code(&busy), Some(1));
    assert!(text(&busy.stderr).contains("in use"), "{}", text(&busy.stderr));
    let _directory = server.stop();
    let done = latchhook(&rebuild).output().unwrap();
    assert_eq!(code(&done), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("each equals the one it replaces"));
}

/// Runs `command` with `input`.
fn given(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Returns the JSON that a successful command prints when it reads `input`.
fn piped(command: Command, input: &str) -> Value {
    let output = given(command, input);
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Calls `look` until it returns a value; each call runs a process.
fn until<T>(look: impl Fn() -> Option<T>) -> T {
    (0..500).find_map(|_| look()).unwrap()
}

/// `latchhook listen`, stopped when it is dropped.
struct Listening {
    process: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Listening {
    fn start(port: u16, secret: &str) -> Self {
        Self::with(port, secret, &[])
    }

    fn with(port: u16, secret: &str, flags: &[&str]) -> Self {
        let mut process = latchhook(&["listen", "--port", &port.to_string(), "--json"])
            .args(flags)
            .env("LATCHHOOK_SIGNING_SECRET", secret)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let welcome = BufReader::new(process.stderr.take().unwrap()).lines().next();
        assert!(welcome.unwrap().unwrap().contains("Signatures are verified."));
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    fn next_line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.next_line()).unwrap()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
