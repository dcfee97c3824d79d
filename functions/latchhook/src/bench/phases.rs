//! What is measured, one part a file, and what they share.

pub(super) mod backlog;
pub(super) mod delivery;
pub(super) mod lifecycle;
pub(super) mod noisy;
pub(super) mod verify;

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    load::{Done, Plan, Until},
    payload,
    processes::{Helper, Server, load},
    sink::{Arrivals, Order},
};
use crate::{failure::Failure, system};

/// Connections of a load that goes as fast as it can.
const CONNECTIONS: u32 = 32;
/// How often the sink is asked whether everything has arrived.
const LOOK: Duration = Duration::from_millis(50);
/// How long nothing may arrive before what is missing counts as lost.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every part works with.
pub(super) struct Stage {
    sink: Helper,
    seconds: u64,
    /// Numbers of events already used, so that no two of a run are the same.
    numbers: u32,
}

/// An account with webhooks at the sink, or elsewhere.
struct Customer {
    id: String,
}

impl Stage {
    /// Starts what all parts need; each posts for `seconds`.
    pub(super) async fn set(seconds: u64) -> Result<Self, Failure> {
        Ok(Self { sink: Helper::start("bench-sink").await?, seconds, numbers: 0 })
    }

    /// A new account with `paths` of the sink as its webhooks.
    async fn customer(&self, server: &Server, paths: &[&str]) -> Result<Customer, Failure> {
        let urls = paths.iter().map(|path| format!("http://{}{path}", self.sink.address));
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
        let connections = if rate.is_some() { 4 } else { CONNECTIONS };
        let token = server.token.expose();
        let request = payload::request("/v1/events", token, &customer.id, &payload::event());
        let first = self.numbers;
        let plan = Plan { to: server.address, request, connections, until, rate, first };
        let done = load(&plan).await?;
        self.numbers += u32::try_from(done.answers.values().sum::<u64>()).unwrap_or(u32::MAX);
        if done.refused() > 0 {
            return Err(Failure::of("not every event was accepted", format!("{:?}", done.answers)));
        }
        Ok(done)
    }

    /// Waits until `count` deliveries have arrived, duplicates apart.
    async fn arrived(&mut self, count: u64) -> Result<Arrivals, Failure> {
        let mut moved = (0, system::monotonic());
        loop {
            let arrivals = self.sink.order(Order::Tell).await?;
            if arrivals.distinct >= count {
                return Ok(arrivals);
            }
            if arrivals.distinct > moved.0 {
                moved = (arrivals.distinct, system::monotonic());
            } else if system::elapsed(moved.1) > PATIENCE {
                let why = format!("{} of {count} deliveries arrived", arrivals.distinct);
                return Err(Failure::Failed(why));
            }
            system::sleep(LOOK).await;
        }
    }
}

async fn customer(server: &Server, urls: Vec<String>) -> Result<Customer, Failure> {
    let client = server.client();
    let account = client.post("/v1/accounts", &json!({"name": "Bench"})).await?;
    let id = text(&account, "id")?;
    let quota = json!({"webhook_quota": urls.len().max(1)});
    let call = crate::client::Call::with(&quota);
    client.call(http::Method::PATCH, &format!("/v1/accounts/{id}"), call).await?;
    for url in urls {
        let webhook = json!({"webhook_url": url, "environment": "test", "include_object": true});
        client.on(&id).post("/v1/webhooks", &webhook).await?;
    }
    Ok(Customer { id })
}

fn text(object: &Value, field: &str) -> Result<String, Failure> {
    let text = object[field].as_str().map(str::to_owned);
    text.ok_or_else(|| Failure::Failed(format!("an answer has no {field}")))
}

/// A fresh directory for a server.
fn fresh() -> Result<tempfile::TempDir, Failure> {
    let directory = tempfile::Builder::new().prefix("latchhook-bench-").tempdir();
    directory.map_err(|why| Failure::of("a temporary directory", why))
}

/// How many a second, from one instant (nanoseconds) to another.
#[expect(clippy::cast_precision_loss, reason = "neither counts nor spans reach 53 bits here")]
fn rate(count: u64, from: u64, to: u64) -> f64 {
    count as f64 / (to.saturating_sub(from).max(1) as f64 / 1e9)
}

/// Milliseconds.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
