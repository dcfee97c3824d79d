//! Receiver of the demo: it fails some first attempts, and verifies the rest with the Standard
//! Webhooks library.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use http::StatusCode;
use standardwebhooks::Webhook;
use tokio::net::TcpListener;

use super::customer::Customer;
use crate::{
    failure::Failure,
    output::{Output, Tone},
    receiver::{self, Arrived},
};

/// Interval of new events whose first attempt is answered 503.
const FAILS_EVERY: usize = 3;

/// Receiver's secret and its record of attempts.
pub(super) struct Receiver {
    webhook: Webhook,
    events: Mutex<BTreeMap<String, Received>>,
}

/// Record of one event's attempts at the receiver.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Received {
    /// Number of attempts that arrived.
    pub(super) attempts: u32,
    /// Number of attempts that were answered 503.
    pub(super) failed: u32,
    /// True if a signature was verified.
    pub(super) verified: bool,
    /// True if a signature was wrong.
    pub(super) forged: bool,
    fails_first: bool,
}

/// Attempt and its answer, for output.
struct Attempt {
    id: String,
    kind: String,
    number: u32,
    status: StatusCode,
    verified: Result<(), String>,
}

/// Receives, and prints each attempt, until an error.
pub(super) async fn run(
    listener: TcpListener,
    receiver: &Arc<Receiver>,
    output: &Output,
) -> Failure {
    let (told, mut tell) = tokio::sync::mpsc::unbounded_channel();
    let receiver = Arc::clone(receiver);
    let serving = receiver::serve(listener, move |arrived| {
        let attempt = receiver.take(&arrived);
        let status = attempt.status;
        // The output is gone once the demo is ending.
        let _ = told.send(attempt);
        async move { receiver::bare(status) }
    });
    let telling = async {
        while let Some(attempt) = tell.recv().await {
            output.line(attempt.line(output))?;
        }
        Ok::<(), Failure>(())
    };
    tokio::select! {
        stopped = serving => match stopped {
            Err(why) => Failure::of("the receiver", why),
            Ok(never) => match never {},
        },
        stopped = telling => {
            stopped.err().unwrap_or_else(|| Failure::Failed("the receiver has ended".to_owned()))
        }
    }
}

impl Receiver {
    /// Creates the receiver of a customer's webhook.
    pub(super) fn of(customer: &Customer) -> Result<Self, Failure> {
        let webhook = Webhook::new(customer.signing_secret.expose());
        let webhook = webhook.map_err(|why| Failure::of("the signing secret", why))?;
        Ok(Self { webhook, events: Mutex::default() })
    }

    /// Returns the record of the event `id`.
    pub(super) fn received(&self, id: &str) -> Received {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.get(id).copied().unwrap_or_default()
    }

    fn take(&self, arrived: &Arrived) -> Attempt {
        let verified = self.webhook.verify(&arrived.body, &arrived.headers);
        let id = arrived.header("webhook-id").unwrap_or("(no webhook-id)").to_owned();
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let fails_first = events.len() % FAILS_EVERY == 1;
        let fresh = Received { fails_first, ..Received::default() };
        let received = events.entry(id.clone()).or_insert(fresh);
        received.attempts += 1;
        let status = if verified.is_err() {
            received.forged = true;
            StatusCode::UNAUTHORIZED
        } else if received.fails_first && received.attempts == 1 {
            received.failed += 1;
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            received.verified = true;
            StatusCode::OK
        };
        let kind = serde_json::from_slice::<serde_json::Value>(&arrived.body)
            .ok()
            .and_then(|body| body["type"].as_str().map(str::to_owned));
        Attempt {
            id,
            kind: kind.unwrap_or_default(),
            number: received.attempts,
            status,
            verified: verified.map_err(|why| why.to_string()),
        }
    }
}

impl Attempt {
    fn line(&self, output: &Output) -> String {
        let Self { id, kind, number, status, verified } = self;
        let what = if *number == 1 { "attempted" } else { "retried" };
        let tone = if *number == 1 { Tone::Quiet } else { Tone::Warn };
        let what = output.paint(tone, format_args!("{what:<12}"));
        let tone = if status.is_success() { Tone::Good } else { Tone::Bad };
        let answer = output.paint(tone, format_args!("{}", status.as_u16()));
        let verdict = match verified {
            Ok(()) => "signature verified".to_owned(),
            Err(why) => output.paint(Tone::Bad, format_args!("NOT VERIFIED: {why}")),
        };
        format!("{what}  {id}  {kind}: attempt {number}, {verdict}, answered {answer}")
    }
}
