//! Fixtures of all tests of this suite.

mod certificates;
mod clock;
mod frames;
mod names;
mod server;

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    Environment,
    delivery::{Failure, FailureCode},
    id::{AccountId, Ulid},
    webhook::WebhookUrl,
};
use guard::Vetter;
use latchhook_sender::{Options, Outbound};
use ports::{
    Resolve, Sender as _, Vetting as _,
    sender::{Answer, Outcome, Outgoing, Refused},
};

pub(crate) use certificates::Authority;
pub(crate) use clock::TestClock;
pub(crate) use frames::{Frame, Frames, REFUSED_STREAM};
pub(crate) use names::Names;
pub(crate) use server::{Connection, Request, Server};

/// Sender under test, with its clock and resolver.
pub(crate) struct Sending {
    pub(crate) outbound: Outbound,
    pub(crate) vetter: Vetter,
    pub(crate) clock: Arc<TestClock>,
}

impl Sending {
    /// Returns a sender that may reach loopback.
    pub(crate) fn on_loopback() -> Self {
        Self::with(loopback(), Names::none())
    }

    pub(crate) fn with(options: Options, names: Arc<Names>) -> Self {
        let names: Arc<dyn Resolve> = names;
        let clock = Arc::new(TestClock::default());
        let networks = options.allow_networks.clone();
        let vetter = Vetter::new(networks, clock.clone(), Arc::clone(&names));
        let outbound = Outbound::new(options, clock.clone(), &names).unwrap();
        Self { outbound, vetter, clock }
    }

    pub(crate) async fn vet(&self, url: &str) -> Result<(), Refused> {
        self.vetter.vet(account(1), &parse(url)).await
    }

    pub(crate) async fn send(&self, url: &str) -> Outcome {
        self.send_this(url, outgoing()).await
    }

    pub(crate) async fn send_this(&self, url: &str, outgoing: Outgoing) -> Outcome {
        self.outbound.send(account(1), &parse(url), outgoing).await.unwrap()
    }

    pub(crate) async fn answer(&self, url: &str) -> Answer {
        match self.send(url).await {
            Outcome::Answered(answer) => answer,
            Outcome::Failed(failure) => panic!("{failure:?}"),
        }
    }

    pub(crate) async fn failure(&self, url: &str) -> Failure {
        match self.send(url).await {
            Outcome::Failed(failure) => failure,
            Outcome::Answered(answer) => panic!("{answer:?}"),
        }
    }
}

pub(crate) fn account(number: u128) -> AccountId {
    Ulid::from(number).into()
}

pub(crate) fn loopback() -> Options {
    Options { allow_networks: "127.0.0.0/8".parse().unwrap(), ..Options::default() }
}

pub(crate) fn failed(code: FailureCode, message: &str) -> Failure {
    Failure { code, message: message.to_owned() }
}

pub(crate) fn parse(url: &str) -> WebhookUrl {
    WebhookUrl::parse(url, Environment::Test).unwrap()
}

pub(crate) fn outgoing() -> Outgoing {
    Outgoing {
        headers: vec![
            ("webhook-id".into(), "evt_1".to_owned()),
            ("webhook-timestamp".into(), "1769851800".to_owned()),
            ("webhook-signature".into(), "v1,c2lnbmVk".to_owned()),
        ],
        webhook_headers: vec![],
        extra_header: None,
        event_type: "report.completed".to_owned(),
        body: Bytes::from_static(br#"{"id":"evt_1"}"#),
    }
}
