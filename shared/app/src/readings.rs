//! Readings: parsed documents that are needed again and again, in memory.
//!
//! A state that was folded from its stream, because its document can't be read, is not kept: the
//! document does not say of which version.

mod memo;

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    account::Account,
    id::{AccountId, EventId, WebhookId},
    key::ApiKey,
    webhook::Webhook,
};
use ports::{Store, store::Document};

pub(crate) use self::memo::Memo;
use crate::{
    delivery::event::AcceptedEvent,
    documents::{Unreadable, folded, read},
    problem::Problem,
    views::Versioned,
};

/// Approximate size of each memo in bytes.
const EVENTS: usize = 1 << 20;
const OTHERS: usize = 512 << 10;

/// Parsed events, webhooks and accounts of deliveries, and keys of requests.
pub(crate) struct Readings {
    events: Memo<EventId, AcceptedEvent>,
    webhooks: Memo<WebhookId, Webhook>,
    /// The revision is part of the key, because these readings contain it.
    accounts: Memo<(AccountId, u64), Versioned<Account>>,
    keys: Memo<[u8; 32], ApiKey>,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            events: Memo::of(EVENTS),
            webhooks: Memo::of(OTHERS),
            accounts: Memo::of(OTHERS),
            keys: Memo::of(OTHERS),
        }
    }
}

impl Readings {
    /// Returns the event in `document`.
    pub(crate) fn event(
        &self,
        id: EventId,
        document: &Document,
    ) -> Result<Arc<AcceptedEvent>, Unreadable> {
        self.events.read(id, document, |document| read(&document.body))
    }

    /// Returns the webhook in `document`, like [`state`](crate::documents::state).
    pub(crate) async fn webhook(
        &self,
        store: &dyn Store,
        id: WebhookId,
        document: &Document,
    ) -> Result<Option<Arc<Webhook>>, Problem> {
        let read = |document: &_| Versioned::read(document).map(|webhook| webhook.state);
        match self.webhooks.read(id, document, read) {
            Ok(webhook) => Ok(Some(webhook)),
            Err(why) => {
                let folded = folded::<Webhook>(store, document, why).await?;
                Ok(folded.map(|webhook| Arc::new(webhook.state)))
            }
        }
    }

    /// Returns the account in `document`, like [`state`](crate::documents::state).
    pub(crate) async fn account(
        &self,
        store: &dyn Store,
        id: AccountId,
        document: &Document,
    ) -> Result<Option<Arc<Versioned<Account>>>, Problem> {
        match self.accounts.read((id, document.revision), document, Versioned::read) {
            Ok(account) => Ok(Some(account)),
            Err(why) => Ok(folded(store, document, why).await?.map(Arc::new)),
        }
    }

    /// Returns the key with that fingerprint, from `document`, like
    /// [`state`](crate::documents::state).
    pub(crate) async fn key(
        &self,
        store: &dyn Store,
        fingerprint: [u8; 32],
        document: &Document,
    ) -> Result<Option<Arc<ApiKey>>, Problem> {
        match self.keys.read(fingerprint, document, |document| read(&document.body)) {
            Ok(key) => Ok(Some(key)),
            Err(why) => {
                let folded = folded::<ApiKey>(store, document, why).await?;
                Ok(folded.map(|key| Arc::new(key.state)))
            }
        }
    }

    /// Adds an event that is being accepted, with its document, because its first attempts follow.
    pub(crate) fn accepted(&self, event: &Arc<AcceptedEvent>, body: &Bytes) {
        self.events.note(event.id, body.clone(), Arc::clone(event));
    }
}
