//! Sender of deliveries, by HTTP and through Amazon SNS, through the network guard.
//!
//! Every outbound connection, the AWS SDK's included, is made by one connector that resolves a
//! name, checks each address with the [`guard`], and connects to the very addresses that passed.
//! The exceptions are what the operator has configured: an SNS endpoint, and the services that an
//! [`OperatorClient`] calls. Redirects are not
//! followed and proxies from the environment are not used: both would bypass the guard.
//!
//! An attempt has one time-out, from resolution to the end of the excerpt that is kept of the
//! answer. A receiver can neither hold a worker longer nor fill memory: heads are bounded, bodies
//! are read for an excerpt and then dropped. Time comes from the [`Clock`] port. This crate does
//! not sign deliveries or read their content, never repeats a request that may have been processed,
//! and never logs a URL, a header or a body.
//!
//! Walk-through of an attempt: [`Sender::send`] → `http::Http::post` builds the request →
//! `http::client` sends it on a connection of `http::pool`, and again if it certainly was not
//! processed → `connect::Connector` opens a connection if none is idle → `http::http1` or
//! `http::http2` → `http::answer` reads status, headers and excerpt; `failure` turns an error into
//! a sentence instead.

mod connect;
mod failure;
mod http;
mod idle;
mod operator;
mod options;
mod pools;
mod sns;
mod tls;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{id::AccountId, webhook::WebhookUrl};
use guard::Guard;
use ports::{
    Clock, Resolve, Sender,
    sender::{OutOfSockets, Outcome, Outgoing},
};

use failure::NoAnswer;
use idle::Idle;

pub use operator::{OperatorClient, Unanswered};
pub use options::{InvalidOptions, Options};

/// Implementation of [`Sender`] for both backends. Can be used by many tasks at once; keeps
/// connections alive for the next delivery to the same host. Needs a Tokio runtime.
pub struct Outbound {
    http: http::Http,
    sns: sns::Sns,
}

impl Outbound {
    /// Creates a sender with `options` that looks names up with `resolver`.
    ///
    /// # Errors
    /// [`InvalidOptions`] names the option that can't be used.
    pub fn new(
        options: Options,
        clock: Arc<dyn Clock>,
        resolver: &Arc<dyn Resolve>,
    ) -> Result<Self, InvalidOptions> {
        let Options { timeout, allow_networks, extra_ca_pem, sns_endpoint, user_agent, max_idle } =
            options;
        let idle = Idle::at_most(max_idle);
        let tls = Arc::new(tls::Tls::new(extra_ca_pem.as_deref())?);
        let pools = |guard| {
            let (resolver, tls, clock) = (Arc::clone(resolver), tls.clone(), clock.clone());
            let guard = Arc::new(guard);
            let network = connect::Network { guard, resolver, tls, clock, timeout };
            pools::Pools::new(network, idle.clone())
        };
        let open = sns_endpoint.as_ref().map(|_| pools(Guard::open()));
        let guarded = pools(Guard::new(allow_networks));
        let to_sns = open.unwrap_or_else(|| Arc::clone(&guarded));
        Ok(Self {
            http: http::Http::new(guarded, clock.clone(), timeout, &user_agent)?,
            sns: sns::Sns::new(to_sns, clock, timeout, sns_endpoint),
        })
    }
}

#[async_trait]
impl Sender for Outbound {
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        let attempt = match url {
            WebhookUrl::Http(endpoint) => self.http.post(account, endpoint, outgoing).await,
            WebhookUrl::Sns(topic) => self.sns.publish(account, topic, outgoing).await,
        };
        match attempt {
            Ok(answer) => Ok(Outcome::Answered(answer)),
            Err(NoAnswer::Failed(failure)) => Ok(Outcome::Failed(failure)),
            Err(NoAnswer::OutOfSockets(lack)) => Err(lack),
        }
    }
}
