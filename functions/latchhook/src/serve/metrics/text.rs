//! Prometheus' text format.

use std::{
    fmt::{Display, Write as _},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{BOUNDS, Metrics};

/// All of it.
pub(super) fn of(metrics: &Metrics) -> String {
    let mut page = Page::default();
    page.family("latchhook_build_info", "gauge", "The version that runs.");
    page.line("latchhook_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.requests(metrics);
    page.attempts(metrics);
    page.durations(metrics);
    page.memory();
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn requests(&mut self, metrics: &Metrics) {
        const NAME: &str = "latchhook_http_requests_total";
        self.family(NAME, "counter", "Answers of the API, by the class of their status.");
        for (class, count) in metrics.answers.iter().enumerate().skip(1) {
            self.line(NAME, &[("status", &format!("{class}xx"))], load(count));
        }
    }

    fn attempts(&mut self, metrics: &Metrics) {
        const NAME: &str = "latchhook_delivery_attempts_total";
        const RUNNING: &str = "latchhook_delivery_attempts_running";
        self.family(NAME, "counter", "Attempts to deliver that have ended, by their outcome.");
        self.line(NAME, &[("outcome", "succeeded")], load(&metrics.attempts_succeeded));
        self.line(NAME, &[("outcome", "failed")], load(&metrics.attempts_failed));
        self.family(RUNNING, "gauge", "Attempts to deliver that are under way.");
        self.line(RUNNING, &[], metrics.attempts_running.load(Ordering::Relaxed));
    }

    fn durations(&mut self, metrics: &Metrics) {
        const NAME: &str = "latchhook_delivery_attempt_duration_seconds";
        self.family(NAME, "histogram", "How long attempts to deliver took.");
        let mut so_far = 0;
        for (bound, count) in BOUNDS.iter().zip(&metrics.attempts) {
            so_far += load(count);
            let bound = Seconds(bound * 1000).to_string();
            self.line(&format!("{NAME}_bucket"), &[("le", &bound)], so_far);
        }
        so_far += load(&metrics.attempts[BOUNDS.len()]);
        self.line(&format!("{NAME}_bucket"), &[("le", "+Inf")], so_far);
        self.line(&format!("{NAME}_sum"), &[], Seconds(load(&metrics.attempt_micros)));
        self.line(&format!("{NAME}_count"), &[], so_far);
    }

    /// Left out where the kernel does not tell.
    fn memory(&mut self) {
        const NAME: &str = "process_resident_memory_bytes";
        let statm = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = statm.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        });
        if let Some(kib) = kib {
            self.family(NAME, "gauge", "Memory that is resident, in bytes.");
            self.line(NAME, &[], kib * 1024);
        }
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a String never fails.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

fn load(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// Microseconds, shown as seconds.
struct Seconds(u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}
