//! Readings: parsed documents that are needed again and again, in memory.

mod memo;

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    account::Account,
    id::{AccountId, EventId, WebhookId},
    key::ApiKey,
    webhook::Webhook,
};
use ports::{Unavailable, store::Document};

pub(crate) use self::memo::Memo;
use crate::{
    delivery::event::AcceptedEvent,
    views::{Versioned, read},
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
    ) -> Result<Arc<AcceptedEvent>, Unavailable> {
        self.events.read(id, document, |document| read(&document.body))
    }

    /// Returns the webhook in `document`.
    pub(crate) fn webhook(
        &self,
        id: WebhookId,
        document: &Document,
    ) -> Result<Arc<Webhook>, Unavailable> {
        self.webhooks.read(id, document, |document| Ok(Versioned::read(document)?.state))
    }

    /// Returns the account in `document`.
    pub(crate) fn account(
        &self,
        id: AccountId,
        document: &Document,
    ) -> Result<Arc<Versioned<Account>>, Unavailable> {
        self.accounts.read((id, document.revision), document, Versioned::read)
    }

    /// Returns the key with that fingerprint, from `document`.
    pub(crate) fn key(
        &self,
        fingerprint: [u8; 32],
        document: &Document,
    ) -> Result<Arc<ApiKey>, Unavailable> {
        self.keys.read(fingerprint, document, |document| read(&document.body))
    }

    /// Adds an event that is being accepted, with its document, because its first attempts follow.
    pub(crate) fn accepted(&self, event: &Arc<AcceptedEvent>, body: &Bytes) {
        self.events.note(event.id, body.clone(), Arc::clone(event));
    }
}
