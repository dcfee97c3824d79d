//! Name servers that an operator sets.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use hickory_resolver::config::{ConnectionConfig, NameServerConfig};

/// Port of DNS.
const PORT: u16 = 53;

/// Name servers that the operator has set instead of those of `resolv.conf`.
///
/// Parsed from a list such as `10.0.0.2, [fd00::2]:5353`; the default port is 53.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameServers(Vec<SocketAddr>);

/// Error for a text that is not a name server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the address of a name server, such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53"
)]
pub struct NotANameServer(String);

impl NameServers {
    /// Returns whether there are none, so that those of `resolv.conf` are used.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the configuration of each; with `tcp_only`, none is asked by UDP.
    pub(crate) fn configured(&self, tcp_only: bool) -> Vec<NameServerConfig> {
        self.0.iter().map(|server| asked_at(*server, tcp_only)).collect()
    }
}

impl FromIterator<IpAddr> for NameServers {
    fn from_iter<T: IntoIterator<Item = IpAddr>>(addresses: T) -> Self {
        Self(addresses.into_iter().map(|address| SocketAddr::new(address, PORT)).collect())
    }
}

/// Returns the configuration of a name server that is asked by UDP unless `tcp_only`, and by TCP
/// when an answer does not fit.
fn asked_at(server: SocketAddr, tcp_only: bool) -> NameServerConfig {
    let udp = (!tcp_only).then(ConnectionConfig::udp);
    let mut connections: Vec<_> = udp.into_iter().chain([ConnectionConfig::tcp()]).collect();
    for connection in &mut connections {
        connection.port = server.port();
    }
    NameServerConfig::new(server.ip(), true, connections)
}

impl FromStr for NameServers {
    type Err = NotANameServer;

    fn from_str(text: &str) -> Result<Self, NotANameServer> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(server).collect::<Result<_, _>>().map(Self)
    }
}

fn server(text: &str) -> Result<SocketAddr, NotANameServer> {
    let alone = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = text.parse::<SocketAddr>().ok();
    let server = with_port.or_else(|| Some(SocketAddr::new(alone.parse().ok()?, PORT)));
    server.filter(|server| server.port() != 0).ok_or_else(|| NotANameServer(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let servers: NameServers = text.parse().unwrap();
        servers.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn name_servers_are_addresses_with_or_without_a_port() {
        assert_eq!(
            read("10.0.0.2, 10.0.0.3:5353,fd00::2 , [fd00::3], [fd00::4]:54,"),
            ["10.0.0.2:53", "10.0.0.3:5353", "[fd00::2]:53", "[fd00::3]:53", "[fd00::4]:54"]
        );
        assert!(" ".parse::<NameServers>().unwrap().is_empty());
    }

    #[test]
    fn an_invalid_name_server_is_named_in_the_error() {
        for text in ["dns.example", "10.0.0.2:0", "10.0.0.256", "[10.0.0.2", "10.0.0.2:65536"] {
            let why = text.parse::<NameServers>().unwrap_err().to_string();
            assert!(why.contains(text), "{why}");
        }
    }
}
