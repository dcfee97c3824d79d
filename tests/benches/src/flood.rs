//! Flood: what a quiet neighbour notices while another account, a stranger, a receiver or a name
//! server does its worst.
//!
//! Each attack has a server of its own with its usual limits, on which the neighbour is watched
//! alone, beside the attack, alone, and so on, so that what the machine does by itself shows. The
//! attacker is a process with a lower priority, because in the field it has a machine of its own.
//!
//! `quiet` is the neighbour, `attacker`, `hostile` and `names` are whoever attacks;
//! [`attacks`] says how.

mod attacker;
mod attacks;
mod cast;
mod hostile;
mod names;
mod outcome;
mod parties;
mod quiet;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum as _};

pub(crate) use self::{
    attacker::run as attacker,
    hostile::run as hostile,
    names::run as names,
    parties::{cookie, page},
    quiet::run as quiet,
};
use self::{
    attacker::{Plan, Tally},
    attacks::{Attack, Means},
    cast::Cast,
    outcome::{Outcome, Times},
    parties::Loud,
    quiet::Watched,
};
use crate::{
    clock,
    failure::Failure,
    load,
    phases::fresh,
    proc,
    processes::Program,
    report::{print_json, say},
};

/// Settings of a flood.
#[derive(Args, Clone)]
pub(crate) struct Flood {
    /// The server's binary [default: `latchhook` beside this one]
    #[arg(long)]
    latchhook: Option<PathBuf>,
    /// Seconds for which the neighbour is watched at a time
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Times that the attack begins and ends
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// Length of the history that is read, in reveals of a key
    #[arg(long, default_value_t = 60_000)]
    reveals: usize,
    /// Deliveries that wait for a hostile receiver
    #[arg(long, default_value_t = 10_000)]
    backlog: usize,
    /// Only these attacks
    #[arg(long, value_delimiter = ',')]
    only: Vec<Attack>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Attacks, and prints what the neighbour noticed.
///
/// # Errors
/// [`Failure`], when something could not be measured.
pub(crate) async fn run(flood: &Flood) -> Result<(), Failure> {
    let program = Program::find(flood.latchhook.clone())?;
    let mut cast = Cast::start(program, Duration::from_secs(flood.seconds)).await?;
    let all = Attack::value_variants();
    let attacks = if flood.only.is_empty() { all } else { &flood.only };
    let mut outcomes = Vec::new();
    for attack in attacks {
        say(&format!("{}: {}", attack.name(), attack.described().1));
        let outcome = suffer(&mut cast, *attack, flood).await;
        outcomes.push(outcome.map_err(|why| Failure::of(&attack.name(), why))?);
    }
    if flood.json {
        eprintln!("{}", outcome::tables(&outcomes));
        return print_json(&outcomes);
    }
    println!("{}", outcome::tables(&outcomes));
    Ok(())
}

/// Attacks a fresh server.
async fn suffer(cast: &mut Cast, attack: Attack, flood: &Flood) -> Result<Outcome, Failure> {
    let directory = fresh()?;
    let server = cast.server(directory.path()).await?;
    let paces = parties::neighbour(&server, &cast.host()).await?;
    let loud = Loud::create(&server).await?;
    let means = Means {
        program: &cast.program,
        server: &server,
        loud: &loud,
        receivers: cast.hostile.address,
        reveals: flood.reveals,
        backlog: flood.backlog,
    };
    let prepared = attack.prepare(&means).await?;
    let had = if prepared.posts_events { loud.events(&server).await? } else { 0 };
    cast.plan(&Plan { to: server.address, works: prepared.works }).await?;
    // The first of everything is slower; the neighbour has been there for longer.
    cast.watch(&server, &paces).await?;
    let (memory_before, disk_before) = (proc::peak_mib(server.pid()?)?, size(directory.path()));
    let (mut alone, mut beside, mut seconds) = (vec![], vec![], 0.0);
    let mut tally = Tally::default();
    for _ in 0..flood.rounds {
        alone.push(cast.watch(&server, &paces).await?);
        let began = clock::monotonic();
        cast.go().await?;
        beside.push(cast.watch(&server, &paces).await?);
        seconds += clock::elapsed(began).as_secs_f64();
        tally = cast.stop().await?;
    }
    alone.push(cast.watch(&server, &paces).await?);
    let (memory_peak, disk) = (proc::peak_mib(server.pid()?)?, size(directory.path()));
    let (mut accepted, mut lost) = (0, 0);
    if prepared.posts_events {
        accepted = tally.count(202..=202);
        lost = accepted.saturating_sub(loud.events(&server).await? - had);
    }
    server.stop().await?;
    let all: Vec<&Watched> = alone.iter().chain(&beside).collect();
    let (caller, what) = attack.described();
    let (attacks_per_second, refused) = outcome::attacks(&tally, seconds);
    Ok(Outcome {
        name: attack.name(),
        caller,
        what,
        times: Times::of(&alone, &beside),
        attacks_per_second,
        refused,
        memory_before,
        memory_peak,
        disk: disk - disk_before,
        accepted: accepted + all.iter().map(|watched| watched.accepted).sum::<u64>(),
        lost: lost + all.iter().map(|watched| watched.lost).sum::<u64>(),
        failed: failed(&all),
    })
}

fn failed(all: &[&Watched]) -> BTreeMap<u16, u64> {
    let mut failed = BTreeMap::new();
    for (status, count) in all.iter().flat_map(|watched| &watched.failed) {
        *failed.entry(*status).or_default() += count;
    }
    failed
}

/// Size of all files of a data directory, in MiB.
#[expect(clippy::cast_precision_loss, reason = "no size here reaches 53 bits")]
fn size(directory: &Path) -> f64 {
    let files = std::fs::read_dir(directory.join("data")).into_iter().flatten().flatten();
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
    bytes as f64 / f64::from(1 << 20)
}

impl Means<'_> {
    /// Sends a request many times.
    async fn many(&self, request: &str, times: usize) -> Result<(), Failure> {
        let count = u32::try_from(times).unwrap_or(u32::MAX);
        let plan = load::Plan {
            to: self.server.address,
            request: request.to_owned(),
            accounts: vec![],
            connections: 32,
            until: load::Until::Count(count),
            rate: None,
            first: 0,
        };
        let done = self.program.load(&plan).await?;
        if done.refused() > 0 {
            return Err(Failure::of("preparing", format!("{:?}", done.answers)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attack_is_described_once() {
        let mut described: Vec<_> =
            Attack::value_variants().iter().map(|one| one.described()).collect();
        described.sort_unstable();
        described.dedup();
        assert_eq!(described.len(), Attack::value_variants().len());
    }
}
