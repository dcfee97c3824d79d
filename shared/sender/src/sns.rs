//! Deliveries through Amazon SNS, by its Query API: a form that AWS's own crate signs.
//!
//! Connections, time-outs and the clock are those of every other delivery, and so are the guard,
//! the trusted authorities and the pool. One attempt is one request.

mod answer;
mod request;

use std::{sync::Arc, time::Duration};

use domain::{id::AccountId, webhook::SnsTopic};
use ports::{
    Clock,
    resolve::Asker,
    sender::{Answer, Outgoing},
};

use crate::{
    failure::{self, NoAnswer},
    http::Client,
    pools::Pools,
};

/// Sender of deliveries by SNS `Publish`.
pub(crate) struct Sns {
    pools: Arc<Pools>,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    /// Endpoint that the operator set, for all regions.
    endpoint: Option<String>,
}

impl Sns {
    pub(crate) fn new(
        pools: Arc<Pools>,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        endpoint: Option<String>,
    ) -> Self {
        Self { pools, clock, timeout, endpoint }
    }

    pub(crate) async fn publish(
        &self,
        account: AccountId,
        topic: &SnsTopic,
        outgoing: Outgoing,
    ) -> Result<Answer, NoAnswer> {
        let (asker, endpoint) = match &self.endpoint {
            Some(endpoint) => (Asker::Operator, endpoint.clone()),
            None => (Asker::Account(account), topic.endpoint()),
        };
        let request = request::build(&endpoint, topic, outgoing, self.clock.now())?;
        let client = self.pools.of(asker);
        tokio::select! {
            biased;
            published = exchange(&client, &request) => published,
            () = self.clock.sleep(self.timeout) => Err(failure::timed_out().into()),
        }
    }
}

async fn exchange(
    client: &Client,
    request: &http::Request<bytes::Bytes>,
) -> Result<Answer, NoAnswer> {
    let response = client.send(request).await.map_err(|error| failure::of(&error))?;
    answer::read(response).await
}
