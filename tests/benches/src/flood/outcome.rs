//! Outcome of an attack, and the tables that are printed of all of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{attacker::Tally, quiet::Watched};

/// Kinds of the neighbour's times, in the order of the columns.
const KINDS: [&str; 4] = ["webhooks", "logs", "page", "delivery"];

/// Outcome of an attack.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// Name of the attack.
    pub(super) name: String,
    /// Caller that attacks.
    pub(super) caller: &'static str,
    /// Description of what it does.
    pub(super) what: &'static str,
    /// Times of the neighbour by kind.
    pub(super) times: BTreeMap<&'static str, Times>,
    /// Answers to the attacker a second.
    pub(super) attacks_per_second: f64,
    /// Share of the attacker's requests that were refused: 4xx, 5xx, or a closed connection.
    pub(super) refused: f64,
    /// Peak memory of the server before the attack, and in all, in MiB.
    pub(super) memory_before: f64,
    pub(super) memory_peak: f64,
    /// Growth of the data directory, in MiB.
    pub(super) disk: f64,
    /// Events that were accepted, of both accounts.
    pub(super) accepted: u64,
    /// Accepted events that were not delivered to the neighbour, or that the server does not have.
    pub(super) lost: u64,
    /// Requests of the neighbour that were not answered with success.
    pub(super) failed: BTreeMap<u16, u64>,
}

/// Percentiles of one kind of times, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Times {
    pub(super) p50_alone: f64,
    pub(super) p50_beside: f64,
    pub(super) p99_alone: f64,
    pub(super) p99_beside: f64,
    /// Largest p99 of a time alone, divided by the smallest: what the machine does by itself.
    pub(super) noise: f64,
}

impl Times {
    /// Computes the percentiles of each kind.
    pub(super) fn of(alone: &[Watched], beside: &[Watched]) -> BTreeMap<&'static str, Self> {
        KINDS.into_iter().map(|kind| (kind, Self::of_kind(kind, alone, beside))).collect()
    }

    fn of_kind(kind: &str, alone: &[Watched], beside: &[Watched]) -> Self {
        let all = |watched: &[Watched]| {
            let times = watched.iter().filter_map(|watched| watched.times.get(kind));
            times.flatten().copied().collect::<Vec<_>>()
        };
        let (of_alone, of_beside) = (all(alone), all(beside));
        let each = alone.iter().map(|one| percentile(&all(std::slice::from_ref(one)), 0.99));
        let each: Vec<f64> = each.collect();
        let smallest = each.iter().copied().fold(f64::MAX, f64::min);
        Self {
            p50_alone: percentile(&of_alone, 0.5),
            p50_beside: percentile(&of_beside, 0.5),
            p99_alone: percentile(&of_alone, 0.99),
            p99_beside: percentile(&of_beside, 0.99),
            noise: each.iter().copied().fold(0.0, f64::max) / smallest,
        }
    }
}

/// Returns the value below which `part` of `micros` are, in milliseconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "neither counts nor times reach 53 bits, and none is negative"
)]
fn percentile(micros: &[u64], part: f64) -> f64 {
    let mut sorted = micros.to_vec();
    sorted.sort_unstable();
    let place = ((sorted.len() as f64 * part).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).copied().unwrap_or_default() as f64 / 1000.0
}

/// Returns the answers a second, and the share of them that are refusals.
#[expect(clippy::cast_precision_loss, reason = "no count here reaches 53 bits")]
pub(super) fn attacks(tally: &Tally, seconds: f64) -> (f64, f64) {
    let (all, fine) = (tally.count(..), tally.count(200..400));
    (all as f64 / seconds, (all - fine) as f64 / all.max(1) as f64)
}

/// Returns both tables, of the 99th percentiles and of the medians.
pub(super) fn tables(outcomes: &[Outcome]) -> String {
    let p99 = table(outcomes, "p99", |times| (times.p99_alone, times.p99_beside));
    let p50 = table(outcomes, "p50", |times| (times.p50_alone, times.p50_beside));
    format!("{p99}\n\n{p50}\n\n{}", costs(outcomes))
}

fn table(outcomes: &[Outcome], what: &str, pair: impl Fn(&Times) -> (f64, f64)) -> String {
    let mut rows = vec![
        format!(
            "| attacker | attack | {what} of `GET /v1/webhooks` | of `GET /v1/logs` | of the page | \
             of a delivery | noise |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for outcome in outcomes {
        let cells = KINDS.map(|kind| {
            outcome.times.get(kind).map_or_else(String::new, |times| cell(pair(times)))
        });
        let noise = outcome.times.values().map(|times| times.noise).fold(0.0, f64::max);
        rows.push(format!(
            "| {} | {} | {} | {noise:.1} |",
            outcome.caller,
            outcome.what,
            cells.join(" | ")
        ));
    }
    rows.join("\n")
}

fn cell((alone, beside): (f64, f64)) -> String {
    format!("{} → {} ms, {:.1}", short(alone), short(beside), beside / alone)
}

fn costs(outcomes: &[Outcome]) -> String {
    let head = "| attack (`--only`) | a second | refused | memory before → peak | disk | accepted | lost | neighbour refused |";
    let mut rows =
        vec![head.to_owned(), "| --- | --- | --- | --- | --- | --- | --- | --- |".to_owned()];
    for one in outcomes {
        let failed: u64 = one.failed.values().sum();
        rows.push(format!(
            "| `{}` | {:.0} | {:.0} % | {:.0} → {:.0} MiB | {:.0} MiB | {} | {} | {failed} |",
            one.name,
            one.attacks_per_second,
            one.refused * 100.0,
            one.memory_before,
            one.memory_peak,
            one.disk,
            one.accepted,
            one.lost,
        ));
    }
    rows.join("\n")
}

/// Two significant digits, or whole milliseconds.
fn short(millis: f64) -> String {
    match millis {
        ..1.0 => format!("{millis:.2}"),
        1.0..10.0 => format!("{millis:.1}"),
        _ => format!("{millis:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(times: &[u64]) -> Watched {
        let times = BTreeMap::from([("logs".to_owned(), times.to_vec())]);
        Watched { times, ..Watched::default() }
    }

    #[test]
    fn percentiles_are_of_all_windows_together_and_noise_is_between_them() {
        let alone = [watched(&[1000, 2000, 1000]), watched(&[4000])];
        let beside = [watched(&(1..=100).map(|ms| ms * 1000).collect::<Vec<_>>())];
        let times = Times::of(&alone, &beside)["logs"];
        assert_eq!((times.p50_alone, times.p99_alone), (1.0, 4.0));
        assert_eq!((times.p50_beside, times.p99_beside, times.noise), (50.0, 99.0, 2.0));
        assert_eq!(cell((times.p99_alone, times.p99_beside)), "4.0 → 99 ms, 24.8");
    }

    #[test]
    fn refusals_are_all_answers_but_successes() {
        let tally = Tally { answers: BTreeMap::from([(0, 1), (202, 2), (429, 5)]) };
        assert_eq!(attacks(&tally, 2.0), (4.0, 0.75));
    }
}
