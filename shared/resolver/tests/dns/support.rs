//! Fixtures of all tests of this suite.

mod clock;
mod server;

use std::{net::IpAddr, sync::Arc};

use domain::id::{AccountId, Ulid};
use latchhook_resolver::{DnsResolver, Source};
use ports::{
    Resolve as _,
    resolve::{Asker, Unresolved},
};
use tempfile::TempDir;

pub(crate) use clock::TestClock;
pub(crate) use server::{NameServer, Record, Reply};

/// Resolver under test, with its files and clock.
pub(crate) struct Resolving {
    pub(crate) resolver: DnsResolver,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) directory: TempDir,
}

/// Configuration that a cluster gives its containers; the names in `corp.test` must never be asked
/// for.
const RESOLV_CONF: &str = "search svc.test corp.test\noptions ndots:5\n";

impl Resolving {
    /// Creates a resolver that asks `servers`, one after another, on a machine with search domains.
    pub(crate) fn from(servers: &[&NameServer]) -> Self {
        Self::with(servers, RESOLV_CONF, "")
    }

    pub(crate) fn with(servers: &[&NameServer], resolv_conf: &str, hosts: &str) -> Self {
        let addresses: Vec<_> = servers.iter().map(|server| server.address().to_string()).collect();
        Self::at(&addresses.join(","), resolv_conf, hosts)
    }

    pub(crate) fn at(name_servers: &str, resolv_conf: &str, hosts: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let source = Source {
            resolv_conf: directory.path().join("resolv.conf"),
            hosts: directory.path().join("hosts"),
            name_servers: name_servers.parse().unwrap(),
        };
        std::fs::write(&source.resolv_conf, resolv_conf).unwrap();
        std::fs::write(&source.hosts, hosts).unwrap();
        let clock = Arc::new(TestClock::default());
        let resolver = DnsResolver::new(source, clock.clone());
        Self { resolver, clock, directory }
    }

    pub(crate) async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        self.resolver.resolve(account(1), name).await
    }
}

pub(crate) fn account(number: u128) -> Asker {
    Asker::Account(AccountId::from(Ulid::from(number)))
}

pub(crate) fn addresses(text: &[&str]) -> Vec<IpAddr> {
    text.iter().map(|text| text.parse().unwrap()).collect()
}
