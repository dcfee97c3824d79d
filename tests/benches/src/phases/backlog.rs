//! Memory while a receiver is down and deliveries pile up.

use super::{Stage, Until, customer, rate};
use crate::{
    failure::Failure,
    proc,
    processes::unused_address,
    report::{Report, say},
};

/// Webhooks that each event goes to: as many deliveries for a tenth of the posts.
const WEBHOOKS: u64 = 10;

/// Measures this part.
pub(crate) async fn measure(
    stage: &mut Stage,
    report: &mut Report,
    deliveries: u64,
) -> Result<(), Failure> {
    say(&format!("piling up {deliveries} deliveries"));
    let (server, directory) = stage.server().await?;
    let down = unused_address().await?;
    let urls = (0..WEBHOOKS).map(|number| format!("http://{down}/{number}")).collect();
    let customer = customer(&server, urls).await?;
    let events = u32::try_from(deliveries.div_ceil(WEBHOOKS)).unwrap_or(u32::MAX);
    let sent = stage.post(&server, &customer, Until::Count(events), None).await?;
    let waiting = rate(sent.succeeded() * WEBHOOKS, sent.began, sent.ended);
    let pid = server.pid()?;
    let (resident, peak) = (proc::resident_mib(pid)?, proc::peak_mib(pid)?);
    report.add("backlog_rate", "deliveries queued for a receiver that is down", "1/s", waiting);
    report.add("backlog_memory", "memory while the backlog waits", "MiB", resident);
    report.add("backlog_peak_memory", "peak memory while it piled up", "MiB", peak);
    let stopped = super::ms(server.stop().await?);
    report.add("sigterm_with_backlog", "SIGTERM to exit with the backlog", "ms", stopped);
    let server = stage.program.serve(directory.path(), &[]).await?;
    let healthy = super::ms(server.healthy_after);
    report.add(
        "start_with_backlog",
        "start with the backlog to first healthy answer",
        "ms",
        healthy,
    );
    server.stop().await.map(drop)
}
