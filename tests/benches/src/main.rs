//! Bench of the server: throughput, latency, memory and restarts on one machine, measured from
//! outside.
//!
//! The server is a build of `latchhook`, started as `serve` on a fresh directory. A [`sink`]
//! receives, a [`load`] generator posts, each in a process of its own and each cheap, because they
//! share the machine with what they measure. Latency is from just before an event's `POST` is
//! written to when its delivery has been read by the sink, on one clock.
//!
//! The benches of single parts are in `benches/`; `tests/bench` runs all of them.

mod bare;
mod clock;
mod failure;
mod flood;
mod floor;
mod load;
mod payload;
mod phases;
mod proc;
mod processes;
mod report;
mod sink;
mod tls;
mod wire;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    failure::Failure,
    phases::{Stage, backlog, delivery, lifecycle, loads, noisy, syncs, verify},
    processes::Program,
    report::Report,
    sink::Sink,
};

const EXAMPLES: &str = "\
Examples:
  tests/bench server
  tests/bench server --seconds 5 --backlog 100000 --json
  tests/bench server --noisy              a neighbour whose receiver hangs
  tests/bench flood --only requests       a neighbour beside an attack

Each part starts a server of its own on a directory in the temporary folder (TMPDIR), which wants some
gigabytes for a backlog of a million.";

/// Allocator of the server, so that the bare server for comparison has the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures a Latchhook server on this machine: throughput, latency, memory, restarts.
#[derive(Parser)]
#[command(name = "bench", after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Args {
    /// The server's binary [default: `latchhook` beside this one]
    #[arg(long)]
    latchhook: Option<PathBuf>,
    /// Only what a receiver that hangs does to its neighbour
    #[arg(long)]
    noisy: bool,
    /// Seconds for which each part posts
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
    #[command(subcommand)]
    helper: Option<Helper>,
}

/// The parts of the bench.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Start, stop, and what a killed server resumes
    Lifecycle,
    /// Accepting and delivering
    Delivery,
    /// Verifying API keys
    Verify,
    /// Memory while a receiver is down
    Backlog,
    /// Other deliveries: large, over TLS, of 10,000 accounts, beside readers, retried and waiting
    Loads,
    /// Delivering where the disk is slow
    Syncs,
    /// A neighbour whose receiver hangs
    Noisy,
}

/// Another bench, or a process that a bench starts beside the server.
#[derive(Clone, Subcommand)]
enum Helper {
    /// Measures what a quiet neighbour notices of each attack
    Flood(flood::Flood),
    /// The receiver
    #[command(hide = true)]
    Sink(Sink),
    /// The load generator
    #[command(hide = true)]
    Load,
    /// The bare server that verifying is compared with
    #[command(hide = true)]
    Bare,
    /// The floor that delivering is compared with
    #[command(hide = true)]
    Floor(floor::Floor),
    /// The quiet neighbour of a flood
    #[command(hide = true)]
    Quiet,
    /// The attacker of a flood
    #[command(hide = true)]
    Attacker,
    /// The hostile receivers of a flood
    #[command(hide = true)]
    Hostile,
    /// The hostile name server of a flood
    #[command(hide = true)]
    Names,
}

impl Args {
    fn has(&self, part: Part) -> bool {
        match part {
            Part::Noisy => self.noisy || self.only.contains(&part),
            Part::Backlog | Part::Loads if self.backlog == 0 => false,
            _ if !self.only.is_empty() => self.only.contains(&part),
            _ => !self.noisy,
        }
    }
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, or helps to.
fn run(args: &Args) -> Result<(), Failure> {
    let mut runtime = match args.helper {
        Some(Helper::Bare | Helper::Floor(_)) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build().map_err(|why| Failure::of("starting", why))?;
    runtime.block_on(async {
        match &args.helper {
            Some(Helper::Flood(flood)) => flood::run(flood).await,
            Some(Helper::Quiet) => flood::quiet().await,
            Some(Helper::Attacker) => flood::attacker().await,
            Some(Helper::Hostile) => flood::hostile().await,
            Some(Helper::Names) => flood::names().await,
            Some(Helper::Sink(sink)) => sink::run(sink).await,
            Some(Helper::Load) => load::run().await,
            Some(Helper::Bare) => bare::run().await,
            Some(Helper::Floor(floor)) => floor::run(floor).await,
            None => measure(args).await,
        }
    })
}

/// Measures, and prints what was measured.
async fn measure(args: &Args) -> Result<(), Failure> {
    let mut report = Report::default();
    let program = Program::find(args.latchhook.clone())?;
    let mut stage = Stage::set(program.clone(), args.seconds).await?;
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
    if args.has(Part::Loads) {
        loads::measure(&mut stage, &mut report, args.backlog).await?;
    }
    if args.has(Part::Syncs) {
        syncs::measure(program, &mut report, args.seconds).await?;
    }
    if args.has(Part::Noisy) {
        noisy::measure(&mut stage, &mut report).await?;
    }
    report.print(args.json)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn parts_are_chosen_by_name_and_noisy_is_never_a_default() {
        let chosen = |line: &str| {
            let args = Args::try_parse_from(line.split(' ')).unwrap();
            Part::value_variants().iter().map(|part| args.has(*part)).collect::<Vec<_>>()
        };
        assert_eq!(chosen("bench"), [true, true, true, true, true, true, false]);
        assert_eq!(chosen("bench --backlog 0"), [true, true, true, false, false, true, false]);
        assert_eq!(chosen("bench --noisy"), [false, false, false, false, false, false, true]);
        assert_eq!(
            chosen("bench --only delivery,verify"),
            [false, true, true, false, false, false, false]
        );
    }
}
