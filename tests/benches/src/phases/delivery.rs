//! Accepting and delivering: as fast as it goes, and at a pace.

use super::{Order, Stage, Until, fresh, rate};
use crate::{
    failure::Failure,
    load::Done,
    payload, proc,
    processes::Server,
    report::{Report, say},
    sink::Arrivals,
};

/// Measures this part.
pub(crate) async fn measure(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    let (server, _directory) = stage.server().await?;

    say("delivering at 100 a second");
    let run = post(stage, &server, &["/ok/0"], Some(100.0)).await?;
    report.add("p50_at_100_per_second", "p50 end to end at 100/s", "ms", run.arrived.p50_ms);
    report.add("p99_at_100_per_second", "p99 end to end at 100/s", "ms", run.arrived.p99_ms);

    say("accepting, without a webhook");
    let run = post(stage, &server, &[], None).await?;
    report.add("accept_rate", "events accepted, no webhook", "1/s", run.accept_rate());
    report.add("accept_p99", "p99 of an accepting answer, no webhook", "ms", run.sent.p99_ms);

    say("delivering to one webhook");
    let run = post(stage, &server, &["/ok/0"], None).await?;
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

    say("delivering by the same libraries and nothing else");
    let floor = floor(stage).await?;
    let share = run.delivery_rate() / floor.delivery_rate();
    report.add("floor_rate", "deliveries of the floor", "1/s", floor.delivery_rate());
    report.add("share_of_floor", "deliveries, one webhook / floor", "", share);
    report.add("cpu_of_floor", "processor a delivery / floor's", "", cpu / floor.cpu_per_10000());

    say("delivering to two webhooks");
    let run = post(stage, &server, &["/ok/0", "/ok/1"], None).await?;
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

/// Load with its result.
struct Run {
    sent: Done,
    arrived: Arrivals,
    cpu_seconds: f64,
}

async fn post(
    stage: &mut Stage,
    server: &Server,
    webhooks: &[&str],
    rate: Option<f64>,
) -> Result<Run, Failure> {
    let customer = stage.customer(server, webhooks).await?;
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    let before = server.cpu_seconds()?;
    let sent = stage.post(server, &customer, Until::Seconds(stage.seconds), rate).await?;
    let expected = sent.succeeded() * u64::try_from(webhooks.len()).unwrap_or(0);
    let arrived = stage.arrived(expected).await?;
    let cpu_seconds = server.cpu_seconds()? - before;
    Ok(Run { sent, arrived, cpu_seconds })
}

/// Posts to the floor as fast as it goes.
async fn floor(stage: &mut Stage) -> Result<Run, Failure> {
    let directory = fresh()?;
    let floor = stage.program.floor(stage.sink.address, directory.path()).await?;
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    let before = floor.cpu_seconds()?;
    let until = Until::Seconds(stage.seconds);
    let request = payload::request("POST /", "", None, &payload::event());
    let sent = stage.send(floor.address, request, until, None).await?;
    let arrived = stage.arrived(sent.succeeded()).await?;
    Ok(Run { sent, arrived, cpu_seconds: floor.cpu_seconds()? - before })
}

impl Run {
    fn accept_rate(&self) -> f64 {
        rate(self.sent.succeeded(), self.sent.began, self.sent.ended)
    }

    /// Deliveries a second, from the first event's `POST` to the last delivery's arrival, including
    /// the backlog.
    fn delivery_rate(&self) -> f64 {
        rate(self.arrived.distinct, self.sent.began, self.arrived.last)
    }

    #[expect(clippy::cast_precision_loss, reason = "no count here reaches 53 bits")]
    fn cpu_per_10000(&self) -> f64 {
        self.cpu_seconds * 10_000.0 / self.arrived.distinct.max(1) as f64
    }
}
