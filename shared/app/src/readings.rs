//! What documents say that are read again and again, in memory.

mod memo;

use std::sync::Arc;

use domain::{
    account::Account,
    id::{AccountId, EventId, WebhookId},
    key::ApiKey,
    webhook::Webhook,
};
use ports::{Unavailable, store::Document};

pub(crate) use self::memo::Memo;
use crate::{
    delivery::{accept::Accepted, event::AcceptedEvent},
    views::Versioned,
    work::read,
};

/// About how many bytes each memo takes.
const EVENTS: usize = 1 << 20;
const OTHERS: usize = 512 << 10;

/// The events, webhooks and accounts of deliveries, and the keys of requests.
pub(crate) struct Readings {
    events: Memo<EventId, AcceptedEvent>,
    webhooks: Memo<WebhookId, Webhook>,
    /// By their documents' revisions as well, which these readings tell.
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
    /// The event that `document` is of.
    pub(crate) fn event(
        &self,
        id: EventId,
        document: &Document,
    ) -> Result<Arc<AcceptedEvent>, Unavailable> {
        self.events.read(id, document, |document| read(&document.body))
    }

    /// The webhook that `document` is of.
    pub(crate) fn webhook(
        &self,
        id: WebhookId,
        document: &Document,
    ) -> Result<Arc<Webhook>, Unavailable> {
        self.webhooks.read(id, document, |document| Ok(Versioned::read(document)?.state))
    }

    /// The account that `document` is of.
    pub(crate) fn account(
        &self,
        id: AccountId,
        document: &Document,
    ) -> Result<Arc<Versioned<Account>>, Unavailable> {
        self.accounts.read((id, document.revision), document, Versioned::read)
    }

    /// The key of that fingerprint, which `document` is of.
    pub(crate) fn key(
        &self,
        fingerprint: [u8; 32],
        document: &Document,
    ) -> Result<Arc<ApiKey>, Unavailable> {
        self.keys.read(fingerprint, document, |document| read(&document.body))
    }

    /// Takes in an event that is being accepted: its first attempts follow.
    pub(crate) fn accepted(&self, Accepted { event, body, .. }: &Accepted) {
        self.events.note(event.id, body.clone(), Arc::clone(event));
    }
}
