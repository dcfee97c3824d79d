//! The processes of a bench; each is killed when it is dropped.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use domain::Secret;
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use super::{
    load::{Done, Plan},
    proc,
    sink::{Arrivals, Order},
    wire::{self, Connection},
};
use crate::{client::Client, failure::Failure, system};

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is asked whether it is up.
const LOOK: Duration = Duration::from_millis(1);

/// A server on a directory of its own.
pub(super) struct Server {
    process: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Its operator's token.
    pub(super) token: Secret,
    /// From its start to its first healthy answer.
    pub(super) healthy_after: Duration,
}

impl Server {
    /// Starts a server on `directory` and waits until it is up.
    pub(super) async fn start(directory: &Path) -> Result<Self, Failure> {
        let address = unused_address().await?;
        let token = Secret::new(format!("lhop_{}", "bench".repeat(8)));
        let log = std::fs::File::options().create(true).append(true).open(directory.join("log"));
        let log = log.map_err(|why| Failure::of("the server's log", why))?;
        let began = system::monotonic();
        let process = this_program("serve")?
            .arg("--data-dir")
            .arg(directory.join("data"))
            .args(["--listen", &address.to_string()])
            .args(["--allow-networks", "127.0.0.0/8", "--rate-limit", &u32::MAX.to_string()])
            .args(["--log", "warn"])
            .env("LATCHHOOK_OPERATOR_TOKEN", token.expose())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|why| Failure::of("starting the server", why))?;
        let mut server = Self { process, address, token, healthy_after: Duration::ZERO };
        server.until_healthy(directory).await?;
        server.healthy_after = system::elapsed(began);
        Ok(server)
    }

    async fn until_healthy(&mut self, directory: &Path) -> Result<(), Failure> {
        let log = directory.join("log");
        let began = system::monotonic();
        while !is_healthy(self.address).await {
            let ended = self.process.try_wait().map_err(|why| Failure::of("the server", why))?;
            if ended.is_some() || system::elapsed(began) > PATIENCE {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(Failure::of("the server does not answer; it said", said));
            }
            system::sleep(LOOK).await;
        }
        Ok(())
    }

    /// A client of it, for the operator.
    pub(super) fn client(&self) -> Client {
        Client::new(&format!("http://{}", self.address), self.token.clone(), None)
    }

    /// Its process id.
    pub(super) fn pid(&self) -> Result<u32, Failure> {
        self.process.id().ok_or_else(|| Failure::Failed("the server has ended".to_owned()))
    }

    /// Seconds of processor it has used.
    pub(super) fn cpu_seconds(&self) -> Result<f64, Failure> {
        proc::cpu_seconds(self.pid()?)
    }

    /// Asks it to end (SIGTERM); how long that took.
    pub(super) async fn stop(mut self) -> Result<Duration, Failure> {
        let pid = i32::try_from(self.pid()?).ok().and_then(rustix::process::Pid::from_raw);
        let pid = pid.ok_or_else(|| Failure::Failed("the server has no process id".to_owned()))?;
        let began = system::monotonic();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)
            .map_err(|why| Failure::of("SIGTERM", why))?;
        let status = self.process.wait().await.map_err(|why| Failure::of("SIGTERM", why))?;
        if status.success() {
            Ok(system::elapsed(began))
        } else {
            Err(Failure::of("the server did not end well", status))
        }
    }

    /// Kills it (SIGKILL).
    pub(super) async fn kill(mut self) -> Result<(), Failure> {
        self.process.kill().await.map_err(|why| Failure::of("SIGKILL", why))
    }
}

async fn is_healthy(address: SocketAddr) -> bool {
    let ask = async {
        let mut connection = Connection::over(TcpStream::connect(address).await?)?;
        connection.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await?;
        let answer = connection.read().await?;
        Ok::<_, std::io::Error>(answer.and_then(|answer| wire::status(connection.head(&answer))))
    };
    ask.await.is_ok_and(|status| status == Some(200))
}

/// An address of this machine where nothing listens.
pub(super) async fn unused_address() -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let address = listener.and_then(|listener| listener.local_addr());
    address.map_err(|why| Failure::of("finding a port", why))
}

/// This program again, without what configures a server in the environment.
fn this_program(command: &str) -> Result<Command, Failure> {
    let program =
        std::env::current_exe().map_err(|why| Failure::of("finding this program", why))?;
    let mut child = Command::new(program);
    child.arg(command).kill_on_drop(true);
    for setting in crate::config::taken() {
        child.env_remove(setting.env);
    }
    Ok(child)
}

/// A helper that prints its port first.
pub(super) struct Helper {
    _process: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

impl Helper {
    /// Starts `latchhook COMMAND`.
    pub(super) async fn start(command: &str) -> Result<Self, Failure> {
        let mut process = this_program(command)?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|why| Failure::of(command, why))?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| Failure::of(command, "no pipes"))?;
        let mut answers = BufReader::new(answers).lines();
        let port: u16 = answer(&mut answers).await?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        Ok(Self { _process: process, orders, answers, address })
    }

    /// Tells a sink what to do; what had arrived by then.
    pub(super) async fn order(&mut self, order: Order) -> Result<Arrivals, Failure> {
        let line = serde_json::to_string(&order).map_err(|why| Failure::of("an order", why))?;
        let written = self.orders.write_all(format!("{line}\n").as_bytes()).await;
        written.map_err(|why| Failure::of("telling the sink", why))?;
        answer(&mut self.answers).await
    }
}

async fn answer<T: DeserializeOwned>(
    lines: &mut Lines<BufReader<ChildStdout>>,
) -> Result<T, Failure> {
    let line = lines.next_line().await.map_err(|why| Failure::of("a helper", why))?;
    let line = line.ok_or_else(|| Failure::Failed("a helper has ended".to_owned()))?;
    serde_json::from_str(&line).map_err(|why| Failure::of("a helper's answer", why))
}

/// Sends a load from a process of its own.
pub(super) async fn load(plan: &Plan) -> Result<Done, Failure> {
    let mut process = this_program("bench-load")?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| Failure::of("starting the load", why))?;
    let text = serde_json::to_vec(plan).map_err(|why| Failure::of("the plan", why))?;
    if let Some(mut stdin) = process.stdin.take() {
        stdin.write_all(&text).await.map_err(|why| Failure::of("the plan", why))?;
    }
    let output = process.wait_with_output().await.map_err(|why| Failure::of("the load", why))?;
    if !output.status.success() {
        return Err(Failure::of("the load ended with", output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|why| Failure::of("what the load said", why))
}
