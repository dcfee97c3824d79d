//! `latchhook bench`: what this machine does, measured from outside.
//!
//! The server is this same binary, started as `serve` on a fresh directory. A [`sink`] receives, a
//! [`load`] generator posts, each in a process of its own and each cheap, because they share the
//! machine with what they measure. Latency is from just before an event's `POST` is written to when
//! its delivery has been read by the sink, on one clock.

pub(crate) mod bare;
pub(crate) mod load;
mod payload;
mod phases;
mod proc;
mod processes;
mod report;
pub(crate) mod sink;
mod wire;

use self::{
    phases::{Stage, backlog, delivery, lifecycle, noisy, verify},
    report::Report,
};
use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  cargo run --release -- bench
  latchhook bench --seconds 5 --backlog 100000 --json
  latchhook bench --noisy                  a neighbour whose receiver hangs

A debug build measures the compiler; use a release build. Each part starts a server of its own on a
directory in the temporary folder (TMPDIR), which wants some gigabytes for a backlog of a million.";

/// `latchhook bench …`
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only what a receiver that hangs does to its neighbour
    #[arg(long)]
    noisy: bool,
    /// How long each part posts
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Deliveries that wait while memory is measured; 0 leaves this part out
    #[arg(long, default_value_t = 1_000_000)]
    backlog: u64,
    /// Only these parts, by their names
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The parts of the bench.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Start, stop, and what a killed server resumes
    Lifecycle,
    /// Accepting and delivering
    Delivery,
    /// Verifying API keys
    Verify,
    /// Memory while a receiver is down
    Backlog,
    /// A neighbour whose receiver hangs
    Noisy,
}

impl Args {
    fn has(&self, part: Part) -> bool {
        match part {
            Part::Noisy => self.noisy || self.only.contains(&part),
            Part::Backlog if self.backlog == 0 => false,
            _ if !self.only.is_empty() => self.only.contains(&part),
            _ => !self.noisy,
        }
    }
}

/// Measures, and prints what was measured.
///
/// # Errors
/// [`Failure`], when a process does not start, or something accepted does not arrive.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let mut report = Report::default();
    let mut stage = Stage::set(args.seconds).await?;
    if args.has(Part::Lifecycle) {
        lifecycle::measure(&mut stage, &mut report).await?;
    }
    if args.has(Part::Delivery) {
        delivery::measure(&mut stage, &mut report).await?;
    }
    if args.has(Part::Verify) {
        verify::measure(&mut stage, &mut report).await?;
    }
    if args.has(Part::Backlog) {
        backlog::measure(&mut stage, &mut report, args.backlog).await?;
    }
    if args.has(Part::Noisy) {
        noisy::measure(&mut stage, &mut report).await?;
    }
    report.print(context, args.json)
}
