//! Load of events with what became of it, of the server or of the floor.

use super::{Customer, Order, Stage, Until, fresh, rate};
use crate::{
    failure::Failure, load::Done, payload, proc, processes::Server, report::Report, sink::Arrivals,
};

/// Load with its result.
pub(super) struct Run {
    pub(super) sent: Done,
    pub(super) arrived: Arrivals,
    cpu_seconds: f64,
    written: u64,
}

impl Stage {
    /// Posts `event` of `customers`, by turns, and waits until all are delivered.
    pub(super) async fn deliver(
        &mut self,
        server: &Server,
        customers: &[Customer],
        event: &str,
        rate: Option<f64>,
    ) -> Result<Run, Failure> {
        self.sink.order::<Arrivals>(&Order::Answer).await?;
        let before = used(server.pid()?)?;
        let until = Until::Seconds(self.seconds);
        let sent = self.post_of(server, customers, event, until, rate).await?;
        let webhooks = customers.first().map_or(0, |customer| customer.webhooks);
        let arrived = self.arrived(sent.succeeded() * webhooks).await?;
        Run::since(before, server.pid()?, sent, arrived)
    }

    /// Posts `event` to the floor as fast as it goes, and waits until all are delivered.
    pub(super) async fn floor(&mut self, event: &str) -> Result<Run, Failure> {
        self.floor_with(event, &[]).await
    }

    /// Posts `event` to the floor with `settings`.
    pub(super) async fn floor_with(
        &mut self,
        event: &str,
        settings: &[&str],
    ) -> Result<Run, Failure> {
        let directory = fresh()?;
        let floor = self.program.floor(&self.receiver, directory.path(), settings).await?;
        self.sink.order::<Arrivals>(&Order::Answer).await?;
        let before = used(floor.pid()?)?;
        let until = Until::Seconds(self.seconds);
        let request = payload::request("POST /", "", None, event);
        let sent = self.send(floor.address, request, vec![], until, None).await?;
        let arrived = self.arrived(sent.succeeded()).await?;
        Run::since(before, floor.pid()?, sent, arrived)
    }
}

/// Processor seconds and written bytes of a process.
pub(super) fn used(process: u32) -> Result<(f64, u64), Failure> {
    Ok((proc::cpu_seconds(process)?, proc::written(process)?))
}

impl Run {
    /// Returns what was `sent` and `arrived` since the process had used `before`.
    pub(super) fn since(
        before: (f64, u64),
        process: u32,
        sent: Done,
        arrived: Arrivals,
    ) -> Result<Self, Failure> {
        let (cpu_seconds, written) = used(process)?;
        let (cpu_seconds, written) = (cpu_seconds - before.0, written - before.1);
        Ok(Self { sent, arrived, cpu_seconds, written })
    }

    pub(super) fn accept_rate(&self) -> f64 {
        rate(self.sent.succeeded(), self.sent.began, self.sent.ended)
    }

    /// Deliveries a second, from the first event's `POST` to the last delivery's arrival, including
    /// the backlog.
    pub(super) fn delivery_rate(&self) -> f64 {
        rate(self.arrived.distinct, self.sent.began, self.arrived.last)
    }

    /// Processor seconds for 10,000 deliveries.
    pub(super) fn cpu_per_10000(&self) -> f64 {
        self.cpu_seconds * 10_000.0 / self.deliveries()
    }

    /// Kilobytes written to the disk for each delivery; 0 where there is none, as in memory.
    #[expect(clippy::cast_precision_loss, reason = "no number of bytes here reaches 53 bits")]
    pub(super) fn written_kb(&self) -> f64 {
        self.written as f64 / 1000.0 / self.deliveries()
    }

    #[expect(clippy::cast_precision_loss, reason = "no count here reaches 53 bits")]
    fn deliveries(&self) -> f64 {
        self.arrived.distinct.max(1) as f64
    }

    /// Reports the deliveries of a load called `name`, which are `what`, beside the `floor`'s.
    pub(super) fn beside(&self, floor: &Self, report: &mut Report, name: &str, what: &str) {
        let (rate, cpu) = (self.delivery_rate(), self.cpu_per_10000());
        report.add(&format!("{name}_rate"), what, "1/s", rate);
        let share = rate / floor.delivery_rate();
        report.add(&format!("{name}_share_of_floor"), &format!("{what} / floor"), "", share);
        let times = cpu / floor.cpu_per_10000();
        report.add(&format!("{name}_cpu_of_floor"), "  processor a delivery / floor's", "", times);
    }
}
