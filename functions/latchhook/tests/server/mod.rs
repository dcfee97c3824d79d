//! Server under test.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

const TOKEN: &str = "lhop_CommandLine0123456789ABCDEFGHIJabcdef";
/// Time limit of a server's start.
const PATIENCE: Duration = Duration::from_secs(30);

/// Running `latchhook serve`, killed when it is dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// Lines that it wrote before it announced that it serves.
    said: Vec<String>,
    directory: Option<TempDir>,
}

impl Server {
    /// Starts a server on a fresh directory; with `--without-token`, one that makes its own token.
    /// Other flags are passed on.
    pub(crate) fn start(how: &[&str]) -> Self {
        Self::on(tempfile::tempdir().unwrap(), how)
    }

    /// Starts a server on that directory.
    pub(crate) fn on(directory: TempDir, how: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchhook"));
        command.env_clear().args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.args(["--allow-networks", "127.0.0.0/8", "--data-dir"]).arg(directory.path());
        command.args(how.iter().filter(|flag| **flag != "--without-token"));
        if !how.contains(&"--without-token") {
            command.env("LATCHHOOK_OPERATOR_TOKEN", TOKEN);
        }
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = lines(&mut process);
        let mut said = Vec::new();
        let address = loop {
            let line = lines.recv_timeout(PATIENCE).expect("it serves");
            let json: Option<Value> = serde_json::from_str(&line).ok();
            if let Some(address) = json.as_ref().and_then(|json| json["address"].as_str()) {
                break address.to_owned();
            }
            said.push(line);
        };
        Self { process, address, said, directory: Some(directory) }
    }

    /// Returns its URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns its data directory.
    pub(crate) fn data_path(&self) -> &Path {
        self.directory.as_ref().unwrap().path()
    }

    /// Returns its data directory, as text.
    pub(crate) fn data(&self) -> &str {
        self.data_path().to_str().unwrap()
    }

    /// Returns the operator token that it printed.
    pub(crate) fn printed_token(&self) -> Option<String> {
        let line = self.said.iter().find(|line| line.trim().starts_with("lhop_"));
        line.map(|line| line.trim().to_owned())
    }

    /// Returns a client command for it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchhook"));
        command.env_clear().args(arguments);
        command.env("LATCHHOOK_URL", self.url()).env("LATCHHOOK_OPERATOR_TOKEN", TOKEN);
        command
    }

    /// Returns the output of a client command that succeeds.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).arg("--json").output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Stops it as a service manager does, and returns its directory.
    pub(crate) fn stop(mut self) -> TempDir {
        let pid = i32::try_from(self.process.id()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(pid.unwrap(), rustix::process::Signal::TERM).unwrap();
        assert!(self.process.wait().unwrap().success());
        self.directory.take().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the lines of its standard error, until it ends.
fn lines(process: &mut Child) -> Receiver<String> {
    let (to, lines) = channel();
    let written = BufReader::new(process.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in written.map_while(Result::ok) {
            // The test may have stopped reading; the lines must be read nevertheless.
            let _ = to.send(line);
        }
    });
    lines
}
