//! What the server spends on each page of the dashboard, of an account with 10 keys and 10 rows of
//! each log, and of one with 10,000 keys and 1,000,000 rows.
//!
//! `cargo bench -p latchhook-benches --bench page`

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod house;
mod seed;

use std::time::Duration;

use serde_json::json;

use crate::house::House;

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Requests of a page before it is measured, and then.
const WARM: usize = 20;
const MEASURED: usize = 200;
/// How much more a page may cost when there is much.
const MOST: f64 = 2.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(compare());
}

/// Asks both for each page by turns, so that whatever else the machine does slows both.
async fn compare() {
    let (small, large) = (Side::new(seed::Size::SMALL).await, Side::new(seed::Size::LARGE).await);
    println!("{:<22} {:>10} {:>10} {:>7}", "page", "small ms", "large ms", "ratio");
    let mut pages = Vec::new();
    for ((name, few, reader), (_, many, other)) in
        small.pages().await.into_iter().zip(large.pages().await)
    {
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for _ in 0..WARM + MEASURED {
            fast.push(small.house.page(&few, &reader).await);
            slow.push(large.house.page(&many, &other).await);
        }
        let (fast, slow) = (median(&mut fast), median(&mut slow));
        let ratio = slow / fast;
        let verdict = if ratio > MOST { "  over" } else { "" };
        println!("{name:<22} {fast:>10.3} {slow:>10.3} {ratio:>7.2}{verdict}");
        pages.push(json!({ "page": name, "small_ms": fast, "large_ms": slow, "ratio": ratio }));
    }
    println!("{}", json!({ "bench": "page", "pages": pages }));
    small.house.close().await;
    large.house.close().await;
}

/// A house with so much in it.
struct Side {
    house: House,
    account: seed::Account,
    _folder: tempfile::TempDir,
}

impl Side {
    async fn new(size: seed::Size) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        let account = seed::fill(&house, size).await;
        Self { house, account, _folder: folder }
    }

    async fn pages(&self) -> Vec<(&'static str, String, String)> {
        self.account.pages(&self.house).await
    }
}

/// In milliseconds, without the first ones.
fn median(times: &mut Vec<Duration>) -> f64 {
    times.drain(..WARM);
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
