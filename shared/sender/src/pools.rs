//! Connection pools, one for each account.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::Timestamp;
use ports::resolve::Asker;

use crate::{connect::Network, http::Client, idle::Idle};

/// Time after which an unused pool is dropped that knows nothing of its hosts: longer than it keeps a
/// connection.
const MAX_IDLE: Duration = Duration::from_mins(1);
/// Time by which the wall clock has gone ahead of the monotonic one if the process was frozen: more
/// than a clock is usually set by.
const FROZEN: Duration = Duration::from_secs(5);

/// Connection pools, one for each account, created on first use: accounts share neither look-ups
/// nor connections.
pub(crate) struct Pools {
    network: Network,
    idle: Idle,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pools: HashMap<Asker, Pool>,
    swept: Duration,
    /// Wall clock and monotonic clock at the last use.
    seen: Option<(Timestamp, Duration)>,
}

struct Pool {
    client: Client,
    used: Duration,
}

impl Pools {
    /// Creates the pools; their connections are made with `network`.
    pub(crate) fn new(network: Network, idle: Idle) -> Arc<Self> {
        Arc::new(Self { network, idle, kept: Mutex::default() })
    }

    /// Returns the pool of `asker`.
    pub(crate) fn of(&self, asker: Asker) -> Client {
        let clock = &self.network.clock;
        let now = clock.monotonic();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.thaw(clock.now(), now);
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
        Client::new(self.network.connector(asker), Arc::clone(clock), *timeout, self.idle.clone())
    }
}

impl Kept {
    /// Drops all pools if this process was frozen since the last use, as a Lambda container is
    /// between two invocations: its monotonic clock may have stood still, and no connection
    /// outlives that for sure.
    fn thaw(&mut self, wall: Timestamp, now: Duration) {
        let (seen_wall, seen) = self.seen.replace((wall, now)).unwrap_or((wall, now));
        if wall.since(seen_wall).saturating_sub(now.saturating_sub(seen)) >= FROZEN {
            self.pools.clear();
        }
    }

    /// Drops pools that have not been used for long; checks for that only now and then.
    fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) >= MAX_IDLE {
            self.swept = now;
            let is_used = |pool: &Pool| now.saturating_sub(pool.used) < MAX_IDLE;
            self.pools.retain(|_, pool| is_used(pool) || pool.client.knows_hosts());
        }
    }
}
