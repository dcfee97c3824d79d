//! Network guard: the rules on which addresses deliveries may reach.
//!
//! A customer chooses the URL and the operator's machine connects to it, so without a guard every
//! webhook would be a way into the operator's network (server-side request forgery). The guard
//! checks addresses, never the spelling of a URL, and it checks the very address that is connected
//! to, so a name can't pass with a harmless address and lead elsewhere later.
//!
//! [`Vetter`] checks the host of a webhook when it is registered. The sender checks again for each
//! connection. This crate itself connects to nothing, so the code that registers webhooks can't
//! either.

mod address;
mod names;
mod networks;
#[cfg(test)]
mod tests;
mod vet;

use std::net::IpAddr;

pub use networks::{AllowNetworks, NotANetwork};
pub use vet::Vetter;

/// Rules on which addresses a delivery may be made to.
#[derive(Debug, Clone)]
pub struct Guard {
    allow: AllowNetworks,
    open: bool,
}

impl Guard {
    /// Creates a guard that permits public addresses and the networks in `allow`.
    #[must_use]
    pub const fn new(allow: AllowNetworks) -> Self {
        Self { allow, open: false }
    }

    /// Creates a guard that permits everything, for an address that the operator, not a customer,
    /// has chosen.
    #[must_use]
    pub fn open() -> Self {
        Self { allow: AllowNetworks::default(), open: true }
    }

    /// Returns whether a URL may name `address` itself.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.open || self.allow.contains(address) || address::is_public(address)
    }

    /// Returns whether a delivery to `name` may connect to `address`, one of its addresses.
    ///
    /// A name that by definition lives in somebody's own network (`localhost`, `printer.local`, an
    /// unqualified `db`) may only lead to allowed networks: if it has a public address today, then
    /// only by the accident of somebody's zone.
    #[must_use]
    pub fn permits_under(&self, name: &str, address: IpAddr) -> bool {
        if !self.open && names::is_private(name) {
            self.allow.contains(address.to_canonical())
        } else {
            self.permits(address)
        }
    }

    /// Returns whether no address at all would make `name` acceptable, so that looking it up is
    /// pointless.
    #[must_use]
    pub fn rules_out(&self, name: &str) -> bool {
        !self.open && self.allow.is_empty() && names::is_private(name)
    }

    /// Returns whether `name` is one that public name servers never answer for.
    pub(crate) fn is_private_name(&self, name: &str) -> bool {
        !self.open && names::is_private(name)
    }
}
