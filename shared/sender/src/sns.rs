//! Deliveries through Amazon SNS.
//!
//! The SDK signs and speaks the protocol; connections, time-outs and the clock are those of every
//! other delivery, and so are the guard, the trusted authorities and the pool. The SDK's retries
//! are off: one attempt is one request.

mod clients;
mod outcome;
mod wire;

use std::{sync::Arc, time::Duration};

use aws_sdk_sns::{
    operation::publish::builders::PublishFluentBuilder, types::MessageAttributeValue,
};
use domain::{delivery::FailureCode, id::AccountId, webhook::SnsTopic};
use ports::{
    Clock,
    sender::{Answer, Outgoing},
};

use crate::{
    failure::{NoAnswer, failure, timed_out},
    pools::Pools,
};

/// Sender of deliveries by SNS `Publish`.
pub(crate) struct Sns {
    clients: clients::Clients,
    clock: Arc<dyn Clock>,
    timeout: Duration,
}

impl Sns {
    pub(crate) fn new(
        pools: Arc<Pools>,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        endpoint: Option<String>,
    ) -> Self {
        Self { clients: clients::Clients::new(pools, clock.clone(), endpoint), clock, timeout }
    }

    pub(crate) async fn publish(
        &self,
        account: AccountId,
        topic: &SnsTopic,
        outgoing: Outgoing,
    ) -> Result<Answer, NoAnswer> {
        let publish = self.clients.of(account, topic).publish().topic_arn(topic.arn());
        let publish = message(publish, outgoing)
            .ok_or_else(|| failure(FailureCode::Sns, "the delivery can't be written for SNS"))?;
        tokio::select! {
            biased;
            published = publish.send() => outcome::of(published),
            () = self.clock.sleep(self.timeout) => Err(timed_out().into()),
        }
    }
}

/// Adds the body as the message, and the headers and the event's type as its attributes. `None` if
/// the body is not text: changed bytes would not match the signature.
fn message(mut publish: PublishFluentBuilder, outgoing: Outgoing) -> Option<PublishFluentBuilder> {
    let headers = outgoing.headers.into_iter().map(|(name, value)| (name.to_owned(), value));
    for (name, value) in headers.chain([("type".to_owned(), outgoing.event_type)]) {
        let value = MessageAttributeValue::builder()
            .data_type("String")
            .string_value(value)
            .build()
            .ok()?;
        publish = publish.message_attributes(name, value);
    }
    Some(publish.message(std::str::from_utf8(&outgoing.body).ok()?))
}
