//! What the server spends on each page of the dashboard, of an account with 10 keys and 10 rows of
//! log, and of one with 10,000 keys and 1,000,000 rows.
//!
//! `cargo bench -p latchhook-benches --bench page`

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod house;
mod seed;

use std::time::Duration;

use serde_json::json;

use crate::house::House;

/// Requests of a page before it is measured, and then.
const WARM: usize = 20;
const MEASURED: usize = 200;
/// How much more a page may cost when there is much.
const MOST: f64 = 2.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (small, large) = runtime
        .block_on(async { (measured(seed::Size::SMALL).await, measured(seed::Size::LARGE).await) });
    println!("{:<22} {:>10} {:>10} {:>7}", "page", "small ms", "large ms", "ratio");
    let mut pages = Vec::new();
    for ((name, small), (_, large)) in small.into_iter().zip(large) {
        let ratio = large / small;
        let verdict = if ratio > MOST { "  over" } else { "" };
        println!("{name:<22} {small:>10.3} {large:>10.3} {ratio:>7.2}{verdict}");
        pages.push(json!({ "page": name, "small_ms": small, "large_ms": large, "ratio": ratio }));
    }
    println!("{}", json!({ "bench": "page", "pages": pages }));
}

/// The median milliseconds of each page.
async fn measured(size: seed::Size) -> Vec<(&'static str, f64)> {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let account = seed::fill(&house, size).await;
    let mut figures = Vec::new();
    for (name, path, cookie) in account.pages(&house).await {
        for _ in 0..WARM {
            house.page(&path, &cookie).await;
        }
        let mut times = Vec::with_capacity(MEASURED);
        for _ in 0..MEASURED {
            times.push(house.page(&path, &cookie).await);
        }
        times.sort_unstable();
        figures.push((name, millis(times[MEASURED / 2])));
    }
    house.close().await;
    figures
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
