//! State that an attempt depends on, read in one call.

use std::sync::Arc;

use domain::{
    delivery::{Delivery, Standing, WebhookHealth},
    webhook::Webhook,
};
use ports::{Unavailable, queue::Message, store::Document};

use crate::{
    App,
    delivery::event::{AcceptedEvent, Planned, standing},
    documents::{Health, read},
    problem::Problem,
    views::collections,
};

/// State that an attempt depends on, read in one call.
pub(super) struct Situation {
    pub(super) event: Arc<AcceptedEvent>,
    pub(super) planned: Planned,
    pub(super) delivery: Delivery,
    /// Revision of the delivery's document; none if there is none yet.
    pub(super) revision: Option<u64>,
    pub(super) standing: Standing,
    /// Webhook, and the document that it was read from.
    pub(super) webhook: Option<(Document, Arc<Webhook>)>,
    pub(super) health: WebhookHealth,
}

impl App {
    /// Returns the situation of the delivery that `message` is for; none if its event is no longer
    /// stored.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn situation(&self, message: &Message) -> Result<Option<Situation>, Problem> {
        let Message { account, webhook, task, .. } = *message;
        let keys = [
            collections::events(account, task.environment).key(task.event),
            collections::deliveries(account, task.event).key(webhook),
            collections::webhooks(account, task.environment).key(webhook),
            collections::accounts().key(account),
            collections::webhook_health(account, webhook),
        ];
        let documents = self.backend.store.get(&keys).await?;
        let [event, delivery, webhook_document, account, health] = <[_; 5]>::try_from(documents)
            .map_err(|_| {
                Unavailable::new("reading a delivery", "some documents are not answered for")
            })?;
        let Some(event) = event else { return Ok(None) };
        let event = self.readings.event(task.event, &event)?;
        let Some(planned) =
            event.deliveries.iter().find(|planned| planned.webhook == webhook).copied()
        else {
            return Ok(None);
        };
        let (standing, webhook) =
            self.standing(message, account.as_ref(), webhook_document.as_ref()).await?;
        let revision = delivery.as_ref().map(|document| document.revision);
        let delivery = match delivery {
            None => Delivery::accepted(planned.generation),
            Some(document) => read(&document.body)?,
        };
        let health: Option<Health> = health.map(|document| read(&document.body)).transpose()?;
        Ok(Some(Situation {
            event,
            planned,
            delivery,
            revision,
            standing,
            webhook: webhook_document.zip(webhook),
            health: WebhookHealth { failing_since: health.map(|health| health.failing_since) },
        }))
    }

    /// Returns the webhook of `message` and its standing, from the documents of the account and the
    /// webhook if they exist.
    async fn standing(
        &self,
        message: &Message,
        account: Option<&Document>,
        webhook: Option<&Document>,
    ) -> Result<(Standing, Option<Arc<Webhook>>), Problem> {
        let (Some(account), Some(webhook)) = (account, webhook) else {
            return Ok((Standing::Closed, None));
        };
        let store = &*self.backend.store;
        let account = self.readings.account(store, message.account, account).await?;
        let webhook = self.readings.webhook(store, message.webhook, webhook).await?;
        let (Some(account), Some(webhook)) = (account, webhook) else {
            return Ok((Standing::Closed, None));
        };
        Ok((standing(&account.state, &webhook), Some(webhook)))
    }
}
