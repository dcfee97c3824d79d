//! Processes of a bench; each is killed when it is dropped.

use std::{
    ffi::OsString,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{
    clock,
    failure::Failure,
    load::{Done, Plan},
    payload,
    sink::Sink,
    wire::{self, Connection},
};

/// Limit for a server's first answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Interval at which it is asked whether it is up.
const LOOK: Duration = Duration::from_millis(1);

/// Programs to start: the server, and this program, which also is its own helpers.
#[derive(Clone)]
pub(crate) struct Program {
    latchhook: PathBuf,
    this: PathBuf,
    /// Environment of the server and of the floor.
    environment: Vec<(&'static str, OsString)>,
}

/// Receiver of deliveries.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// Its URL, without a path.
    pub(crate) url: String,
    /// Way in which it receives.
    pub(crate) sink: Sink,
}

impl Program {
    /// Finds the programs. The server is `latchhook`, or the program of that name beside this one.
    pub(crate) fn find(latchhook: Option<PathBuf>) -> Result<Self, Failure> {
        let this =
            std::env::current_exe().map_err(|why| Failure::of("finding this program", why))?;
        let latchhook = latchhook.unwrap_or_else(|| this.with_file_name("latchhook"));
        if !latchhook.is_file() {
            let why = "build it with cargo build --release -p latchhook, or say --latchhook PATH";
            return Err(Failure::of(&format!("there is no {}", latchhook.display()), why));
        }
        Ok(Self { latchhook, this, environment: vec![] })
    }

    /// Returns the programs with `environment` added to that of the server and of the floor.
    pub(crate) fn with(mut self, environment: [(&'static str, OsString); 2]) -> Self {
        self.environment.extend(environment);
        self
    }

    /// Starts a server without limits, with `settings`, as flags, on `directory` and waits until it is up.
    pub(crate) async fn serve(
        &self,
        directory: &Path,
        settings: &[&str],
    ) -> Result<Server, Failure> {
        let most = u32::MAX.to_string();
        let unlimited = [
            "--rate-limit",
            &most,
            "--account-rate-limit",
            &most,
            "--portal-rate-limit",
            &most,
            "--log-quota",
            "1024GiB",
        ];
        self.serve_with(directory, &[&unlimited, settings].concat()).await
    }

    /// Starts a server with its usual limits and `settings` on `directory` and waits until it is up.
    pub(crate) async fn serve_with(
        &self,
        directory: &Path,
        settings: &[&str],
    ) -> Result<Server, Failure> {
        Server::start(self, directory, settings).await
    }

    /// Starts this program as the helper of that name.
    pub(crate) async fn helper(&self, name: &str) -> Result<Helper, Failure> {
        Helper::start(&mut piped(&self.this, name), name).await
    }

    /// Starts a receiver.
    pub(crate) async fn sink(&self, sink: &Sink) -> Result<(Helper, Receiver), Failure> {
        let mut command = piped(&self.this, "sink");
        let helper = Helper::start(received_by(&mut command, sink), "sink").await?;
        let scheme = if sink.certificate.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", helper.address);
        Ok((helper, Receiver { url, sink: sink.clone() }))
    }

    /// Starts the floor with `settings`, which writes to a file in `directory` and posts to `receiver`.
    pub(crate) async fn floor(
        &self,
        receiver: &Receiver,
        directory: &Path,
        settings: &[&str],
    ) -> Result<Helper, Failure> {
        let mut command = piped(&self.this, "floor");
        command.args(settings);
        command.envs(self.environment.iter().cloned());
        command.arg("--sink").arg(format!("{}/ok/0", receiver.url));
        command.arg("--database").arg(directory.join("floor.db"));
        Helper::start(received_by(&mut command, &receiver.sink), "floor").await
    }

    /// Sends a load from a process of its own.
    pub(crate) async fn load(&self, plan: &Plan) -> Result<Done, Failure> {
        let mut process = piped(&self.this, "load")
            .spawn()
            .map_err(|why| Failure::of("starting the load", why))?;
        let text = serde_json::to_vec(plan).map_err(|why| Failure::of("the plan", why))?;
        if let Some(mut stdin) = process.stdin.take() {
            stdin.write_all(&text).await.map_err(|why| Failure::of("the plan", why))?;
        }
        let output = process.wait_with_output().await;
        let output = output.map_err(|why| Failure::of("the load", why))?;
        if !output.status.success() {
            return Err(Failure::of("the load ended with", output.status));
        }
        serde_json::from_slice(&output.stdout).map_err(|why| Failure::of("what the load said", why))
    }
}

/// Command of the helper of that name, with pipes for its input and output.
fn piped(program: &Path, name: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(name).kill_on_drop(true).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Says to a command how deliveries are received.
fn received_by<'a>(command: &'a mut Command, sink: &Sink) -> &'a mut Command {
    if let Some(certificate) = &sink.certificate {
        command.arg("--certificate").arg(certificate);
    }
    if sink.http2 {
        command.arg("--http2");
    }
    command
}

/// A server on a directory of its own.
pub(crate) struct Server {
    process: Child,
    /// Address on which it listens.
    pub(crate) address: SocketAddr,
    /// Operator token.
    pub(crate) token: String,
    /// Time from its start to its first healthy answer.
    pub(crate) healthy_after: Duration,
}

impl Server {
    async fn start(
        program: &Program,
        directory: &Path,
        settings: &[&str],
    ) -> Result<Self, Failure> {
        let address = unused_address().await?;
        let token = format!("lhop_{}", "bench".repeat(8));
        let log = std::fs::File::options().create(true).append(true).open(directory.join("log"));
        let log = log.map_err(|why| Failure::of("the server's log", why))?;
        let began = clock::monotonic();
        let process = Command::new(&program.latchhook)
            .args(["serve", "--data-dir"])
            .arg(directory.join("data"))
            .args(["--listen", &address.to_string()])
            .args(["--allow-networks", "127.0.0.0/8", "--log", "warn"])
            .args(settings)
            // The rest of the environment must not configure it.
            .env_clear()
            .env("LATCHHOOK_OPERATOR_TOKEN", &token)
            .envs(program.environment.iter().cloned())
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|why| Failure::of("starting the server", why))?;
        let mut server = Self { process, address, token, healthy_after: Duration::ZERO };
        server.until_healthy(directory).await?;
        server.healthy_after = clock::elapsed(began);
        Ok(server)
    }

    async fn until_healthy(&mut self, directory: &Path) -> Result<(), Failure> {
        let log = directory.join("log");
        let began = clock::monotonic();
        while !is_healthy(self.address).await {
            let ended = self.process.try_wait().map_err(|why| Failure::of("the server", why))?;
            if ended.is_some() || clock::elapsed(began) > PATIENCE {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(Failure::of("the server does not answer; it said", said));
            }
            clock::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Calls the API as the operator; `asked` is method and path.
    pub(crate) async fn call(
        &self,
        asked: &str,
        account: Option<&str>,
        body: &Value,
    ) -> Result<Value, Failure> {
        let request = payload::request(asked, &self.token, account, &body.to_string());
        let (head, body) = self.ask(&request).await?;
        if !wire::status(&head).is_some_and(|status| (200..300).contains(&status)) {
            return Err(Failure::of(asked, String::from_utf8_lossy(&body)));
        }
        serde_json::from_slice(&body).map_err(|why| Failure::of(asked, why))
    }

    /// Sends a whole request; returns the head and the body of its answer.
    pub(crate) async fn ask(&self, request: &str) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        let mut connection = Connection::over(TcpStream::connect(self.address).await?)?;
        connection.write(request.as_bytes()).await?;
        let answer = connection.read().await?;
        let answer = answer.ok_or_else(|| Failure::new("the connection was closed"))?;
        Ok((connection.head(&answer).to_vec(), connection.body(&answer).to_vec()))
    }

    /// Process id.
    pub(crate) fn pid(&self) -> Result<u32, Failure> {
        self.process.id().ok_or_else(|| Failure::new("the server has ended".to_owned()))
    }

    /// Asks it to end (SIGTERM); returns how long that took.
    pub(crate) async fn stop(mut self) -> Result<Duration, Failure> {
        let pid = i32::try_from(self.pid()?).ok().and_then(rustix::process::Pid::from_raw);
        let pid = pid.ok_or_else(|| Failure::new("the server has no process id".to_owned()))?;
        let began = clock::monotonic();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)
            .map_err(|why| Failure::of("SIGTERM", why))?;
        let status = self.process.wait().await.map_err(|why| Failure::of("SIGTERM", why))?;
        if status.success() {
            Ok(clock::elapsed(began))
        } else {
            Err(Failure::of("the server did not end well", status))
        }
    }

    /// Kills it (SIGKILL).
    pub(crate) async fn kill(mut self) -> Result<(), Failure> {
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

/// Finds an address of this machine on which nothing listens.
pub(crate) async fn unused_address() -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let address = listener.and_then(|listener| listener.local_addr());
    address.map_err(|why| Failure::of("finding a port", why))
}

/// Helper process that prints its port first.
pub(crate) struct Helper {
    process: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Address on which it listens.
    pub(crate) address: SocketAddr,
}

impl Helper {
    async fn start(command: &mut Command, name: &str) -> Result<Self, Failure> {
        let mut process = command.spawn().map_err(|why| Failure::of(name, why))?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| Failure::of(name, "no pipes"))?;
        let mut answers = BufReader::new(answers).lines();
        let port: u16 = answer(&mut answers).await?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        Ok(Self { process, orders, answers, address })
    }

    /// Process id.
    pub(crate) fn pid(&self) -> Result<u32, Failure> {
        self.process.id().ok_or_else(|| Failure::new("a helper has ended"))
    }

    /// Sends an order; returns the helper's answer.
    pub(crate) async fn order<T: DeserializeOwned>(
        &mut self,
        order: &impl Serialize,
    ) -> Result<T, Failure> {
        let line = serde_json::to_string(order).map_err(|why| Failure::of("an order", why))?;
        let written = self.orders.write_all(format!("{line}\n").as_bytes()).await;
        written.map_err(|why| Failure::of("telling a helper", why))?;
        answer(&mut self.answers).await
    }
}

async fn answer<T: DeserializeOwned>(
    lines: &mut Lines<BufReader<ChildStdout>>,
) -> Result<T, Failure> {
    let line = lines.next_line().await.map_err(|why| Failure::of("a helper", why))?;
    let line = line.ok_or_else(|| Failure::new("a helper has ended".to_owned()))?;
    serde_json::from_str(&line).map_err(|why| Failure::of("a helper's answer", why))
}
