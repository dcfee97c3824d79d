//! Bench of the embedded store on the delivery path: events accepted, messages handed out, state
//! read and outcome recorded, as the server does it but without HTTP.
//!
//! `cargo bench -p latchhook-benches --bench store`

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod load;
mod machine;
mod report;

use std::{path::Path, sync::Arc};

use embedded::{Embedded, Options, SystemClock, SystemIds};

use crate::{
    load::{Load, Pace},
    report::Report,
};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut report = Report::default();
    runtime.block_on(async {
        for webhooks in [1, 100] {
            let folder = tempfile::tempdir().unwrap();
            let load = Load::new(folder.path(), open(folder.path()), webhooks);
            load.run(Pace::AtOnce { events: 50_000, at_a_time: 64 }, &mut report).await;
            load.run(Pace::PerSecond { rate: 100, seconds: 5 }, &mut report).await;
            load.close().await;
        }
        let folder = tempfile::tempdir().unwrap();
        load::backlog(folder.path(), 1_000_000, &mut report).await;
    });
    report.print();
}

fn open(path: &Path) -> (Arc<Embedded>, Arc<SystemClock>, SystemIds) {
    let clock = Arc::new(SystemClock::new());
    let store = Embedded::open(path, &Options::default(), clock.clone()).unwrap();
    (Arc::new(store), clock, SystemIds::new())
}
