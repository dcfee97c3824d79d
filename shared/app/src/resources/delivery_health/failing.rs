//! Webhooks whose every delivery fails, and what is known of listed webhooks.

use std::collections::BTreeMap;

use domain::{
    Environment, Redacted, Timestamp,
    account::Account,
    id::{AccountId, WebhookId},
    webhook::Webhook,
};
use ports::{Corrupt, store::Range};

use super::place::{MOST_WEBHOOKS, Place, account_of};
use crate::{
    Backend,
    documents::{Health, read, state},
    paging::Source,
    problem::Problem,
    views::collections,
};

/// Number of webhooks looked at for those that are enabled: one that was disabled while it failed has
/// a document of health until it works again.
const MOST_LOOKED_AT: usize = 4 * MOST_WEBHOOKS;

/// Returns webhooks whose every delivery fails, with the time since when, longest first.
pub(super) async fn failing(backend: &Backend) -> Result<Vec<(Place, Timestamp)>, Problem> {
    let partitions = collections::failing_webhooks();
    let source = Source { partitions, index: true, range: Range::default() };
    let mut failing = Vec::new();
    for row in source.oldest(&*backend.store, MOST_LOOKED_AT).await? {
        let key = &row.document.key;
        let webhook =
            key.sort.parse().map_err(|why| Corrupt::new("listing failing webhooks", why))?;
        let health: Health = read(&row.document.body)?;
        failing.push(((account_of(&row.document.key)?, webhook), health.failing_since));
    }
    Ok(failing)
}

/// Webhook as lists show it.
pub(super) struct KnownWebhook {
    pub(super) url: Redacted,
    pub(super) environment: Environment,
    pub(super) is_enabled: bool,
}

/// Accounts and webhooks by their identifiers.
#[derive(Default)]
pub(super) struct Known {
    pub(super) accounts: BTreeMap<AccountId, String>,
    pub(super) webhooks: BTreeMap<WebhookId, KnownWebhook>,
}

impl Known {
    /// Reads the accounts and webhooks at `places`.
    pub(super) async fn look_up(
        backend: &Backend,
        places: impl Iterator<Item = Place>,
    ) -> Result<Self, Problem> {
        let mut known = Self::default();
        let (mut accounts, mut webhooks) = (Vec::new(), Vec::new());
        for (account, webhook) in places {
            accounts.push(collections::accounts().key(account));
            webhooks.extend(
                Environment::ALL
                    .iter()
                    .map(|env| collections::webhooks(account, *env).key(webhook)),
            );
        }
        for document in backend.store.get(&accounts).await?.into_iter().flatten() {
            let account = state::<Account>(&*backend.store, &document).await?;
            known.accounts.extend(account.map(|account| (account.state.id, account.state.name)));
        }
        for document in backend.store.get(&webhooks).await?.into_iter().flatten() {
            let webhook = state::<Webhook>(&*backend.store, &document).await?;
            let Some(webhook) = webhook.map(|webhook| webhook.state) else { continue };
            let one = KnownWebhook {
                url: Redacted::new(&webhook.endpoint.url),
                environment: webhook.environment,
                is_enabled: webhook.is_enabled(),
            };
            known.webhooks.insert(webhook.id, one);
        }
        Ok(known)
    }
}
