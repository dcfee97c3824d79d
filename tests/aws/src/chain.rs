//! Chain of queues with the functions of a deployment between them; the test plays the part of
//! Lambda and hands the messages over.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use lambda::{deliver::Worker, relay};

use crate::world::World;

/// Queue of the chain, with the function that Lambda hands its messages to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Messages for first attempts; handled by `deliver`.
    Deliveries,
    /// Retries that are due within one hop; handled by `deliver`.
    Minutes,
    /// Retries that are due later; `relay` passes them on.
    Hours,
}

impl Link {
    /// All queues.
    pub const ALL: [Self; 3] = [Self::Deliveries, Self::Minutes, Self::Hours];
}

impl World {
    /// Starts a new process of the function that delivers.
    #[must_use]
    pub fn deliverer(&self) -> Worker {
        let mut backend = app::Backend::clone(&self.app.backend);
        // What a store has in memory ends with its process.
        backend.store = self.place.store(self.queue.clone(), backend.clock.clone());
        Worker::new(backend, self.sender.clone(), self.queue.clone(), "hooks".to_owned())
    }

    /// Receives a message from `link`, in the form that Lambda hands out.
    pub async fn taken(&self, link: Link) -> Option<SqsMessage> {
        let receive = self.place.clients.sqs().receive_message().queue_url(self.url(link));
        let received = receive.max_number_of_messages(1).send().await.unwrap();
        let received = received.messages.unwrap_or_default().pop()?;
        let mut message = SqsMessage::default();
        message.message_id = received.message_id;
        message.receipt_handle = received.receipt_handle;
        message.body = received.body;
        Some(message)
    }

    /// Runs the function of `link` on `message`.
    pub async fn work(&self, link: Link, deliverer: &Worker, message: &SqsMessage) {
        match link {
            Link::Deliveries | Link::Minutes => {
                deliverer.work(message.clone()).await.unwrap();
                deliverer.settle("1").await;
            }
            Link::Hours => {
                let mut event = SqsEvent::default();
                event.records = vec![message.clone()];
                let passed = relay::pass_on(&self.queue, event).await;
                assert!(passed.batch_item_failures.is_empty());
            }
        }
    }

    /// Deletes `message`, as Lambda does when the function has succeeded.
    pub async fn ended(&self, link: Link, message: &SqsMessage) {
        let delete = self.place.clients.sqs().delete_message().queue_url(self.url(link));
        delete.set_receipt_handle(message.receipt_handle.clone()).send().await.unwrap();
    }

    /// Ends the visibility time-out of `message`, so that SQS hands it out again.
    pub async fn comes_back(&self, link: Link, message: &SqsMessage) {
        let hide = self.place.clients.sqs().change_message_visibility().queue_url(self.url(link));
        let hide = hide.set_receipt_handle(message.receipt_handle.clone());
        hide.visibility_timeout(0).send().await.unwrap();
    }

    fn url(&self, link: Link) -> &str {
        match link {
            Link::Deliveries => &self.place.queues.deliveries,
            Link::Minutes => &self.place.queues.retry_minutes,
            Link::Hours => &self.place.queues.retry_hours,
        }
    }
}
