//! The look at an endpoint's host when it is registered.

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::webhook::WebhookUrl;
use ports::{Clock, Vetting, sender::Refused};
use url::Host;

use crate::{AllowNetworks, Guard, Resolve, SystemResolver};

/// How long a name may take to resolve before it counts as one that does not.
const PATIENCE: Duration = Duration::from_secs(5);

/// The [`Vetting`] of both homes. Connects to nothing.
pub struct Vetter {
    guard: Guard,
    resolver: Arc<dyn Resolve>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Vetting for Vetter {
    async fn vet(&self, url: &WebhookUrl) -> Result<(), Refused> {
        match url {
            WebhookUrl::Http(endpoint) => self.vet_host(&endpoint.host).await,
            // Its host is made from a region's name, and is Amazon's.
            WebhookUrl::Sns(_) => Ok(()),
        }
    }
}

impl Vetter {
    /// Lets through what is public, and `allow_networks`, on the operating system's resolver.
    #[must_use]
    pub fn new(allow_networks: AllowNetworks, clock: Arc<dyn Clock>) -> Self {
        Self::with_resolver(allow_networks, clock, Arc::new(SystemResolver))
    }

    /// The same, looking names up with `resolver`.
    #[must_use]
    pub fn with_resolver(
        allow_networks: AllowNetworks,
        clock: Arc<dyn Clock>,
        resolver: Arc<dyn Resolve>,
    ) -> Self {
        Self { guard: Guard::new(allow_networks), resolver, clock }
    }

    /// Refuses a forbidden address, and a name with any forbidden address: whoever names one beside
    /// public ones is waiting for the wrong one to be picked.
    async fn vet_host(&self, host: &Host<String>) -> Result<(), Refused> {
        let permitted = match host {
            Host::Ipv4(address) => self.guard.permits(IpAddr::V4(*address)),
            Host::Ipv6(address) => self.guard.permits(IpAddr::V6(*address)),
            Host::Domain(name) => self.permits_name(name).await,
        };
        if permitted { Ok(()) } else { Err(Refused::NotPublic) }
    }

    async fn permits_name(&self, name: &str) -> bool {
        if self.guard.rules_out(name) {
            return false;
        }
        let addresses = self.addresses(name).await;
        if addresses.is_empty() {
            return !self.guard.is_private_name(name);
        }
        addresses.iter().all(|address| self.guard.permits_under(name, *address))
    }

    async fn addresses(&self, name: &str) -> Vec<IpAddr> {
        tokio::select! {
            biased;
            found = self.resolver.resolve(name) => found.unwrap_or_default(),
            () = self.clock.sleep(PATIENCE) => Vec::new(),
        }
    }
}
