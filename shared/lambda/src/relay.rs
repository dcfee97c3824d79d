//! Relay of messages whose due time is beyond the longest delay of a queue: each is passed on, one
//! hop at a time.

use std::sync::Arc;

use aws::SqsQueue;
use aws_lambda_events::sqs::SqsMessage;
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::{backend, batch, start};

/// Passes messages on for as long as Lambda lets the process live.
///
/// # Errors
/// When the environment has problems.
pub async fn serve() -> Result<(), Error> {
    let settings = start()?;
    let queue = backend::queue(&settings).await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<_>| {
        let response = batch::each(event.payload, |message| {
            let queue = Arc::clone(&queue);
            async move { pass_on(&queue, message).await }
        });
        Ok::<_, Error>(response.await)
    }))
    .await
}

/// Passes `message` on.
///
/// # Errors
/// Reason why it must be received again.
pub async fn pass_on(queue: &SqsQueue, message: SqsMessage) -> Result<(), Error> {
    let message = aws::message(message.body.as_deref().unwrap_or_default())?;
    Ok(queue.relay(message).await?)
}
