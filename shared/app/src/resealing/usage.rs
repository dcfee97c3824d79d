//! Counts of what is still under an older key or pepper.

use domain::{account::Account, key::ApiKey, webhook::Webhook};
use ports::{
    Store, Vault,
    store::Partition,
    vault::{FingerprintOf, SealScope},
};

use super::{fingerprinted::Fingerprinted, page};
use crate::{problem::Problem, views::collections};

/// Number of things, and of those that are under an older key or pepper.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Number under an older one.
    pub older: u64,
    /// Number of all.
    pub all: u64,
}

/// Counts of everything that a key ring is needed for, and that does not end by itself.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Data keys.
    pub data_keys: Tally,
    /// API keys of open accounts, expired ones included.
    pub api_keys: Tally,
    /// Webhooks of open accounts.
    pub webhooks: Tally,
    /// API keys of closed accounts. Their text is destroyed, so their fingerprints stay as they
    /// are; without their pepper such a key is answered like one that never was.
    pub closed: Tally,
}

impl Usage {
    /// Returns how many things would be lost without the older keys and peppers.
    #[must_use]
    pub fn older(&self) -> u64 {
        self.data_keys.older + self.api_keys.older + self.webhooks.older
    }
}

impl Tally {
    fn add(&mut self, is_older: bool) {
        self.all += 1;
        self.older += u64::from(is_older);
    }
}

/// Counts what is under an older key or pepper than `vault` uses.
///
/// # Errors
/// When the backend is unavailable.
pub async fn usage(store: &dyn Store, vault: &dyn Vault) -> Result<Usage, Problem> {
    let mut usage = Usage::default();
    // The installation has a data key as soon as a server has run.
    usage.data_keys.add(!vault.rewrap(SealScope::Installation).await?.is_empty());
    let mut from = None;
    while let Some(accounts) = page::<Account>(store, collections::accounts(), &mut from).await? {
        for account in accounts {
            let (id, is_closed) = (account.state.id, account.state.is_closed());
            if !is_closed {
                let rewrapped = vault.rewrap(SealScope::Account(id)).await?;
                usage.data_keys.add(!rewrapped.is_empty());
            }
            for environment in domain::Environment::ALL {
                let keys = if is_closed { &mut usage.closed } else { &mut usage.api_keys };
                let place = collections::api_keys(id, *environment);
                count::<ApiKey>(store, vault, place, FingerprintOf::ApiKeyHash, keys).await?;
                let place = collections::webhooks(id, *environment);
                let webhooks = &mut usage.webhooks;
                if !is_closed {
                    count::<Webhook>(store, vault, place, FingerprintOf::WebhookUrl, webhooks)
                        .await?;
                }
            }
        }
    }
    Ok(usage)
}

async fn count<S: Fingerprinted>(
    store: &dyn Store,
    vault: &dyn Vault,
    partition: Partition,
    of: FingerprintOf,
    tally: &mut Tally,
) -> Result<(), Problem> {
    let newest = vault.fingerprints(of, b"").await?.in_use;
    let mut from = None;
    while let Some(states) = page::<S>(store, partition.clone(), &mut from).await? {
        for state in states {
            tally.add(!newest.is_under_the_pepper_of(state.state.fingerprint()));
        }
    }
    Ok(())
}
