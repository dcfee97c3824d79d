//! Settings of an API key: everything about it that can be changed.

mod network;
mod scope;

use std::{collections::BTreeMap, net::IpAddr};

pub use network::{Network, NotANetwork};
pub use scope::{NotAScope, Scope};

use crate::limits::OwnRate;

/// Metadata of a key: pairs of the operator's own, which mean nothing to Latchhook.
pub type Metadata = BTreeMap<String, String>;

/// Settings of an API key. A new key has them, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Display name.
    pub name: Option<String>,
    /// Scopes of the key; none for everything, and an empty list for nothing.
    pub scopes: Option<Vec<Scope>>,
    /// Pairs of the operator's own.
    pub metadata: Metadata,
    /// Rate limit of its own; none for that of the installation.
    pub rate_limit: Option<OwnRate>,
    /// Networks from which it may be used; none for all.
    pub allowed_networks: Option<Vec<Network>>,
}

impl Settings {
    /// Returns those of the scopes that are `needed` which the key does not have.
    #[must_use]
    pub fn missing(&self, needed: &[Scope]) -> Vec<Scope> {
        let Some(scopes) = &self.scopes else { return Vec::new() };
        needed.iter().filter(|scope| !scopes.contains(scope)).cloned().collect()
    }

    /// Returns whether the key may be used from `address`. From an address that is not known, only a
    /// key that may be used from everywhere.
    #[must_use]
    pub fn allow(&self, address: Option<IpAddr>) -> bool {
        let Some(networks) = &self.allowed_networks else { return true };
        address.is_some_and(|address| networks.iter().any(|network| network.contains(address)))
    }

    /// Returns whether a key with these settings could do something, or be used from somewhere, that
    /// it can't with those `after` them.
    pub(super) fn are_narrowed(&self, after: &Self) -> bool {
        is_narrowed(self.scopes.as_deref(), after.scopes.as_deref())
            || is_narrowed(self.allowed_networks.as_deref(), after.allowed_networks.as_deref())
    }
}

/// Returns whether something of `before` is not in `after`; none stands for everything.
fn is_narrowed<T: PartialEq>(before: Option<&[T]>, after: Option<&[T]>) -> bool {
    match (before, after) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => before.iter().any(|one| !after.contains(one)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(texts: &[&str]) -> Vec<Scope> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn with_scopes(texts: &[&str]) -> Settings {
        Settings { scopes: Some(scopes(texts)), ..Settings::default() }
    }

    #[test]
    fn a_key_without_scopes_may_do_everything_and_one_with_none_of_them_nothing() {
        let needed = scopes(&["reports:read", "reports:write"]);
        assert_eq!(Settings::default().missing(&needed), []);
        assert_eq!(with_scopes(&[]).missing(&needed), needed);
        assert_eq!(with_scopes(&["reports:read"]).missing(&needed), needed[1..]);
        assert_eq!(with_scopes(&[]).missing(&[]), []);
    }

    #[test]
    fn a_key_is_used_from_its_networks_alone() {
        let networks = ["203.0.113.0/24", "2001:db8::/32"].map(|text| text.parse().unwrap());
        let settings = Settings { allowed_networks: Some(networks.into()), ..Settings::default() };
        for (address, allowed) in [
            ("203.0.113.7", true),
            ("::ffff:203.0.113.7", true),
            ("203.0.114.7", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(settings.allow(Some(address.parse().unwrap())), allowed, "{address}");
        }
        assert!(!settings.allow(None));
        assert!(Settings::default().allow(None));
    }

    #[test]
    fn settings_are_narrowed_by_what_is_gone_of_them() {
        let (all, some, less) =
            (Settings::default(), with_scopes(&["a", "b"]), with_scopes(&["b"]));
        assert!(all.are_narrowed(&some) && some.are_narrowed(&less));
        assert!(!some.are_narrowed(&all) && !less.are_narrowed(&some) && !some.are_narrowed(&some));
    }
}
