//! Server that answers every request with success and records it.

use std::{
    collections::BTreeSet,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
};

use serde_json::Value;

/// Answer that suits a call and a list alike.
const ANSWER: &str = r#"{"id":"x_1","data":[],"next_href":null,"valid":true}"#;

/// Request: its route without identifiers, the names in its query and its body, and its body.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) route: String,
    pub(crate) names: BTreeSet<String>,
    pub(crate) body: Vec<u8>,
}

/// Recording server.
pub(crate) struct Fake;

impl Fake {
    /// Runs `latchhook` with those words; returns its requests.
    pub(crate) fn asked_by(words: &[String]) -> Vec<Asked> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                while let Some(one) = read(&stream) {
                    // A command that has its answer may end at once: its request is recorded before.
                    kept.lock().unwrap().push(one);
                    if answer(&stream).is_err() {
                        break;
                    }
                }
            }
        });
        let output = Command::new(env!("CARGO_BIN_EXE_latchhook"))
            .env_clear()
            .args(words)
            .args(["--url", &url, "--token", "lhop_x", "--account", "acct_1"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        std::mem::take(&mut asked.lock().unwrap())
    }
}

/// Answers a request with [`ANSWER`].
fn answer(mut stream: &TcpStream) -> io::Result<()> {
    let length = ANSWER.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{ANSWER}")
}

/// Reads a request, its head and its body; `None` when the connection has ended.
pub(crate) fn request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let lower = head.to_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// Reads what the next request of a connection asks for; `None` when it has ended.
fn read(stream: &TcpStream) -> Option<Asked> {
    let (head, body) = request(stream)?;
    let mut words = head.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query.split('&').filter_map(|pair| pair.split('=').next());
    let mut names: BTreeSet<String> = query.map(str::to_owned).collect();
    if let Ok(Value::Object(fields)) = serde_json::from_slice(&body) {
        names.extend(fields.keys().cloned());
    }
    Some(Asked { route: format!("{method} {}", route(path)), names, body })
}

/// Returns a path with `{id}` or `{name}` in the place of identifiers.
fn route(path: &str) -> String {
    let part = |part: &str| match part {
        "a.b" => "{name}".to_owned(),
        part if part.ends_with("_1") => "{id}".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
