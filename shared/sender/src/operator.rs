//! HTTP client for services that the operator has configured.

use std::{error::Error, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use guard::Guard;
use http::{Request, Response};
use ports::{Clock, Fetch, Resolve, resolve::Asker};

use crate::{connect, http::Client, idle::Idle, options::InvalidOptions, tls::Tls};

/// Number of connections that are kept between requests.
const MOST_IDLE: usize = 1;
/// Size limit of an answer in bytes; what comes after that is not read.
const LARGEST_ANSWER: usize = 64 << 10;

/// HTTP client for services whose address the operator has configured, such as a collector of spans.
/// It shares the senders' connector, so it follows no redirect and uses no proxy, but the guard
/// checks no address: the operator may well choose a private one.
pub struct OperatorClient {
    client: Client,
    clock: Arc<dyn Clock>,
    timeout: Duration,
}

/// Reason why a request to a service of the operator's has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The answer did not come in time.
    #[error("it took longer than {} ms", .0.as_millis())]
    Late(Duration),
    /// There was no connection, or it broke.
    #[error("the request failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl OperatorClient {
    /// Creates a client that trusts the authorities in `extra_ca_pem` besides the system's.
    ///
    /// # Errors
    /// [`InvalidOptions::ExtraCa`].
    pub fn new(
        timeout: Duration,
        extra_ca_pem: Option<&[u8]>,
        clock: Arc<dyn Clock>,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, InvalidOptions> {
        let network = connect::Network {
            guard: Arc::new(Guard::open()),
            resolver,
            tls: Arc::new(Tls::new(extra_ca_pem)?),
            clock: Arc::clone(&clock),
            timeout,
        };
        let connector = network.connector(Asker::Operator);
        let client = Client::new(connector, Arc::clone(&clock), timeout, Idle::at_most(MOST_IDLE));
        Ok(Self { client, clock, timeout })
    }

    /// Sends `request` and returns the answer, without its headers.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn send(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Unanswered> {
        tokio::select! {
            biased;
            answered = self.answer(request) => answered,
            () = self.clock.sleep(self.timeout) => Err(Unanswered::Late(self.timeout)),
        }
    }

    async fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Unanswered> {
        let sent = self.client.send(request).await;
        let mut response = sent.map_err(|why| Unanswered::Failed(why.into()))?;
        let status = response.status();
        let mut body = BytesMut::new();
        while body.len() < LARGEST_ANSWER
            && let Some(piece) = response.next().await
        {
            body.extend_from_slice(&piece);
        }
        if body.len() < LARGEST_ANSWER {
            response.finish();
        }
        let response = Response::builder().status(status).body(body.freeze());
        response.map_err(|why| Unanswered::Failed(why.into()))
    }
}

#[async_trait]
impl Fetch for OperatorClient {
    async fn fetch(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>> {
        self.send(request).await.map_err(Into::into)
    }
}
