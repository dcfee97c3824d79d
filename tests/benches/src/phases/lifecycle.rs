//! Start, stop, and recovery after a kill.

use super::{Order, Stage, Until, ms};
use crate::{
    clock,
    failure::Failure,
    report::{Report, say},
    sink::{Arrivals, millis},
};

/// Events that are under way when the server is killed.
const UNDER_WAY: u32 = 1000;

/// Measures this part.
pub(crate) async fn measure(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    say("starting and stopping");
    let (server, _directory) = stage.server().await?;
    let healthy = ms(server.healthy_after);
    report.add("first_healthy_answer", "fresh start to first healthy answer", "ms", healthy);
    let idle = ms(server.stop().await?);
    report.add("sigterm_when_idle", "SIGTERM to exit when idle", "ms", idle);
    resume(stage, report).await
}

/// Measures how long after a restart every delivery has arrived again. The sink answers none before
/// the kill, so all of them are in flight or waiting then.
async fn resume(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    say("killing a server at work");
    let (server, directory) = stage.server().await?;
    let customer = stage.customer(&server, &["/ok/0"]).await?;
    stage.sink.order::<Arrivals>(&Order::Hold).await?;
    stage.post(&server, &customer, Until::Count(UNDER_WAY), None).await?;
    stage.arrived(1).await?;
    server.kill().await?;
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    let began = clock::unix_nanos();
    let server = stage.program.serve(directory.path(), &[]).await?;
    let arrivals = stage.arrived(u64::from(UNDER_WAY)).await?;
    let first = millis(arrivals.first.saturating_sub(began) / 1000);
    let all = millis(arrivals.last.saturating_sub(began) / 1000);
    report.add("resumed_after_kill", "kill -9, restart: first of 1,000 in flight", "ms", first);
    report.add("all_resumed_after_kill", "kill -9, restart: all of 1,000 in flight", "ms", all);
    server.stop().await.map(drop)
}
