//! Which name servers are asked, and how patiently: `resolv.conf(5)` without its search domains.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6},
    str::FromStr,
    time::Duration,
};

/// Name servers that are read of a file, as in the C library (`MAXNS`).
const MOST_SERVERS: usize = 3;

/// The C library's defaults and limits, from `resolv.conf(5)`.
const TIMEOUT: Duration = Duration::from_secs(5);
const MOST_TIMEOUT: u64 = 30;
const ATTEMPTS: usize = 2;
const MOST_ATTEMPTS: usize = 5;

/// The port of DNS.
const PORT: u16 = 53;

/// The name servers that are asked, and how patiently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// At least one.
    pub(crate) servers: Vec<SocketAddr>,
    /// How long one try waits for its answer.
    pub(crate) timeout: Duration,
    /// How often each server is tried.
    pub(crate) attempts: usize,
    /// Whether everything goes over TCP.
    pub(crate) tcp_only: bool,
}

impl Default for Config {
    /// What the C library does without a `resolv.conf`: it asks a name server on this machine.
    fn default() -> Self {
        Self {
            servers: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))],
            timeout: TIMEOUT,
            attempts: ATTEMPTS,
            tcp_only: false,
        }
    }
}

impl Config {
    /// Reads `nameserver` lines, and of `options` lines `timeout`, `attempts` and `use-vc`. Whatever
    /// else there is, `search`, `domain` and `ndots` above all, is for names that people type.
    ///
    /// `index_of` says which number the network interface of a name has.
    pub(crate) fn parse(text: &str, index_of: impl Fn(&str) -> Option<u32>) -> Self {
        let mut config = Self { servers: vec![], ..Self::default() };
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("nameserver") => config
                    .servers
                    .extend(words.next().and_then(|word| address(word, &index_of)).map(at_port_53)),
                Some("options") => words.for_each(|word| config.option(word)),
                _ => {}
            }
        }
        config.servers.truncate(MOST_SERVERS);
        if config.servers.is_empty() {
            config.servers = Self::default().servers;
        }
        config
    }

    fn option(&mut self, word: &str) {
        match word.split_once(':') {
            None if word == "use-vc" => self.tcp_only = true,
            Some(("timeout", seconds)) => {
                if let Ok(seconds) = seconds.parse::<u64>() {
                    self.timeout = Duration::from_secs(seconds.clamp(1, MOST_TIMEOUT));
                }
            }
            Some(("attempts", count)) => {
                if let Ok(count) = count.parse::<usize>() {
                    self.attempts = count.clamp(1, MOST_ATTEMPTS);
                }
            }
            _ => {}
        }
    }
}

fn at_port_53((ip, scope): (IpAddr, u32)) -> SocketAddr {
    match ip {
        IpAddr::V4(v4) => SocketAddr::from((v4, PORT)),
        IpAddr::V6(v6) => SocketAddrV6::new(v6, PORT, 0, scope).into(),
    }
}

/// An address, with the interface that a link-local one is reached through: `fe80::1%eth0`.
fn address(text: &str, index_of: impl Fn(&str) -> Option<u32>) -> Option<(IpAddr, u32)> {
    let Some((address, zone)) = text.split_once('%') else {
        return Some((text.parse().ok()?, 0));
    };
    let address: Ipv6Addr = address.parse().ok()?;
    let scope = zone.parse().ok().or_else(|| index_of(zone))?;
    Some((address.into(), scope))
}

/// Name servers that the operator has set instead of those of `resolv.conf`.
///
/// Read from a list such as `10.0.0.2, [fd00::2]:5353`; without a port it is 53.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameServers(Vec<SocketAddr>);

/// A text that is not a name server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the address of a name server, such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53"
)]
pub struct NotANameServer(String);

impl NameServers {
    /// Whether there are none, so that those of `resolv.conf` count.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        &self.0
    }
}

impl FromStr for NameServers {
    type Err = NotANameServer;

    fn from_str(text: &str) -> Result<Self, NotANameServer> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(server).collect::<Result<_, _>>().map(Self)
    }
}

fn server(text: &str) -> Result<SocketAddr, NotANameServer> {
    let numbered = |_: &str| None;
    let alone = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let server = match text.parse::<SocketAddr>() {
        Ok(server) => Some(server),
        Err(_) => address(alone, numbered).map(at_port_53),
    };
    server.filter(|server| server.port() != 0).ok_or_else(|| NotANameServer(text.to_owned()))
}

#[cfg(test)]
mod tests;
