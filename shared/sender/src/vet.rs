//! The look at an endpoint's host when it is registered.

use std::{net::IpAddr, sync::Arc, time::Duration};

use ports::{Clock, sender::Refused};
use url::Host;

use crate::{guard::Guard, resolve::Resolve};

/// How long a name may take to resolve before it counts as one that does not.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Vetting {
    pub(crate) guard: Guard,
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Vetting {
    /// Refuses a forbidden address, and a name with any forbidden address: whoever names one beside
    /// public ones is waiting for the wrong one to be picked.
    pub(crate) async fn vet(&self, host: &Host<String>) -> Result<(), Refused> {
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
