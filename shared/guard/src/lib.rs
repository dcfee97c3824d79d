//! The network guard: where deliveries may go.
//!
//! A customer chooses the URL and the operator's machine connects to it, so without a guard every
//! webhook would be a way into the operator's network (server-side request forgery). The guard
//! looks at addresses, never at the spelling of a URL, and it looks at the very address that is
//! connected to: a name that led somewhere harmless when it was checked gains nothing by leading
//! elsewhere later.
//!
//! [`Vetter`] holds a host against it when a webhook is registered. The sender does that again for
//! each connection; this crate makes none, so whoever registers webhooks has no code that could.

mod address;
mod names;
mod networks;
#[cfg(test)]
mod tests;
mod vet;

use std::net::IpAddr;

pub use networks::{AllowNetworks, NotANetwork};
pub use vet::Vetter;

/// Decides which addresses a delivery may be made to.
#[derive(Debug, Clone)]
pub struct Guard {
    allow: AllowNetworks,
    open: bool,
}

impl Guard {
    /// Public addresses pass, and so does what lies in `allow`.
    #[must_use]
    pub const fn new(allow: AllowNetworks) -> Self {
        Self { allow, open: false }
    }

    /// Everything passes: for an address that the operator, not a customer, has chosen.
    #[must_use]
    pub fn open() -> Self {
        Self { allow: AllowNetworks::default(), open: true }
    }

    /// Whether a URL may name `address` itself.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.open || self.allow.contains(address) || address::is_public(address)
    }

    /// Whether `address` may be connected to where it was found under `name`.
    ///
    /// A name that by definition lives in somebody's own network (`localhost`, `printer.local`, an
    /// unqualified `db`) is only good for the networks that are allowed: that it leads to a public
    /// address today is an accident of somebody's zone.
    #[must_use]
    pub fn permits_under(&self, name: &str, address: IpAddr) -> bool {
        if !self.open && names::is_private(name) {
            self.allow.contains(address.to_canonical())
        } else {
            self.permits(address)
        }
    }

    /// Whether no address at all would make `name` acceptable, so that looking it up is pointless.
    #[must_use]
    pub fn rules_out(&self, name: &str) -> bool {
        !self.open && self.allow.is_empty() && names::is_private(name)
    }

    /// Whether `name` is one that public name servers never answer for.
    pub(crate) fn is_private_name(&self, name: &str) -> bool {
        !self.open && names::is_private(name)
    }
}
