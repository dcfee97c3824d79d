//! Metrics of the server, at `GET /metrics` for Prometheus.
//!
//! No label names an account, a key or a webhook: the metrics are for the operator's dashboards,
//! and their number is fixed.

mod memory;
mod refusals;
mod store;

use std::{sync::Arc, time::Duration};

use app::{Tally, http::BodyRefused};
use async_trait::async_trait;
use domain::{id::AccountId, webhook::WebhookUrl};
use http::StatusCode;
use ports::{
    Clock, Sender,
    sender::{OutOfSockets, Outcome, Outgoing},
};
use prometheus_client::{
    encoding::prometheus_text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::Registry,
};

use embedded::Figures;
use memory::ResidentMemory;
use refusals::Refusals;
use store::StoreFigures;

use crate::http::Closed;

/// Upper bounds of the histogram of attempts' durations, in seconds.
const BOUNDS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0];
/// Classes of an answer's status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Reasons for which connections are closed, as labels.
const CLOSED: [(Closed, &str); 6] = [
    (Closed::FirstByte, "first_byte"),
    (Closed::Head, "head"),
    (Closed::Answer, "answer"),
    (Closed::Idle, "idle"),
    (Closed::Displaced, "displaced"),
    (Closed::Flood, "flood"),
];
/// Reasons for which bodies are refused, as labels.
const BODIES: [(BodyRefused, &str); 2] =
    [(BodyRefused::Late, "late"), (BodyRefused::Crowded, "crowded")];

/// Label and its value.
type Label = [(&'static str, &'static str); 1];

/// Metrics since the start.
///
/// They are held beside the registry, so that counting needs no look-up.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Tally of the product itself, of what was refused.
    pub(crate) tally: Arc<Tally>,
    /// Answers by class of status.
    answers: [Counter; CLASSES.len()],
    connections: Gauge,
    connections_refused: Counter,
    connections_closed: [Counter; CLOSED.len()],
    bodies_refused: [Counter; BODIES.len()],
    attempts_succeeded: Counter,
    attempts_failed: Counter,
    attempts_unsent: Counter,
    attempts_running: Gauge,
    attempt_seconds: Histogram,
    store: Arc<Figures>,
}

impl Metrics {
    /// Creates the metrics, all at zero.
    pub(crate) fn new() -> Self {
        let answers = Family::<Label, Counter>::default();
        let attempts = Family::<Label, Counter>::default();
        let closed = Family::<Label, Counter>::default();
        let bodies = Family::<Label, Counter>::default();
        let metrics = Self {
            registry: Registry::default(),
            tally: Arc::default(),
            answers: CLASSES.map(|class| answers.get_or_create_owned(&[("status", class)])),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            connections_closed: CLOSED
                .map(|(_, why)| closed.get_or_create_owned(&[("reason", why)])),
            bodies_refused: BODIES.map(|(_, why)| bodies.get_or_create_owned(&[("reason", why)])),
            attempts_succeeded: attempts.get_or_create_owned(&[("outcome", "succeeded")]),
            attempts_failed: attempts.get_or_create_owned(&[("outcome", "failed")]),
            attempts_unsent: attempts.get_or_create_owned(&[("outcome", "unsent")]),
            attempts_running: Gauge::default(),
            attempt_seconds: Histogram::new(BOUNDS),
            store: Arc::default(),
        };
        metrics.http_registered(answers, closed, bodies).deliveries_registered(attempts)
    }

    /// Registers the metrics under their names. Counters get `_total` at their end, the version
    /// `_info`.
    fn http_registered(
        mut self,
        answers: Family<Label, Counter>,
        closed: Family<Label, Counter>,
        bodies: Family<Label, Counter>,
    ) -> Self {
        let registry = &mut self.registry;
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("latchhook_build", "The version that runs", version);
        registry.register(
            "latchhook_http_requests",
            "Answers of the API, by the class of their status",
            answers,
        );
        registry.register(
            "latchhook_http_connections",
            "Connections of clients that are open",
            self.connections.clone(),
        );
        registry.register(
            "latchhook_http_connections_refused",
            "Connections of clients that were refused, for want of room",
            self.connections_refused.clone(),
        );
        registry.register(
            "latchhook_http_connections_closed",
            "Connections of clients that were closed, by the reason",
            closed,
        );
        registry.register(
            "latchhook_http_bodies_refused",
            "Bodies of requests that were cut off, by the reason",
            bodies,
        );
        self
    }

    fn deliveries_registered(mut self, attempts: Family<Label, Counter>) -> Self {
        let registry = &mut self.registry;
        registry.register(
            "latchhook_delivery_attempts",
            "Attempts to deliver that have ended, by their outcome",
            attempts,
        );
        registry.register(
            "latchhook_delivery_attempts_running",
            "Attempts to deliver that are under way",
            self.attempts_running.clone(),
        );
        registry.register(
            "latchhook_delivery_attempt_duration_seconds",
            "How long attempts to deliver took",
            self.attempt_seconds.clone(),
        );
        registry.register_collector(Box::new(Refusals(Arc::clone(&self.tally))));
        registry.register_collector(Box::new(ResidentMemory));
        registry.register_collector(Box::new(StoreFigures(Arc::clone(&self.store))));
        self
    }

    /// Returns all metrics in the text format of Prometheus.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a `String` can't fail.
        let _ = prometheus_text::encode(&mut page, &self.registry);
        page
    }

    /// Returns the figures that the store is to keep.
    pub(crate) fn store(&self) -> Arc<Figures> {
        Arc::clone(&self.store)
    }

    /// Counts an answer of the API.
    pub(crate) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len());
        self.answers[class - 1].inc();
    }

    /// Sets the number of open connections.
    pub(crate) fn connections(&self, open: usize) {
        self.connections.set(i64::try_from(open).unwrap_or(i64::MAX));
    }

    /// Counts a connection that was refused.
    pub(crate) fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// Counts a connection that was closed.
    pub(crate) fn connection_closed(&self, reason: Closed) {
        count(&self.connections_closed, &CLOSED, reason);
    }

    /// Counts a body that was cut off.
    pub(crate) fn body_refused(&self, reason: BodyRefused) {
        count(&self.bodies_refused, &BODIES, reason);
    }

    fn attempted(&self, outcome: &Result<Outcome, OutOfSockets>, took: Duration) {
        let counter = match outcome {
            Ok(Outcome::Answered(answer)) if (200..300).contains(&answer.status) => {
                &self.attempts_succeeded
            }
            Ok(_) => &self.attempts_failed,
            Err(_) => &self.attempts_unsent,
        };
        counter.inc();
        if outcome.is_ok() {
            self.attempt_seconds.observe(took.as_secs_f64());
        }
    }
}

/// Counts one more of `reason`.
fn count<R: PartialEq + Copy>(counters: &[Counter], reasons: &[(R, &str)], reason: R) {
    let known = counters.iter().zip(reasons).find(|(_, (known, _))| *known == reason);
    if let Some((counter, _)) = known {
        counter.inc();
    }
}

/// Sender that counts attempts.
pub(crate) struct Metered<S> {
    sender: S,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
}

impl<S> Metered<S> {
    /// Creates a sender that counts the attempts of `sender`.
    pub(crate) const fn new(sender: S, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> Self {
        Self { sender, clock, metrics }
    }
}

/// Guard that counts an attempt as running until it is dropped, because attempts can be cancelled.
struct IsRunning<'a>(&'a Gauge);

impl<'a> IsRunning<'a> {
    fn count(running: &'a Gauge) -> Self {
        running.inc();
        Self(running)
    }
}

impl Drop for IsRunning<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[async_trait]
impl<S: Sender> Sender for Metered<S> {
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        let _running = IsRunning::count(&self.metrics.attempts_running);
        let began = self.clock.monotonic();
        let outcome = self.sender.send(account, url, outgoing).await;
        self.metrics.attempted(&outcome, self.clock.monotonic().saturating_sub(began));
        outcome
    }
}

#[cfg(test)]
mod tests;
