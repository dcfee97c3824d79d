//! What was measured, as JSON and as a table.

use serde::Serialize;

use crate::{context::Context, failure::Failure, output::Table};

/// The fastest open-source peer, on the machine that this was planned on: 2 cores, load and sink on
/// it too, two databases beside it.
const PEER: &str = "svix-server 1.100 on PostgreSQL and Redis, on the planning machine (2 cores)";

/// A number, what it says, and what it is for the peer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Measured {
    /// Its stable name.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) what: &'static str,
    /// Its unit.
    pub(super) unit: &'static str,
    /// The number.
    pub(super) value: f64,
    /// The peer's, where it is known.
    pub(super) peer: Option<f64>,
}

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    measured: Vec<Measured>,
}

impl Report {
    /// Adds a number.
    pub(super) fn add(
        &mut self,
        name: &'static str,
        what: &'static str,
        unit: &'static str,
        value: f64,
    ) {
        self.measured.push(Measured { name, what, unit, value, peer: peer(name) });
    }

    /// Prints the table; with `json`, JSON, and the table where it is not in the way.
    pub(super) fn print(&self, context: &Context, json: bool) -> Result<(), Failure> {
        if json {
            context.output.json(&Document::of(self))?;
            eprintln!("{}", self.table());
            return Ok(());
        }
        context.output.line(self.table())?;
        let peer = format!("peer: {PEER}");
        Ok(context.output.line(context.output.paint(crate::output::Tone::Quiet, peer))?)
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["MEASURED", "HERE", "PEER", "UNIT"]);
        for one in &self.measured {
            let peer = one.peer.map(short).unwrap_or_default();
            table.row([one.what.to_owned(), short(one.value), peer, one.unit.to_owned()]);
        }
        table
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    cores: usize,
    peer: &'static str,
    measured: &'a [Measured],
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            cores: std::thread::available_parallelism().map_or(1, Into::into),
            peer: PEER,
            measured: &report.measured,
        }
    }
}

fn peer(name: &str) -> Option<f64> {
    Some(match name {
        "delivery_rate_one_webhook" | "accept_rate_one_webhook" => 800.0,
        "delivery_rate_two_webhooks" => 1550.0,
        "p50_at_100_per_second" => 3.0,
        "p99_at_100_per_second" => 8.0,
        "cpu_per_10000_deliveries" => 20.0,
        "first_healthy_answer" => 75.0,
        "resumed_after_kill" => 45_000.0,
        "sigterm_when_idle" => 17_000.0,
        "peak_memory" => 55.0,
        "neighbour_p50_beside_hanging" => 47_000.0,
        _ => return None,
    })
}

/// Three significant digits or whole numbers.
fn short(value: f64) -> String {
    match value.abs() {
        ..0.1 => format!("{value:.3}"),
        0.1..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// Says on standard error what is going on.
pub(super) fn say(what: &str) {
    eprintln!("bench: {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_the_number_beside_the_peers() {
        let mut report = Report::default();
        report.add("p50_at_100_per_second", "p50 at 100/s", "ms", 1.234);
        report.add("verify_rate", "verifications", "1/s", 45_678.9);
        let table = report.table().to_string();
        assert!(table.contains("p50 at 100/s   1.23   3.00  ms"), "{table}");
        assert!(table.contains("verifications  45679  -     1/s"), "{table}");
    }

    #[test]
    fn the_json_says_what_the_table_says() {
        let mut report = Report::default();
        report.add("peak_memory", "peak memory", "MiB", 42.0);
        let json = serde_json::to_value(Document::of(&report)).unwrap();
        assert_eq!(json["measured"][0]["value"], 42.0);
        assert_eq!(json["measured"][0]["peer"], 55.0);
    }
}
