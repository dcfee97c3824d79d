//! Deliveries by HTTP.

pub(crate) mod answer;
pub(crate) mod client;
pub(crate) mod error;
pub(crate) mod header;
pub(crate) mod http1;
mod http2;
pub(crate) mod interim;
mod pool;
mod request;
pub(crate) mod response;
mod retry_after;

use std::{sync::Arc, time::Duration};

use ::http::HeaderValue;
use domain::{id::AccountId, webhook::HttpUrl};
use ports::{
    Clock,
    resolve::Asker,
    sender::{Answer, Outgoing},
};

pub(crate) use self::client::Client;
use crate::{
    failure::{self, NoAnswer},
    options::InvalidOptions,
    pools::Pools,
};

/// Time for which a connection may wait for the next request. Node and Apache close theirs after
/// five seconds, so a request that leaves within four arrives in time over a round trip of up to
/// one.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// Sender of deliveries by HTTP POST.
pub(crate) struct Http {
    pools: Arc<Pools>,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    user_agent: HeaderValue,
}

impl Http {
    pub(crate) fn new(
        pools: Arc<Pools>,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        user_agent: &str,
    ) -> Result<Self, InvalidOptions> {
        let user_agent =
            HeaderValue::try_from(user_agent).map_err(|_| InvalidOptions::UserAgent)?;
        Ok(Self { pools, clock, timeout, user_agent })
    }

    pub(crate) async fn post(
        &self,
        account: AccountId,
        endpoint: &HttpUrl,
        outgoing: Outgoing,
    ) -> Result<Answer, NoAnswer> {
        let started = self.clock.monotonic();
        let request = request::build(endpoint, outgoing, &self.user_agent)?;
        let client = self.pools.of(Asker::Account(account));
        let response = tokio::select! {
            biased;
            answered = client.send(&request) => answered.map_err(|e| failure::of(&e))?,
            () = self.clock.sleep(self.timeout) => return Err(failure::timed_out().into()),
        };
        let elapsed = self.clock.monotonic().saturating_sub(started);
        Ok(answer::read(response, &*self.clock, self.timeout.saturating_sub(elapsed)).await)
    }
}
