//! File descriptors: how many the process may have, and who gets which share.
//!
//! Clients, deliveries and the store draw on one limit. Without shares, whoever opens the most
//! connections takes the descriptors of all others, and events are accepted that can't be delivered.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::Settings;

/// Number that is left for the store, the log, the runtime and name servers.
const OWN: usize = 96;
/// Number that an attempt can hold: two look-ups, or connections to two addresses of a host.
const EACH_ATTEMPT: usize = 2;
/// Number of connections that may be kept for the next delivery, at most.
const MOST_IDLE: usize = 1024;
/// Number that is assumed where there is no limit.
const UNLIMITED: usize = 1 << 20;

/// Raises the process's limit as far as it may, and returns it.
pub(crate) fn raise() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // It stays as it is where the system does not allow more; the shares are of what there is.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let is = getrlimit(Resource::Nofile).current.or(current);
    is.and_then(|limit| usize::try_from(limit).ok()).map_or(UNLIMITED, |limit| limit.min(UNLIMITED))
}

/// Shares of the descriptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shares {
    /// Number of connections that clients may have open at once.
    pub(crate) connections: usize,
    /// Number of first attempts that may run at once.
    pub(crate) first_attempts: usize,
    /// Number of retries that may run at once.
    pub(crate) retries: usize,
    /// Number of connections that are kept for the next delivery.
    pub(crate) idle: usize,
}

impl Shares {
    /// Divides `limit` descriptors: each gets what `settings` say if there are enough; otherwise
    /// clients and deliveries get half each, and a line in the log says so.
    pub(crate) fn of(limit: usize, settings: &Settings) -> Self {
        let shares = Self::divided(
            limit,
            settings.max_connections,
            (settings.concurrency, settings.retry_concurrency),
        );
        if shares.connections < settings.max_connections
            || shares.first_attempts < settings.concurrency
        {
            tracing::warn!(
                limit,
                connections = shares.connections,
                first_attempts = shares.first_attempts,
                retries = shares.retries,
                "the process may open too few files (ulimit -n) for what is configured, so less runs at once"
            );
        }
        shares
    }

    fn divided(limit: usize, connections: usize, (first, retries): (usize, usize)) -> Self {
        let rest = limit.saturating_sub(OWN);
        let attempts = first + retries;
        let for_attempts = (EACH_ATTEMPT * attempts + MOST_IDLE).min((rest / 2).max(16));
        let idle = MOST_IDLE.min(for_attempts / 4);
        let possible = attempts.min((for_attempts - idle) / EACH_ATTEMPT);
        let retries = (retries * possible / attempts).max(1);
        Self {
            connections: connections.min(rest.saturating_sub(for_attempts)).max(1),
            first_attempts: possible.saturating_sub(retries).max(1),
            retries,
            idle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIGURED: (usize, (usize, usize)) = (4096, (1024, 256));

    #[test]
    fn everybody_gets_what_is_configured_if_there_are_enough() {
        let shares = Shares::divided(65_536, CONFIGURED.0, CONFIGURED.1);
        assert_eq!((shares.connections, shares.first_attempts, shares.retries), (4096, 1024, 256));
    }

    #[test]
    fn shares_fit_into_any_limit() {
        for limit in 128..10_000 {
            let shares = Shares::divided(limit, CONFIGURED.0, CONFIGURED.1);
            let Shares { connections, first_attempts, retries, idle } = shares;
            let most = OWN + connections + EACH_ATTEMPT * (first_attempts + retries) + idle;
            assert!(most <= limit, "{limit}: {shares:?}");
            assert!(connections >= 1 && first_attempts >= 1 && retries >= 1, "{limit}: {shares:?}");
            let half = (limit - OWN) / 2;
            assert!(connections + 1 >= half.min(4096), "{limit}: {shares:?}");
        }
    }
}
