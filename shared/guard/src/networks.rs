//! The networks that an operator opens.

use std::{fmt, net::IpAddr, str::FromStr};

/// Networks that deliveries may reach although they are not public; none by default.
///
/// Read from a list such as `127.0.0.0/8, ::1/128`; an address alone is a network of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowNetworks(Vec<Network>);

/// An address block: its first address and the length of its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    first: IpAddr,
    length: u8,
}

/// Why a text is not a list of networks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotANetwork {
    /// Not an address, or no prefix length within its bits.
    #[error("{0:?} is not a network such as 10.0.0.0/8 or fd00::/8")]
    Malformed(String),
    /// The address has bits set beyond the prefix: which network is meant is unclear.
    #[error("{given} has bits set beyond its prefix; the network is {meant}")]
    HostBits {
        /// What was written.
        given: String,
        /// The network that it lies in.
        meant: String,
    },
}

impl AllowNetworks {
    /// Whether `address` lies in one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// Whether nothing is opened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for AllowNetworks {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(Network::from_str).collect::<Result<_, _>>().map(Self)
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

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        same_family(self.first, address) && masked(address, self.length) == self.first
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let malformed = || NotANetwork::Malformed(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| malformed())?;
        let length = match length {
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                digits.parse().map_err(|_| malformed())?
            }
            Some(_) => return Err(malformed()),
            None => bits(address),
        };
        if length > bits(address) {
            return Err(malformed());
        }
        let network = Self { first: masked(address, length), length };
        if network.first == address {
            Ok(network)
        } else {
            Err(NotANetwork::HostBits { given: text.to_owned(), meant: network.to_string() })
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.length)
    }
}

const fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

const fn same_family(one: IpAddr, other: IpAddr) -> bool {
    one.is_ipv4() == other.is_ipv4()
}

fn masked(address: IpAddr, length: u8) -> IpAddr {
    let length = u32::from(length);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}
