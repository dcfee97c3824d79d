//! Deliveries by HTTP.

pub(crate) mod answer;
mod request;
mod retry_after;

use std::{sync::Arc, time::Duration};

use ::http::HeaderValue;
use bytes::Bytes;
use domain::{delivery::Failure, id::AccountId, webhook::HttpUrl};
use http_body_util::Full;
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use ports::{
    Clock,
    resolve::Asker,
    sender::{Answer, Outgoing},
};

use crate::{connect::Connector, failure, options::InvalidOptions, pools::Pools};

/// A pool of connections, by scheme and authority.
pub(crate) type Client = legacy::Client<Connector, Full<Bytes>>;

/// The most of an answer's head, and of what is buffered of a connection.
const MAX_HEAD_BYTES: u32 = 64 * 1024;

/// How long a connection may wait for the next delivery. Shorter than most servers' own limit, so
/// that a delivery seldom meets a connection that is just being closed.
const MAX_IDLE: Duration = Duration::from_secs(30);

/// As many as one endpoint's deliveries run at once by default.
const MAX_IDLE_PER_HOST: usize = 64;

/// The pool on `connector`. A request that was not begun on a connection found closed is begun on
/// another; one that may have been received never is.
pub(crate) fn client(connector: Connector) -> Client {
    legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(MAX_IDLE)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .retry_canceled_requests(true)
        .http1_max_buf_size(MAX_HEAD_BYTES as usize)
        .http2_max_header_list_size(MAX_HEAD_BYTES)
        // What a receiver may send unread: hyper's own windows are megabytes, meant for downloads.
        .http2_initial_stream_window_size(MAX_HEAD_BYTES)
        .http2_initial_connection_window_size(4 * MAX_HEAD_BYTES)
        .build(connector)
}

/// Posts deliveries.
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
    ) -> Result<Answer, Failure> {
        let started = self.clock.monotonic();
        let request = request::build(endpoint, outgoing, &self.user_agent)?;
        let client = self.pools.of(Asker::Account(account));
        let response = tokio::select! {
            biased;
            answered = client.request(request) => answered.map_err(|e| failure::of(&e))?,
            () = self.clock.sleep(self.timeout) => return Err(failure::timed_out()),
        };
        let elapsed = self.clock.monotonic().saturating_sub(started);
        Ok(answer::read(response, &*self.clock, self.timeout.saturating_sub(elapsed)).await)
    }
}
