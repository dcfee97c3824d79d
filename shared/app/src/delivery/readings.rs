//! What the documents of a delivery say, in memory.

use std::sync::Arc;

use domain::{
    account::Account,
    id::{AccountId, EventId, WebhookId},
    webhook::Webhook,
};
use ports::{Unavailable, store::Document};

use super::{accept::Accepted, event::AcceptedEvent};
use crate::{memo::Memo, views::Versioned, work::read};

/// The events, webhooks and accounts that deliveries read again and again.
#[derive(Default)]
pub(crate) struct Readings {
    events: Memo<EventId, AcceptedEvent>,
    webhooks: Memo<WebhookId, Webhook>,
    accounts: Memo<AccountId, Account>,
}

impl Readings {
    /// The event that `document` is of.
    pub(super) fn event(
        &self,
        id: EventId,
        document: &Document,
    ) -> Result<Arc<AcceptedEvent>, Unavailable> {
        self.events.read(id, document, |document| read(&document.body))
    }

    /// The webhook that `document` is of.
    pub(super) fn webhook(
        &self,
        id: WebhookId,
        document: &Document,
    ) -> Result<Arc<Webhook>, Unavailable> {
        self.webhooks.read(id, document, |document| Ok(Versioned::read(document)?.state))
    }

    /// The account that `document` is of.
    pub(super) fn account(
        &self,
        id: AccountId,
        document: &Document,
    ) -> Result<Arc<Account>, Unavailable> {
        self.accounts.read(id, document, |document| Ok(Versioned::read(document)?.state))
    }

    /// Takes in an event that was just accepted: its first attempts follow.
    pub(crate) fn accepted(&self, accepted: &Accepted) {
        let Accepted { event, body, .. } = accepted;
        self.events.note(event.id, body.clone(), Arc::clone(event));
    }
}
