//! Queries to the name servers, one after another, until one answers.

use std::{net::IpAddr, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use hickory_resolver::{
    TokioResolver,
    config::{NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{Name, RecordType},
};
use ports::{Chain, Clock, resolve::Unresolved, sender::OutOfSockets};

use crate::files::Snapshot;

/// Time for which a server may be silent before the next one is asked as well.
const SILENCE: Duration = Duration::from_secs(1);

/// Number of addresses of a family that are kept: an attempt has no time for more.
const MOST: usize = 16;

/// Addresses of one family.
pub(crate) type Family = Result<Vec<IpAddr>, Unresolved>;

/// Resolvers for the name servers, in the order in which they are asked.
///
/// Hickory can ask several servers by itself, but accepts the first answer even if that is a
/// refusal or a server failure; the C library goes on to the next server then, and so does this
/// type.
#[derive(Default)]
pub(crate) struct Servers(Vec<TokioResolver>);

impl Servers {
    /// Creates resolvers for the name servers of `snapshot`.
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let servers = snapshot.name_servers.iter();
        Self(servers.filter_map(|server| resolver(server, snapshot)).collect())
    }

    /// Returns the addresses of `name` in the family of `kind`. The next server is asked when one
    /// fails or has been silent for a while; the first answer counts, including one that there is
    /// no such address.
    pub(crate) async fn ask(&self, name: &Name, kind: RecordType, clock: &dyn Clock) -> Family {
        let mut ahead = self.0.iter();
        let mut asked = FuturesUnordered::new();
        let mut none = Unresolved::NoAnswer;
        loop {
            asked.extend(ahead.next().map(|server| ask(server, name, kind)));
            let answer = tokio::select! {
                biased;
                answer = asked.next() => answer,
                () = clock.sleep(SILENCE), if ahead.len() > 0 => continue,
            };
            match answer {
                Some(Err(why @ (Unresolved::NoAnswer | Unresolved::OutOfSockets))) => none = why,
                Some(answer) => return answer,
                None => return Err(none),
            }
        }
    }
}

async fn ask(server: &TokioResolver, name: &Name, kind: RecordType) -> Family {
    let found = server.lookup(name.clone(), kind).await.map_err(|why| {
        tracing::debug!(error = %Chain(&why), %kind, "a look-up failed");
        match why {
            _ if why.is_no_records_found() => Unresolved::NoAddress,
            NetError::Io(why) if OutOfSockets::is(&why) => Unresolved::OutOfSockets,
            _ => Unresolved::NoAnswer,
        }
    })?;
    let addresses = found.answers().iter().filter_map(|record| record.data.ip_addr());
    let addresses: Vec<_> = addresses.take(MOST).collect();
    if addresses.is_empty() { Err(Unresolved::NoAddress) } else { Ok(addresses) }
}

fn resolver(server: &NameServerConfig, snapshot: &Snapshot) -> Option<TokioResolver> {
    // No domain and no search domains: every name is complete.
    let config = ResolverConfig::from_name_servers(vec![server.clone()]);
    let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let built = builder.with_options(snapshot.options.clone()).build();
    built.map_err(|why| tracing::error!(error = %Chain(&why), "no resolver can be made")).ok()
}
