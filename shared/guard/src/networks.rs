//! Networks that an operator allows.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// Networks that deliveries may reach although they are not public; none by default.
///
/// Parsed from a list such as `127.0.0.0/8, ::1/128`; an address alone is a network of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowNetworks(Vec<IpNet>);

/// Reason why a text is not a list of networks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotANetwork {
    /// The text is not an address, or its prefix length is invalid.
    #[error("{0:?} is not a network such as 10.0.0.0/8 or fd00::/8")]
    Malformed(String),
    /// The address has bits set beyond the prefix, so it is unclear which network is meant.
    #[error("{given} has bits set beyond its prefix; the network is {meant}")]
    HostBits {
        /// Text as it was given.
        given: String,
        /// Network that contains the address.
        meant: String,
    },
}

impl AllowNetworks {
    /// Returns whether `address` lies in one of the networks.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Returns whether there are no networks.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for AllowNetworks {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for AllowNetworks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, network) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{network}")?;
        }
        Ok(())
    }
}

fn network(text: &str) -> Result<IpNet, NotANetwork> {
    let alone = text.parse::<IpAddr>().map(IpNet::from);
    let network = alone.or_else(|_| text.parse::<IpNet>());
    let network = network.map_err(|_| NotANetwork::Malformed(text.to_owned()))?;
    let meant = network.trunc();
    if meant == network {
        Ok(network)
    } else {
        Err(NotANetwork::HostBits { given: text.to_owned(), meant: meant.to_string() })
    }
}
