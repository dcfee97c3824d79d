//! A receiver that hangs, and its neighbour.

use super::{Customer, Order, Stage, Until};
use crate::{
    failure::Failure,
    processes::Server,
    report::{Report, say},
    sink::Arrivals,
};

/// Events for the receiver that hangs for 20 seconds.
const HANGING: u32 = 2000;
/// The neighbour's events a second.
const PACE: f64 = 50.0;
/// Time for which the neighbour is watched beside the hanging receiver: longer than that hangs.
const WATCHED: u64 = 30;

/// Measures this part.
pub(crate) async fn measure(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    let (server, _directory) = stage.server().await?;
    let neighbour = stage.customer(&server, &["/ok/0"]).await?;
    let loud = stage.customer(&server, &["/hang"]).await?;

    say("a neighbour alone");
    let alone = watch(stage, &server, &neighbour, stage.seconds).await?;
    report.add("neighbour_p50_alone", "a neighbour's p50, alone", "ms", alone.p50_ms);
    report.add("neighbour_p99_alone", "a neighbour's p99, alone", "ms", alone.p99_ms);

    say("a neighbour beside a receiver that hangs");
    stage.post(&server, &loud, Until::Count(HANGING), None).await?;
    let beside = watch(stage, &server, &neighbour, WATCHED).await?;
    report.add("neighbour_p50_beside_hanging", "its p50 beside a hanging one", "ms", beside.p50_ms);
    report.add("neighbour_p99_beside_hanging", "its p99 beside a hanging one", "ms", beside.p99_ms);
    let stopped = super::ms(server.stop().await?);
    report.add("sigterm_while_hanging", "SIGTERM to exit with attempts that hang", "ms", stopped);
    Ok(())
}

async fn watch(
    stage: &mut Stage,
    server: &Server,
    neighbour: &Customer,
    seconds: u64,
) -> Result<Arrivals, Failure> {
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    let sent = stage.post(server, neighbour, Until::Seconds(seconds), Some(PACE)).await?;
    stage.arrived(sent.succeeded()).await
}
