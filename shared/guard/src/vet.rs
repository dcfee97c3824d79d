//! Vetting: the check of an endpoint's host when it is registered.

mod crowd;

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{id::AccountId, webhook::WebhookUrl};
use ports::{Clock, Resolve, Vetting, resolve::Asker, sender::Refused};
use url::Host;

use self::crowd::Crowd;
use crate::{AllowNetworks, Guard};

/// Time after which a name that has not been resolved counts as one that does not resolve.
const PATIENCE: Duration = Duration::from_secs(5);

/// Number of names of one account that may be waited for at once. The look-ups among them take
/// turns, so this bounds the requests that hang on names which no server answers for; a further
/// name counts as one that does not resolve, without being looked up.
const MOST_WAITING: usize = 64;

/// Implementation of [`Vetting`] for both backends. Connects to nothing.
pub struct Vetter {
    guard: Guard,
    resolver: Arc<dyn Resolve>,
    clock: Arc<dyn Clock>,
    waiting: Crowd,
}

#[async_trait]
impl Vetting for Vetter {
    async fn vet(&self, account: AccountId, url: &WebhookUrl) -> Result<(), Refused> {
        match url {
            WebhookUrl::Http(endpoint) => self.vet_host(account, &endpoint.host).await,
            // The host of an SNS endpoint is derived from a region's name and belongs to Amazon.
            WebhookUrl::Sns(_) => Ok(()),
        }
    }
}

impl Vetter {
    /// Creates a vetter that allows public addresses and `allow_networks`, and looks names up with
    /// `resolver`.
    #[must_use]
    pub fn new(
        allow_networks: AllowNetworks,
        clock: Arc<dyn Clock>,
        resolver: Arc<dyn Resolve>,
    ) -> Self {
        let waiting = Crowd::new(MOST_WAITING);
        Self { guard: Guard::new(allow_networks), resolver, clock, waiting }
    }

    /// Refuses a forbidden address, and a name with any forbidden address: a name with both could
    /// lead to the forbidden one at any time.
    async fn vet_host(&self, account: AccountId, host: &Host<String>) -> Result<(), Refused> {
        let permitted = match host {
            Host::Ipv4(address) => self.guard.permits(IpAddr::V4(*address)),
            Host::Ipv6(address) => self.guard.permits(IpAddr::V6(*address)),
            Host::Domain(name) => self.permits_name(account, name).await,
        };
        if permitted { Ok(()) } else { Err(Refused::NotPublic) }
    }

    async fn permits_name(&self, account: AccountId, name: &str) -> bool {
        if self.guard.rules_out(name) {
            return false;
        }
        let addresses = self.addresses(account, name).await;
        if addresses.is_empty() {
            return !self.guard.is_private_name(name);
        }
        addresses.iter().all(|address| self.guard.permits_under(name, *address))
    }

    async fn addresses(&self, account: AccountId, name: &str) -> Vec<IpAddr> {
        let Some(_place) = self.waiting.enter(account) else { return Vec::new() };
        tokio::select! {
            biased;
            found = self.resolver.resolve(Asker::Account(account), name) => {
                found.unwrap_or_default()
            }
            () = self.clock.sleep(PATIENCE) => Vec::new(),
        }
    }
}
