//! Connection pools, one for each account.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ports::resolve::Asker;

use crate::{connect::Network, http::Client};

/// How long a pool is kept unused: longer than it keeps a connection.
const MAX_IDLE: Duration = Duration::from_mins(1);

/// Connection pools, one for each account, made when they are first used: what an account looks up
/// and connects to is its own, and no connection that was made for one carries another's delivery.
pub(crate) struct Pools {
    network: Network,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pools: HashMap<Asker, Pool>,
    swept: Duration,
}

struct Pool {
    client: Client,
    used: Duration,
}

impl Pools {
    /// Pools of connections that are made with `network`.
    pub(crate) fn new(network: Network) -> Arc<Self> {
        Arc::new(Self { network, kept: Mutex::default() })
    }

    /// The pool of `asker`.
    pub(crate) fn of(&self, asker: Asker) -> Client {
        let now = self.network.clock.monotonic();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.sweep(now);
        let pool = kept
            .pools
            .entry(asker)
            .or_insert_with(|| Pool { client: self.client(asker), used: now });
        pool.used = now;
        pool.client.clone()
    }

    fn client(&self, asker: Asker) -> Client {
        let Network { clock, timeout, .. } = &self.network;
        Client::new(self.network.connector(asker), Arc::clone(clock), *timeout)
    }
}

impl Kept {
    /// Drops what has not been used for long; looks for that only now and then.
    fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) >= MAX_IDLE {
            self.swept = now;
            self.pools.retain(|_, pool| now.saturating_sub(pool.used) < MAX_IDLE);
        }
    }
}
