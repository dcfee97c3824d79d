//! `GET /metrics`: what the server has done, as Prometheus reads it.
//!
//! No label names an account, a key or a webhook: what is scraped is for the operator's dashboards,
//! and grows with nothing.

mod text;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{id::AccountId, webhook::WebhookUrl};
use http::StatusCode;
use ports::{
    Clock, Sender,
    sender::{Outcome, Outgoing},
};

/// Upper bounds of the attempts' durations, in milliseconds.
const BOUNDS: [u64; 11] = [1, 2, 5, 10, 25, 50, 100, 500, 1000, 5000, 15_000];

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Answers, by the first digit of their status.
    answers: [AtomicU64; 6],
    attempts_succeeded: AtomicU64,
    attempts_failed: AtomicU64,
    attempts_running: AtomicI64,
    attempt_micros: AtomicU64,
    /// Attempts by duration: up to each of the bounds, not counting those before; the rest.
    attempts: [AtomicU64; BOUNDS.len() + 1],
}

impl Metrics {
    /// All of it, in the text format of Prometheus.
    pub(super) fn page(&self) -> String {
        text::of(self)
    }

    /// Counts an answer of the API.
    pub(super) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).min(5);
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    fn attempted(&self, outcome: &Outcome, took: Duration) {
        let succeeded =
            matches!(outcome, Outcome::Answered(answer) if (200..300).contains(&answer.status));
        let counter = if succeeded { &self.attempts_succeeded } else { &self.attempts_failed };
        counter.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.attempt_micros.fetch_add(micros, Ordering::Relaxed);
        let place = BOUNDS.iter().position(|bound| micros <= bound * 1000);
        self.attempts[place.unwrap_or(BOUNDS.len())].fetch_add(1, Ordering::Relaxed);
    }
}

/// A sender whose attempts are counted.
pub(super) struct Metered<S> {
    sender: S,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
}

impl<S> Metered<S> {
    /// Counts the attempts of `sender`.
    pub(super) const fn new(sender: S, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> Self {
        Self { sender, clock, metrics }
    }
}

/// Counts an attempt as running for as long as it lives: attempts can be dropped half-way.
struct IsRunning<'a>(&'a AtomicI64);

impl<'a> IsRunning<'a> {
    fn count(running: &'a AtomicI64) -> Self {
        running.fetch_add(1, Ordering::Relaxed);
        Self(running)
    }
}

impl Drop for IsRunning<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl<S: Sender> Sender for Metered<S> {
    async fn send(&self, account: AccountId, url: &WebhookUrl, outgoing: Outgoing) -> Outcome {
        let _running = IsRunning::count(&self.metrics.attempts_running);
        let began = self.clock.monotonic();
        let outcome = self.sender.send(account, url, outgoing).await;
        self.metrics.attempted(&outcome, self.clock.monotonic().saturating_sub(began));
        outcome
    }
}

#[cfg(test)]
mod tests;
