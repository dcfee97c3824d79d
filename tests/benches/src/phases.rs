//! Parts of the bench, one a file, and their shared setup.

pub(crate) mod backlog;
pub(crate) mod delivery;
pub(crate) mod lifecycle;
pub(crate) mod loads;
pub(crate) mod noisy;
mod run;
pub(crate) mod syncs;
pub(crate) mod verify;

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};

use crate::{
    clock,
    failure::Failure,
    load::{Done, Plan, Until},
    payload,
    processes::{Helper, Program, Receiver, Server},
    sink::{Arrivals, Order, Sink},
};

/// Connections of a load that goes as fast as it can.
const CONNECTIONS: u32 = 32;
/// Interval at which the sink is asked whether everything has arrived.
const LOOK: Duration = Duration::from_millis(50);
/// Time without any arrival after which missing deliveries count as lost.
const PATIENCE: Duration = Duration::from_mins(1);

/// Setup that every part uses.
pub(crate) struct Stage {
    program: Program,
    sink: Helper,
    receiver: Receiver,
    seconds: u64,
    /// Event numbers already used, so that no two events of a run have the same.
    numbers: u32,
}

/// An account with webhooks at the sink, or elsewhere.
struct Customer {
    id: String,
    /// Number of its webhooks.
    webhooks: u64,
}

impl Stage {
    /// Starts the helpers that all parts need; each part posts for `seconds`.
    pub(crate) async fn set(program: Program, seconds: u64) -> Result<Self, Failure> {
        Self::received_by(program, seconds, &Sink::default()).await
    }

    /// Starts the helpers, of which `sink` receives.
    async fn received_by(program: Program, seconds: u64, sink: &Sink) -> Result<Self, Failure> {
        let (sink, receiver) = program.sink(sink).await?;
        Ok(Self { program, sink, receiver, seconds, numbers: 0 })
    }

    /// Starts a server on a fresh directory.
    async fn server(&self) -> Result<(Server, tempfile::TempDir), Failure> {
        self.server_with(&[]).await
    }

    /// Starts a server with `settings` on a fresh directory.
    async fn server_with(&self, settings: &[&str]) -> Result<(Server, tempfile::TempDir), Failure> {
        let directory = fresh()?;
        Ok((self.program.serve(directory.path(), settings).await?, directory))
    }

    /// Creates an account with `paths` of the sink as its webhooks.
    async fn customer(&self, server: &Server, paths: &[&str]) -> Result<Customer, Failure> {
        let urls = paths.iter().map(|path| format!("{}{path}", self.receiver.url));
        customer(server, urls.collect()).await
    }

    /// Posts events of `customer`.
    async fn post(
        &mut self,
        server: &Server,
        customer: &Customer,
        until: Until,
        rate: Option<f64>,
    ) -> Result<Done, Failure> {
        let event = payload::event();
        self.post_of(server, std::slice::from_ref(customer), &event, until, rate).await
    }

    /// Posts `event` of `customers`, who take turns.
    async fn post_of(
        &mut self,
        server: &Server,
        customers: &[Customer],
        event: &str,
        until: Until,
        rate: Option<f64>,
    ) -> Result<Done, Failure> {
        let accounts: Vec<_> = customers.iter().map(|customer| customer.id.clone()).collect();
        let first = accounts.first().map(String::as_str);
        let request = payload::request("POST /v1/events", &server.token, first, event);
        self.send(server.address, request, accounts, until, rate).await
    }

    /// Sends `request` to `to`, each time with another number, of `accounts` by turns.
    async fn send(
        &mut self,
        to: SocketAddr,
        request: String,
        accounts: Vec<String>,
        until: Until,
        rate: Option<f64>,
    ) -> Result<Done, Failure> {
        let connections = if rate.is_some() { 4 } else { CONNECTIONS };
        let first = self.numbers;
        let plan = Plan { to, request, accounts, connections, until, rate, first };
        let done = self.program.load(&plan).await?;
        self.numbers += u32::try_from(done.answers.values().sum::<u64>()).unwrap_or(u32::MAX);
        if done.refused() > 0 {
            return Err(Failure::of("not every event was accepted", format!("{:?}", done.answers)));
        }
        Ok(done)
    }

    /// Waits until `count` deliveries have arrived, duplicates apart.
    async fn arrived(&mut self, count: u64) -> Result<Arrivals, Failure> {
        let mut moved = (0, clock::monotonic());
        loop {
            let arrivals = self.sink.order::<Arrivals>(&Order::Tell).await?;
            if arrivals.distinct >= count {
                return Ok(arrivals);
            }
            if arrivals.distinct > moved.0 {
                moved = (arrivals.distinct, clock::monotonic());
            } else if clock::elapsed(moved.1) > PATIENCE {
                let why = format!("{} of {count} deliveries arrived", arrivals.distinct);
                return Err(Failure::new(why));
            }
            clock::sleep(LOOK).await;
        }
    }
}

async fn customer(server: &Server, urls: Vec<String>) -> Result<Customer, Failure> {
    let account = server.call("POST /v1/accounts", None, &json!({"name": "Bench"})).await?;
    let id = text(&account, "id")?;
    if urls.len() > 1 {
        let quota = json!({"webhook_quota": urls.len()});
        server.call(&format!("PATCH /v1/accounts/{id}"), None, &quota).await?;
    }
    let webhooks = u64::try_from(urls.len()).unwrap_or(u64::MAX);
    for url in urls {
        let webhook = json!({"webhook_url": url, "environment": "test", "include_object": true});
        server.call("POST /v1/webhooks", Some(&id), &webhook).await?;
    }
    Ok(Customer { id, webhooks })
}

/// Returns a text of an answer.
pub(crate) fn text(object: &Value, field: &str) -> Result<String, Failure> {
    let text = object[field].as_str().map(str::to_owned);
    text.ok_or_else(|| Failure::new(format!("an answer has no {field}")))
}

/// Creates a temporary directory for a server.
pub(crate) fn fresh() -> Result<tempfile::TempDir, Failure> {
    let directory = tempfile::Builder::new().prefix("latchhook-bench-").tempdir();
    directory.map_err(|why| Failure::of("a temporary directory", why))
}

/// Rate per second, between two instants in nanoseconds.
#[expect(clippy::cast_precision_loss, reason = "neither counts nor spans reach 53 bits here")]
fn rate(count: u64, from: u64, to: u64) -> f64 {
    count as f64 / (to.saturating_sub(from).max(1) as f64 / 1e9)
}

/// Converts to milliseconds.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
