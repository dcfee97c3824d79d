//! `latchhook demo`: a demonstration of Latchhook in one command.
//!
//! Everything is real: a server in this process on a fresh directory, its HTTP API, a receiver that
//! fails some first attempts, signatures verified by the Standard Webhooks library rather than by
//! code of this project. Only the retry schedule is shorter than usual.

mod customer;
mod receiver;
mod story;

use std::{net::SocketAddr, sync::Arc};

use ::settings::table;
use app::OperatorTokenHash;
use embedded::SystemIds;
use standalone::{Settings, Signals, token};
use tokio::net::TcpListener;

use self::{customer::Customer, receiver::Receiver, story::Story};
use crate::{client::Client, context::Context, failure::Failure, flags::Flags, output::Tone};

const EXAMPLES: &str = "\
Examples:
  latchhook demo            stays up; three curl lines to try are printed
  latchhook demo --exit     ends after the summary; exit code 1 if anything went unverified";

/// Preferred port; the next free one is used if it is taken.
const FIRST_PORT: u16 = 8080;
/// Last port that is tried.
const LAST_PORT: u16 = 8179;
/// Retry schedule of the demo, so that nobody has to wait a minute for a retry.
const SCHEDULE: &str = "5x1s,5x5s";

/// Arguments of `latchhook demo`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// End after the summary
    #[arg(long)]
    exit: bool,
    /// Address to listen on; without it, 127.0.0.1:8080 or the next free port
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

/// Runs the demo.
///
/// # Errors
/// [`Failure`], when something does not start, or an event is not delivered and verified.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let directory = tempfile::Builder::new().prefix("latchhook-demo-").tempdir();
    let directory = directory.map_err(|why| Failure::of("a temporary directory", why))?;
    let settings = settings(directory.path())?;
    let mut signals = Signals::watch()?;
    let listener = listen(args.listen).await?;
    let operator = token::generate(&SystemIds::new());
    let running =
        standalone::start(&settings, listener, Arc::new(OperatorTokenHash::of(&operator)), None)
            .await?;
    let base = format!("http://{}", running.address());

    let output = &context.output;
    output.line(format_args!("Latchhook listens on {}.", output.paint(Tone::Strong, &base)))?;
    output.line(format_args!("Its data is in {}.", directory.path().display()))?;
    output.line(format_args!(
        "For this demo it retries by the schedule {SCHEDULE}; the usual one is 10x1m,24x1h."
    ))?;

    let hooks = TcpListener::bind("127.0.0.1:0").await.map_err(|why| Failure::of("a port", why))?;
    let operator_client = Client::new(&base, operator.clone(), None);
    let customer = Customer::open(&operator_client, &hooks, output).await?;
    let receiver = Arc::new(Receiver::of(&customer)?);
    let show = async {
        let story = tokio::select! {
            story = Story::tell(&customer, &receiver, output) => story?,
            () = signals.received() => return Err(Failure::Failed("interrupted".to_owned())),
        };
        story.summarize(output)?;
        if !args.exit {
            let dashboard = customer.dashboard().await?;
            output.line(story::next_steps(&base, &operator, &customer, &dashboard))?;
            signals.received().await;
        }
        Ok(())
    };
    let told = tokio::select! {
        broken = receiver::run(hooks, &receiver, output) => Err(broken),
        told = show => told,
    };
    running.drain().await;
    told
}

fn settings(directory: &std::path::Path) -> Result<Settings, Failure> {
    let flags = Flags::of([
        (&table::DATA_DIR.names, directory.join("data").display().to_string()),
        (&table::RETRY_SCHEDULE.names, SCHEDULE.to_owned()),
        (&table::ALLOW_NETWORKS.names, "127.0.0.0/8".to_owned()),
    ]);
    flags.settings(&std::collections::BTreeMap::new())
}

async fn listen(asked: Option<SocketAddr>) -> Result<TcpListener, Failure> {
    if let Some(address) = asked {
        return Ok(standalone::listen(address).await?);
    }
    for port in FIRST_PORT..=LAST_PORT {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if let Ok(listener) = TcpListener::bind(address).await {
            return Ok(listener);
        }
    }
    Err(Failure::Failed(format!("no port from {FIRST_PORT} to {LAST_PORT} is free")))
}
