//! Networks that addresses are held against.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// Network: an address, or a range of them as a CIDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network(IpNet);

impl Network {
    /// Returns whether the address `text` is in it. An IPv4 address that is mapped into IPv6 counts
    /// as the former.
    #[must_use]
    pub(crate) fn contains(self, text: &str) -> bool {
        text.parse::<IpAddr>().is_ok_and(|address| self.0.contains(&address.to_canonical()))
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let address = text.parse::<IpAddr>().map(|address| address.to_canonical().into());
        address.or_else(|_| text.parse()).map(Self).map_err(|_| NotANetwork)
    }
}

/// Error: the text is no network.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("must be an IP address or a CIDR such as 203.0.113.0/24")]
pub(crate) struct NotANetwork;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_the_addresses_of_its_range() {
        for (network, address, is_in) in [
            ("203.0.113.0/24", "203.0.113.7", true),
            ("203.0.113.9/24", "203.0.113.7", true),
            ("203.0.113.0/24", "203.0.114.7", false),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("203.0.113.0/24", "::ffff:203.0.113.7", true),
            ("::ffff:203.0.113.7", "203.0.113.7", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "203.0.113.7", false),
            ("0.0.0.0/0", "lh_sk_test_****", false),
        ] {
            let found = network.parse::<Network>().unwrap().contains(address);
            assert_eq!(found, is_in, "{address} in {network}");
        }
        for text in ["", "203.0.113", "203.0.113.0/33", "example.com", "203.0.113.0/"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
