//! Delivering where the disk is slow: every sync takes longer, of the server's and of the floor's.

use std::{ffi::OsString, path::Path, process::Command, time::Duration};

use super::{Stage, fresh, ms};
use crate::{
    failure::Failure,
    payload,
    processes::Program,
    report::{Report, say},
};

/// Library that delays syncs, in C: it stands between a program and the system's library.
const SLOW_SYNC: &str = include_str!("syncs/slow_sync.c");

/// Measures this part with `program`, posting for `seconds` each time. With TMPDIR in memory, a sync takes
/// what is said and no more.
pub(crate) async fn measure(
    program: Program,
    report: &mut Report,
    seconds: u64,
) -> Result<(), Failure> {
    let directory = fresh()?;
    let library = directory.path().join("slow_sync.so");
    compile(directory.path(), &library)?;
    for (micros, name, took) in
        [(200, "sync_200us", "0.2 ms"), (2_000, "sync_2ms", "2 ms"), (10_000, "sync_10ms", "10 ms")]
    {
        say(&format!("delivering with syncs of {took}"));
        let delayed = [
            ("LD_PRELOAD", library.clone().into_os_string()),
            ("SLOW_SYNC_MICROS", OsString::from(micros.to_string())),
        ];
        let mut stage = Stage::set(program.clone().with(delayed), seconds).await?;
        let (server, _data) = stage.server().await?;
        let customer = [stage.customer(&server, &["/ok/0"]).await?];
        let event = payload::event();
        let paced = stage.deliver(&server, &customer, &event, Some(100.0)).await?;
        if paced.arrived.p50_ms < ms(Duration::from_micros(micros)) {
            return Err(Failure::new("syncs are not delayed: is the server linked statically?"));
        }
        let run = stage.deliver(&server, &customer, &event, None).await?;
        server.stop().await?;
        let floor = stage.floor(&event).await?;
        run.beside(&floor, report, name, &format!("deliveries, syncs of {took}"));
        let (p50, p99) = (paced.arrived.p50_ms, paced.arrived.p99_ms);
        report.add(&format!("{name}_p50"), "  p50 end to end at 100/s", "ms", p50);
        report.add(&format!("{name}_p99"), "  p99 end to end at 100/s", "ms", p99);
    }
    Ok(())
}

fn compile(directory: &Path, library: &Path) -> Result<(), Failure> {
    let source = directory.join("slow_sync.c");
    std::fs::write(&source, SLOW_SYNC)?;
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-O2", "-o"]).arg(library).arg(source).arg("-ldl");
    let status = command.status().map_err(|why| Failure::of("the C compiler", why))?;
    if status.success() { Ok(()) } else { Err(Failure::of("the C compiler", status)) }
}
