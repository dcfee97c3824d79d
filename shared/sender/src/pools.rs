//! Connection pools, one for each account.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ports::resolve::Asker;

use crate::{
    connect::Network,
    http::{self, Client},
};

/// How long a pool is kept unused: twice as long as it keeps a connection.
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
    client: Arc<Client>,
    used: Duration,
}

impl Pools {
    /// Pools of connections that are made with `network`.
    pub(crate) fn new(network: Network) -> Arc<Self> {
        Arc::new(Self { network, kept: Mutex::default() })
    }

    /// The pool of `asker`.
    pub(crate) fn of(&self, asker: Asker) -> Arc<Client> {
        let now = self.network.clock.monotonic();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.sweep(now);
        let pool = kept.pools.entry(asker).or_insert_with(|| Pool {
            client: Arc::new(http::client(self.network.connector(asker))),
            used: now,
        });
        pool.used = now;
        Arc::clone(&pool.client)
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
