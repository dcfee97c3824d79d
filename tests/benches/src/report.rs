//! Report of the figures, as JSON and as a table.

use serde::Serialize;

use crate::failure::Failure;

/// Fastest open-source peer, measured on a machine with 2 cores that also ran load, sink and two
/// databases.
const PEER: &str = "svix-server 1.100 on PostgreSQL and Redis, on the planning machine (2 cores)";

/// Figure of the report, with the peer's for comparison.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measured {
    /// Stable name, for programs.
    pub(crate) name: String,
    /// Description, for people.
    pub(crate) what: String,
    /// Unit.
    pub(crate) unit: &'static str,
    /// Value.
    pub(crate) value: f64,
    /// Value of the peer, where it is known.
    pub(crate) peer: Option<f64>,
}

/// All figures.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    measured: Vec<Measured>,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn add(&mut self, name: &str, what: &str, unit: &'static str, value: f64) {
        let peer = peer(name);
        let (name, what) = (name.to_owned(), what.to_owned());
        self.measured.push(Measured { name, what, unit, value, peer });
    }

    /// Prints the table; with `json`, prints JSON to standard output and the table to standard
    /// error.
    pub(crate) fn print(&self, json: bool) -> Result<(), Failure> {
        if json {
            eprintln!("{}", self.table());
            return print_json(&Document::of(self));
        }
        println!("{}\npeer: {PEER}", self.table());
        Ok(())
    }

    fn table(&self) -> String {
        let head = [row("MEASURED", "HERE", "PEER", "UNIT")];
        let rows = self.measured.iter().map(|one| {
            let peer = one.peer.map_or_else(|| "-".to_owned(), short);
            row(&one.what, &short(one.value), &peer, one.unit)
        });
        head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
    }
}

fn row(what: &str, here: &str, peer: &str, unit: &str) -> String {
    format!("{what:<46} {here:>8} {peer:>8}  {unit}").trim_end().to_owned()
}

/// Prints `value` as one line of JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(value).map_err(|why| Failure::of("writing JSON", why))?;
    println!("{line}");
    Ok(())
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

/// Prints progress to standard error.
pub(crate) fn say(what: &str) {
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
        let table = report.table();
        let rows: Vec<Vec<&str>> = table
            .lines()
            .map(|row| row.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect())
            .collect();
        assert_eq!(rows[1], ["p50 at 100/s", "1.23", "3.00", "ms"]);
        assert_eq!(rows[2], ["verifications", "45679", "-", "1/s"]);
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
