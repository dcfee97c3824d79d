//! Process of `latchhook serve`.

use std::{
    io::{Read, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    clock::{PATIENCE, wait_for},
    settings::Settings,
};

/// Running server.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    followers: Followers,
    output: Output,
    pub(crate) address: SocketAddr,
}

/// Output of a process so far, of both streams.
#[derive(Debug, Clone, Default)]
pub(crate) struct Output(Arc<Mutex<Vec<u8>>>);

/// Threads that read a process's output; they end with it.
type Followers = [JoinHandle<()>; 2];

/// End of a process.
#[derive(Debug)]
pub struct Ended {
    /// Exit status.
    pub status: ExitStatus,
    /// Everything that it wrote, on both streams.
    pub output: String,
}

impl Process {
    /// Starts a server on `data` and waits until its stores answer.
    pub(crate) fn start(data: &Path, settings: &Settings, output: Output) -> Self {
        let written_before = output.len();
        let (mut child, followers) = spawn(data, settings, &output);
        let found = wait_for(PATIENCE, || {
            let running = child.try_wait().unwrap().is_none();
            if running { output.address(written_before).map(Some) } else { Some(None) }
        });
        let Some(Some(address)) = found else {
            let _ = child.kill();
            panic!("latchhook serve did not start to listen:\n{}", output.text());
        };
        if wait_for(PATIENCE, || is_ready(address).then_some(())).is_none() {
            let _ = child.kill();
            panic!("latchhook serve did not become ready:\n{}", output.text());
        }
        Self { child, followers, output, address }
    }

    /// Kills the process, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to end.
    pub(crate) fn terminate(&self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Waits until the process has ended by itself; kills it if it doesn't in time.
    pub(crate) fn wait(mut self) -> Option<ExitStatus> {
        let ended = wait_for(PATIENCE, || self.child.try_wait().unwrap());
        if ended.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        read_to_the_end(self.followers);
        ended
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub(crate) fn output(&self) -> &Output {
        &self.output
    }
}

/// Runs a server that is expected to refuse, and waits for its end.
pub(crate) fn refusal(data: &Path, settings: &Settings) -> Ended {
    let output = Output::default();
    let (mut child, followers) = spawn(data, settings, &output);
    let Some(status) = wait_for(PATIENCE, || child.try_wait().unwrap()) else {
        let _ = child.kill();
        panic!("latchhook serve did not refuse:\n{}", output.text());
    };
    read_to_the_end(followers);
    Ended { status, output: output.text() }
}

/// Imports `export` into `data`.
pub(crate) fn import(export: &Path, passphrase: &str, data: &Path) {
    let mut command = Command::new(binary());
    command.arg("import").arg("--to").arg(data).arg(export);
    command.env_clear().env("LATCHHOOK_PASSPHRASE", passphrase).stdin(Stdio::null());
    let output = command.output().expect("latchhook starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs another command of the product on `data`, and waits for its end.
pub(crate) fn other(data: &Path, arguments: &[&str]) -> Ended {
    let ended = Command::new(binary())
        .args(arguments)
        .env_clear()
        .env("LATCHHOOK_DATA_DIR", data)
        .stdin(Stdio::null())
        .output()
        .expect("latchhook starts");
    let output = [ended.stdout, ended.stderr].concat();
    Ended { status: ended.status, output: String::from_utf8_lossy(&output).into_owned() }
}

fn spawn(data: &Path, settings: &Settings, output: &Output) -> (Child, Followers) {
    let mut child = limited(settings.descriptors)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .env_clear()
        .envs(settings.variables())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("latchhook starts");
    let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    (child, [output.follow(stdout), output.follow(stderr)])
}

/// Command of the product, with a limit of file descriptors if there is one.
fn limited(descriptors: Option<u32>) -> Command {
    let Some(most) = descriptors else { return Command::new(binary()) };
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("ulimit -n {most} && exec \"$0\" \"$@\"")).arg(binary());
    command
}

fn read_to_the_end(followers: Followers) {
    for follower in followers {
        follower.join().unwrap();
    }
}

/// Path of the product: `LATCHHOOK_BIN`, or the place where cargo puts it beside the scenarios.
#[expect(clippy::disallowed_methods, reason = "a test run is configured by its environment")]
fn binary() -> PathBuf {
    if let Some(binary) = std::env::var_os("LATCHHOOK_BIN") {
        return binary.into();
    }
    let scenarios = std::env::current_exe().unwrap();
    let binary = scenarios.parent().and_then(Path::parent).unwrap().join("latchhook");
    assert!(binary.exists(), "first `cargo build -p latchhook`: there is no {}", binary.display());
    binary
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: latchhook\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}

impl Output {
    fn follow(&self, mut source: impl Read + Send + 'static) -> JoinHandle<()> {
        let output = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = source.read(&mut buffer) {
                output.0.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Address on which the process says it listens: the first on loopback with a port that is not
    /// 0, in the output after the first `skip` bytes.
    fn address(&self, skip: usize) -> Option<SocketAddr> {
        let text = String::from_utf8_lossy(&self.0.lock().unwrap()[skip..]).into_owned();
        text.match_indices("127.0.0.1:").find_map(|(at, _)| {
            let rest = &text[at + "127.0.0.1:".len()..];
            // If the text ends in the number, more digits may follow.
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let port: u16 = rest[..end].parse().ok()?;
            (port != 0).then(|| SocketAddr::from(([127, 0, 0, 1], port)))
        })
    }
}
