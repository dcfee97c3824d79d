//! Deliveries by HTTP.

pub(crate) mod answer;
pub(crate) mod client;
pub(crate) mod http1;
mod http2;
mod pool;
mod request;
pub(crate) mod response;
mod retry_after;

use std::{sync::Arc, time::Duration};

use ::http::HeaderValue;
use domain::{delivery::Failure, webhook::HttpUrl};
use ports::{
    Clock,
    sender::{Answer, Outgoing},
};

pub(crate) use self::client::Client;
use crate::{failure, options::InvalidOptions};

/// Posts deliveries.
pub(crate) struct Http {
    client: Client,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    user_agent: HeaderValue,
}

impl Http {
    pub(crate) fn new(
        client: Client,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        user_agent: &str,
    ) -> Result<Self, InvalidOptions> {
        let user_agent =
            HeaderValue::try_from(user_agent).map_err(|_| InvalidOptions::UserAgent)?;
        Ok(Self { client, clock, timeout, user_agent })
    }

    pub(crate) async fn post(
        &self,
        endpoint: &HttpUrl,
        outgoing: Outgoing,
    ) -> Result<Answer, Failure> {
        let started = self.clock.monotonic();
        let request = request::build(endpoint, outgoing, &self.user_agent)?;
        let response = tokio::select! {
            biased;
            answered = self.client.send(&request) => answered.map_err(|e| failure::of(&e))?,
            () = self.clock.sleep(self.timeout) => return Err(failure::timed_out()),
        };
        let elapsed = self.clock.monotonic().saturating_sub(started);
        Ok(answer::read(response, &*self.clock, self.timeout.saturating_sub(elapsed)).await)
    }
}
