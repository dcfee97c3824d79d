//! Simulated network: receivers that a test scripts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    Timestamp,
    delivery::{Failure, FailureCode},
    id::AccountId,
    webhook::WebhookUrl,
};
use ports::{
    Clock, Sender, Vetting,
    sender::{Answer, OutOfSockets, Outcome, Outgoing, Refused},
};

use crate::executor::step_aside;

/// Domain whose hosts resolve to a private network.
const PRIVATE: &str = "private.example";

/// Reply of a receiver to an attempt.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Outcome of the attempt.
    pub outcome: Outcome,
    /// Duration of the attempt: half for the request, half for the answer.
    pub latency: Duration,
}

impl Reply {
    /// Answers at once.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let answer = Answer { status, ..Answer::default() };
        Self { outcome: Outcome::Answered(answer), latency: Duration::ZERO }
    }

    /// Does not answer.
    #[must_use]
    pub fn nothing() -> Self {
        let failure = Failure { code: FailureCode::Connection, message: "refused".to_owned() };
        Self { outcome: Outcome::Failed(failure), latency: Duration::ZERO }
    }

    /// Adds a `Retry-After` of `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        if let Outcome::Answered(answer) = &mut self.outcome {
            answer.retry_after_seconds = Some(seconds);
        }
        self
    }

    /// Makes the reply slower.
    #[must_use]
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }
}

/// Attempt that reached its receiver.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Time of arrival.
    pub at: Timestamp,
    /// Account for which it was sent.
    pub account: AccountId,
    /// URL, with credentials masked.
    pub url: String,
    /// URL, with its credentials.
    pub target: WebhookUrl,
    /// Identifier of the event, from `webhook-id`.
    pub event: String,
    /// Request that was sent.
    pub outgoing: Outgoing,
    /// Status of the answer.
    pub status: Option<u16>,
}

impl Hit {
    /// Returns whether the receiver acknowledged it.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Size in bytes as SNS counts it: the message, and name, type and value of each attribute.
    #[must_use]
    pub fn published_bytes(&self) -> usize {
        let Outgoing { headers, event_type, body, .. } = &self.outgoing;
        let attributes = headers.iter().map(|(name, value)| name.len() + 6 + value.len());
        body.len() + attributes.sum::<usize>() + 4 + 6 + event_type.len()
    }

    /// # Panics
    /// Fails if SNS would refuse it for its size: the product must not send anything that large.
    fn must_be_publishable(&self) {
        let bytes = self.published_bytes();
        assert!(bytes <= 262_144, "{} was sent {bytes} bytes", self.url);
    }
}

type Script = Arc<dyn Fn(&Hit) -> Reply + Send + Sync>;

/// Network of receivers, by URL. Other URLs do not answer.
pub struct Network {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    hits: Vec<Hit>,
    /// Number of attempts that will find no socket.
    without_socket: usize,
}

impl Network {
    /// Creates a network without receivers, with `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Scripts the receiver at `url` from now on.
    pub fn on(&self, url: &str, script: impl Fn(&Hit) -> Reply + Send + Sync + 'static) {
        self.state().scripts.insert(url.to_owned(), Arc::new(script));
    }

    /// Makes the receiver at `url` answer `status` from now on.
    pub fn answers(&self, url: &str, status: u16) {
        self.on(url, move |_| Reply::status(status));
    }

    /// Leaves no socket for the next `attempts`.
    pub fn lack_sockets(&self, attempts: usize) {
        self.state().without_socket = attempts;
    }

    /// Attempts that reached a receiver, in order.
    #[must_use]
    pub fn hits(&self) -> Vec<Hit> {
        self.state().hits.clone()
    }

    /// Attempts that reached `url`, in order.
    #[must_use]
    pub fn hits_at(&self, url: &str) -> Vec<Hit> {
        self.hits().into_iter().filter(|hit| hit.url == url).collect()
    }

    fn lacks_sockets(&self) -> bool {
        let mut state = self.state();
        let lacks = state.without_socket > 0;
        state.without_socket = state.without_socket.saturating_sub(1);
        lacks
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the script for the reply to `hit`.
    fn reply(&self, hit: &Hit) -> Reply {
        let script = self.state().scripts.get(&hit.url).cloned();
        script.map_or_else(Reply::nothing, |script| script(hit))
    }
}

#[async_trait]
impl Vetting for Network {
    async fn vet(&self, _: AccountId, url: &WebhookUrl) -> Result<(), Refused> {
        if url.to_string().contains(PRIVATE) { Err(Refused::NotPublic) } else { Ok(()) }
    }
}

#[async_trait]
impl Sender for Network {
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        step_aside().await;
        if self.lacks_sockets() {
            return Err(OutOfSockets);
        }
        let event = outgoing.headers.iter().find(|(name, _)| name.ends_with("-id"));
        let event = event.map(|(_, value)| value.clone()).unwrap_or_default();
        let (at, status, target) = (self.clock.now(), None, url.clone());
        let mut hit = Hit { at, account, url: url.to_string(), target, event, outgoing, status };
        if matches!(url, WebhookUrl::Sns(_)) {
            hit.must_be_publishable();
        }
        let reply = self.reply(&hit);
        self.clock.sleep(reply.latency / 2).await;
        hit.at = self.clock.now();
        hit.status = match &reply.outcome {
            Outcome::Answered(answer) => Some(answer.status),
            Outcome::Failed(_) => None,
        };
        self.state().hits.push(hit);
        // From here on the receiver has the request, even if its answer is lost.
        step_aside().await;
        self.clock.sleep(reply.latency / 2).await;
        Ok(reply.outcome)
    }
}
