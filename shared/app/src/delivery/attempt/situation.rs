//! State that an attempt depends on.

use std::sync::Arc;

use domain::{
    delivery::{Delivery, Standing, WebhookHealth},
    webhook::Webhook,
};
use ports::{
    Unavailable,
    queue::Message,
    store::{Document, Key, Sight},
};

use crate::{
    App,
    delivery::event::{AcceptedEvent, Planned, standing},
    documents::{Health, read},
    problem::Problem,
    views::{Spread, collections},
};

/// State that an attempt depends on.
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
    /// True if the operator was told that it fails.
    pub(super) is_told: bool,
}

/// Documents under [`keys`] that were glanced at.
pub(super) struct Seen(Vec<Option<Document>>);

/// Sights of the documents under [`keys`]. The delivery is what tells that an attempt was made, and
/// the health which of two attempts came last.
const SIGHTS: [Sight; 5] =
    [Sight::Recent, Sight::Present, Sight::Remembered, Sight::Remembered, Sight::Recent];

/// Returns the keys of the event, the delivery, the webhook, the account and the webhook's health.
fn keys(message: &Message, spread: Spread) -> [Key; 5] {
    let Message { account, webhook, task, .. } = *message;
    [
        spread.key(&collections::events(account, task.environment), task.event),
        collections::deliveries(account, task.event).key(webhook),
        collections::webhooks(account, task.environment).key(webhook),
        collections::accounts().key(account),
        collections::webhook_health(account, webhook),
    ]
}

impl App {
    /// Glances together at what the deliveries depend on that `messages` are for, which costs less than a
    /// [`situation`](Self::situation): webhook and account may be those of some seconds ago.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn glance(&self, messages: &[Message]) -> Result<Vec<Seen>, Problem> {
        let store = &*self.backend.store;
        let spread = Spread::of(store);
        let keys: Vec<Key> = messages.iter().flat_map(|message| keys(message, spread)).collect();
        let seen = store.glance(&keys, &SIGHTS.repeat(messages.len())).await?;
        Ok(seen.chunks(SIGHTS.len()).map(|of_one| Seen(of_one.to_vec())).collect())
    }

    /// Returns the situation of the delivery that `message` is for, as it was seen. So whoever ends a
    /// webhook's deliveries ends them some seconds later; but no delivery ends, and none is dropped, for what
    /// was only glanced at.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn situation_seen(
        &self,
        message: &Message,
        Seen(documents): Seen,
    ) -> Result<Option<Situation>, Problem> {
        let store = &*self.backend.store;
        let situation = self.situation_of(message, documents).await?;
        let wants = |found: &Situation| found.delivery.wants(&message.task, found.standing);
        if store.is_shared() && !situation.as_ref().is_some_and(wants) {
            return self.situation(message).await;
        }
        Ok(situation)
    }

    /// Returns the situation of the delivery that `message` is for, read in one call; none if its event
    /// is no longer stored.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn situation(&self, message: &Message) -> Result<Option<Situation>, Problem> {
        let store = &*self.backend.store;
        let spread = Spread::of(store);
        let mut documents = store.get(&keys(message, spread)).await?;
        let events = collections::events(message.account, message.task.environment);
        let former = spread.keys(&events, message.task.event).into_iter().nth(1);
        // An event may have been accepted before lists were spread.
        if let (Some(event @ None), Some(former)) = (documents.first_mut(), former) {
            *event = store.get(&[former]).await?.pop().flatten();
        }
        self.situation_of(message, documents).await
    }

    async fn situation_of(
        &self,
        message: &Message,
        documents: Vec<Option<Document>>,
    ) -> Result<Option<Situation>, Problem> {
        let Message { webhook, task, .. } = *message;
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
        let standing = event.standing(standing);
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
            is_told: health.as_ref().is_some_and(|health| health.is_told),
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
