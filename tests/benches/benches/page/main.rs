//! Bench of the dashboard: the server's time for each page, for an account with 25 keys and 25 rows
//! of each log, and for one with 1,000 keys and 1,000,000 rows.
//!
//! `cargo bench -p latchhook-benches --bench page`

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod installation;
mod seed;

use std::time::Duration;

use serde_json::json;

use crate::installation::Installation;

/// Allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Number of requests to a page before it is measured.
const WARM: usize = 20;
const MEASURED: usize = 200;
/// Largest ratio between the large and the small account.
const MOST: f64 = 2.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(compare());
}

/// Compares the accounts page by page, in turns, so that other load on the machine slows both.
async fn compare() {
    let (small, large) = (Side::new(seed::Size::SMALL).await, Side::new(seed::Size::LARGE).await);
    println!("{:<22} {:>10} {:>10} {:>7}", "page", "small ms", "large ms", "ratio");
    let mut pages = Vec::new();
    for ((name, few, reader), (_, many, other)) in
        small.pages().await.into_iter().zip(large.pages().await)
    {
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for _ in 0..WARM + MEASURED {
            fast.push(small.installation.page(&few, &reader).await);
            slow.push(large.installation.page(&many, &other).await);
        }
        let (fast, slow) = (median(&mut fast), median(&mut slow));
        let ratio = slow / fast;
        let verdict = if ratio > MOST { "  over" } else { "" };
        println!("{name:<22} {fast:>10.3} {slow:>10.3} {ratio:>7.2}{verdict}");
        pages.push(json!({ "page": name, "small_ms": fast, "large_ms": slow, "ratio": ratio }));
    }
    println!("{}", json!({ "bench": "page", "pages": pages }));
    small.installation.close().await;
    large.installation.close().await;
}

/// Installation with an account of one size.
struct Side {
    installation: Installation,
    account: seed::Account,
    _folder: tempfile::TempDir,
}

impl Side {
    async fn new(size: seed::Size) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let installation = Installation::open(folder.path()).await;
        let account = seed::fill(&installation, size).await;
        Self { installation, account, _folder: folder }
    }

    async fn pages(&self) -> Vec<(&'static str, String, String)> {
        self.account.pages(&self.installation).await
    }
}

/// Median in milliseconds, without the warm-up.
fn median(times: &mut Vec<Duration>) -> f64 {
    times.drain(..WARM);
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
