//! Everything outside the house: receivers that a test scripts.

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
    sender::{Answer, Outcome, Outgoing, Refused},
};

use crate::executor::step_aside;

/// The name in whose hosts the network guard sees a private network.
const PRIVATE: &str = "private.example";

/// What a receiver does with an attempt.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its answer, or none.
    pub outcome: Outcome,
    /// How long the attempt takes: half of it there, half of it back.
    pub latency: Duration,
}

impl Reply {
    /// An answer at once.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let answer = Answer { status, ..Answer::default() };
        Self { outcome: Outcome::Answered(answer), latency: Duration::ZERO }
    }

    /// No answer at all.
    #[must_use]
    pub fn nothing() -> Self {
        let failure = Failure { code: FailureCode::Connection, message: "refused".to_owned() };
        Self { outcome: Outcome::Failed(failure), latency: Duration::ZERO }
    }

    /// The same, asking not to be tried again for `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        if let Outcome::Answered(answer) = &mut self.outcome {
            answer.retry_after_seconds = Some(seconds);
        }
        self
    }

    /// The same, slower.
    #[must_use]
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }
}

/// An attempt that reached its receiver.
#[derive(Debug, Clone)]
pub struct Hit {
    /// When.
    pub at: Timestamp,
    /// For whom.
    pub account: AccountId,
    /// Where, credentials masked.
    pub url: String,
    /// Where, with its credentials.
    pub target: WebhookUrl,
    /// The event, from its `webhook-id`.
    pub event: String,
    /// What it brought.
    pub outgoing: Outgoing,
    /// The status it was answered with.
    pub status: Option<u16>,
}

impl Hit {
    /// Whether the receiver took it.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// How many bytes SNS counts of it: the message, and of each attribute its name, type and
    /// value.
    #[must_use]
    pub fn published_bytes(&self) -> usize {
        let Outgoing { headers, event_type, body, .. } = &self.outgoing;
        let attributes = headers.iter().map(|(name, value)| name.len() + 6 + value.len());
        body.len() + attributes.sum::<usize>() + 4 + 6 + event_type.len()
    }

    /// # Panics
    /// When SNS would refuse it for its size: nothing that large is to be sent there.
    fn must_be_publishable(&self) {
        let bytes = self.published_bytes();
        assert!(bytes <= 262_144, "{} was sent {bytes} bytes", self.url);
    }
}

type Script = Arc<dyn Fn(&Hit) -> Reply + Send + Sync>;

/// The network: receivers by URL. Where there is none, nothing answers.
pub struct Network {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    hits: Vec<Hit>,
}

impl Network {
    /// A network without receivers. Time is told by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// From now on the receiver at `url` does what `script` says.
    pub fn on(&self, url: &str, script: impl Fn(&Hit) -> Reply + Send + Sync + 'static) {
        self.state().scripts.insert(url.to_owned(), Arc::new(script));
    }

    /// From now on the receiver at `url` answers `status`.
    pub fn answers(&self, url: &str, status: u16) {
        self.on(url, move |_| Reply::status(status));
    }

    /// Every attempt that reached a receiver, in that order.
    #[must_use]
    pub fn hits(&self) -> Vec<Hit> {
        self.state().hits.clone()
    }

    /// Those that reached `url`.
    #[must_use]
    pub fn hits_at(&self, url: &str) -> Vec<Hit> {
        self.hits().into_iter().filter(|hit| hit.url == url).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the receiver of `hit` does with it.
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
    async fn send(&self, account: AccountId, url: &WebhookUrl, outgoing: Outgoing) -> Outcome {
        step_aside().await;
        let event = outgoing.headers.iter().find(|(name, _)| *name == "webhook-id");
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
        // From here on the receiver has it, whatever becomes of its answer.
        step_aside().await;
        self.clock.sleep(reply.latency / 2).await;
        reply.outcome
    }
}
