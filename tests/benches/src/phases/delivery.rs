//! Accepting and delivering: as fast as it goes, and at a pace.

use super::Stage;
use crate::{
    failure::Failure,
    payload, proc,
    report::{Report, say},
};

/// Measures this part.
pub(crate) async fn measure(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    let (server, _directory) = stage.server().await?;
    let event = payload::event();

    say("delivering at 100 a second");
    let one = [stage.customer(&server, &["/ok/0"]).await?];
    let run = stage.deliver(&server, &one, &event, Some(100.0)).await?;
    report.add("p50_at_100_per_second", "p50 end to end at 100/s", "ms", run.arrived.p50_ms);
    report.add("p99_at_100_per_second", "p99 end to end at 100/s", "ms", run.arrived.p99_ms);

    say("accepting, without a webhook");
    let none = [stage.customer(&server, &[]).await?];
    let run = stage.deliver(&server, &none, &event, None).await?;
    report.add("accept_rate", "events accepted, no webhook", "1/s", run.accept_rate());
    report.add("accept_p99", "p99 of an accepting answer, no webhook", "ms", run.sent.p99_ms);

    say("delivering to one webhook");
    let run = stage.deliver(&server, &one, &event, None).await?;
    report.add("accept_rate_one_webhook", "events accepted, one webhook", "1/s", run.accept_rate());
    report.add("delivery_rate_one_webhook", "deliveries, one webhook", "1/s", run.delivery_rate());
    report.add("p50_at_saturation", "p50 end to end, as fast as it goes", "ms", run.arrived.p50_ms);
    report.add("p99_at_saturation", "p99 end to end, as fast as it goes", "ms", run.arrived.p99_ms);
    let cpu = run.cpu_per_10000();
    report.add(
        "cpu_per_10000_deliveries",
        "processor per 10,000 deliveries, one webhook",
        "s",
        cpu,
    );
    report.add(
        "written_per_delivery",
        "written to the disk for a delivery",
        "kB",
        run.written_kb(),
    );

    say("delivering by the same libraries and nothing else");
    let floor = stage.floor(&event).await?;
    let share = run.delivery_rate() / floor.delivery_rate();
    report.add("floor_rate", "deliveries of the floor", "1/s", floor.delivery_rate());
    report.add("share_of_floor", "deliveries, one webhook / floor", "", share);
    report.add("cpu_of_floor", "processor a delivery / floor's", "", cpu / floor.cpu_per_10000());

    say("delivering to two webhooks");
    let two = [stage.customer(&server, &["/ok/0", "/ok/1"]).await?];
    let run = stage.deliver(&server, &two, &event, None).await?;
    report.add(
        "delivery_rate_two_webhooks",
        "deliveries, two webhooks",
        "1/s",
        run.delivery_rate(),
    );
    let cpu = run.cpu_per_10000();
    report.add("cpu_two_webhooks", "processor per 10,000 deliveries, two webhooks", "s", cpu);

    let peak = proc::peak_mib(server.pid()?)?;
    report.add("peak_memory", "peak memory while delivering", "MiB", peak);
    server.stop().await.map(drop)
}
