//! Worker for messages that ask for attempts.

use std::{sync::Arc, time::Duration};

use app::{App, Backend};
use aws::SqsQueue;
use aws_lambda_events::sqs::SqsMessage;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ports::{
    Chain, Clock, Resolve, Sender,
    queue::{Leased, Message},
};
use tracing::Instrument as _;

use crate::{Settings, backend, batch, metrics::Meter, start};

/// Longest time that a message which came early is waited for: SQS delays by whole seconds, and
/// clocks differ. An earlier one is passed on.
const WORTH_A_WAIT: Duration = Duration::from_secs(3);

/// Result of creating a sender.
type Made = Result<Arc<dyn Sender>, Error>;

/// Makes the attempts that messages ask for, with the sender that `sender` creates, for as long as
/// Lambda lets the process live.
///
/// # Errors
/// When the environment has problems, or the sender can't be created.
pub async fn serve(
    sender: impl FnOnce(&Settings, &Arc<dyn Clock>, &Arc<dyn Resolve>) -> Made,
) -> Result<(), Error> {
    let settings = start()?;
    let (backend, queue) = backend::of_deliveries(&settings).await;
    let resolver = backend::resolver_of(&settings, &backend.clock);
    let sender = sender(&settings, &backend.clock, &resolver)?;
    let worker = Arc::new(Worker::new(backend, sender, queue, settings.stack));
    lambda_runtime::run(service_fn(async |event: LambdaEvent<_>| {
        let response = batch::each(event.payload, |message| {
            let worker = Arc::clone(&worker);
            async move { worker.work(message).await }
        })
        .await;
        worker.settle(&event.context.request_id).await;
        Ok::<_, Error>(response)
    }))
    .await
}

/// Worker that handles one message at a time, or several concurrently.
pub struct Worker {
    app: App,
    sender: Arc<dyn Sender>,
    queue: Arc<SqsQueue>,
    clock: Arc<dyn Clock>,
    meter: Meter,
}

impl Worker {
    /// Creates a worker of `stack`.
    #[must_use]
    pub fn new(
        backend: Backend,
        sender: Arc<dyn Sender>,
        queue: Arc<SqsQueue>,
        stack: String,
    ) -> Self {
        let clock = Arc::clone(&backend.clock);
        let meter = Meter::new(stack, Arc::clone(&clock));
        Self { app: App::new(backend), sender, queue, clock, meter }
    }

    /// Handles `message`.
    ///
    /// # Errors
    /// Reason why it must be received again.
    pub async fn work(&self, message: SqsMessage) -> Result<(), Error> {
        let message = aws::message(message.body.as_deref().unwrap_or_default())?;
        let early = message.due.since(self.clock.now());
        if early > WORTH_A_WAIT {
            return Ok(self.queue.relay(message).await?);
        }
        self.clock.sleep(early).await;
        let span = self.app.attempt_span(&message);
        self.attempt(message).instrument(span).await
    }

    /// Writes the counts and the metrics of the attempts that were made in the invocation
    /// `request_id`. Counts that can't be written are with the next batch.
    pub async fn settle(&self, request_id: &str) {
        self.meter.flush(request_id);
        if let Err(why) = self.app.backend.store.settle().await {
            tracing::warn!(error = %Chain(&why), "counts of attempts could not be written");
        }
    }

    async fn attempt(&self, message: Message) -> Result<(), Error> {
        // The answer to the batch acknowledges the message, not a receipt.
        let leased = Leased { message, receipt: aws::kept_by_lambda() };
        let Message { id, account, webhook, .. } = &leased.message;
        let made = self.app.deliver(&*self.sender, &leased).await.map_err(|problem| {
            format!("{}; message {id}, account {account}, webhook {webhook}", problem.message)
        })?;
        for made in &made {
            self.meter.attempted(made);
        }
        Ok(())
    }
}
