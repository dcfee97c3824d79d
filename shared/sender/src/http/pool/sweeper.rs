//! Sweeper that closes connections which have been idle for too long.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use ports::Clock;

use super::{Hosts, Pool};

/// Interval between two sweeps.
const INTERVAL: Duration = Duration::from_secs(1);

/// Starts sweeping the connections of `pool` until there are none, unless it is running.
pub(super) fn run(pool: &Arc<Pool>, hosts: &mut Hosts) {
    if !std::mem::replace(&mut hosts.is_swept, true) {
        tokio::spawn(sweep(Arc::downgrade(pool), pool.clock.clone()));
    }
}

async fn sweep(pool: Weak<Pool>, clock: Arc<dyn Clock>) {
    loop {
        clock.sleep(INTERVAL).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut hosts = pool.hosts();
        hosts.close_idle(clock.monotonic());
        hosts.is_swept = !hosts.by_destination.is_empty();
        if !hosts.is_swept {
            return;
        }
    }
}

impl Hosts {
    fn close_idle(&mut self, now: Duration) {
        self.by_destination.retain(|_, host| {
            host.idle.retain_mut(|idle| !idle.is_over(now) && idle.connection.is_quiet());
            host.shared.retain_mut(|connection| !connection.is_over(now));
            !host.idle.is_empty() || !host.shared.is_empty() || now < host.http1_until
        });
    }
}
