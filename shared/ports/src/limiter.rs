//! Budgets: how much of the installation somebody has used.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    Rate, Timestamp,
    id::{AccountId, KeyId, PortalSessionId, WebhookId},
    limits::OwnRate,
};
use serde::{Deserialize, Serialize};

use crate::Unavailable;

/// Budget that is drawn on. Every one of a customer's is an account's, so nobody can use up
/// another account's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Budget of an account.
    Account(AccountId, Use),
    /// Attempts at a webhook of the account that has that rate. Another rate is another budget, so that
    /// nobody waits for turns of an earlier one.
    Attempts(AccountId, WebhookId, OwnRate),
    /// Failed sign-ins of the operator from an address.
    SignIn(Network),
}

/// Use of an account's budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Requests with the account's keys and in its portal sessions.
    Requests,
    /// Requests with one key.
    Key(KeyId),
    /// Requests in one portal session.
    PortalSession(PortalSessionId),
    /// Bytes of log rows.
    LogBytes,
    /// Pings to one webhook.
    Pings(WebhookId),
    /// Resends to one webhook.
    Resends(WebhookId),
    /// Changes of settings by the account's keys and in its portal sessions.
    Changes,
    /// Portal sessions that are opened.
    Openings,
}

/// Network that one caller has: an IPv4 address, or the 64-bit network of an IPv6 address, which is
/// what one caller is given. None where the server does not know the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(Option<IpAddr>);

impl From<Option<IpAddr>> for Network {
    fn from(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
            v4 @ IpAddr::V4(_) => v4,
        }))
    }
}

/// Text under which a backend keeps the budget.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account, Use::Requests) => write!(f, "{account}/requests"),
            Self::Account(account, Use::Key(key)) => write!(f, "{account}/{key}"),
            Self::Account(account, Use::PortalSession(session)) => write!(f, "{account}/{session}"),
            Self::Account(account, Use::LogBytes) => write!(f, "{account}/log_bytes"),
            Self::Account(account, Use::Pings(webhook)) => write!(f, "{account}/{webhook}/pings"),
            Self::Account(account, Use::Resends(webhook)) => {
                write!(f, "{account}/{webhook}/resends")
            }
            Self::Account(account, Use::Changes) => write!(f, "{account}/changes"),
            Self::Account(account, Use::Openings) => write!(f, "{account}/openings"),
            Self::Attempts(account, webhook, rate) => {
                write!(f, "{account}/{webhook}/attempts/{rate}")
            }
            Self::SignIn(Network(Some(address))) => write!(f, "sign_in/{address}"),
            Self::SignIn(Network(None)) => write!(f, "sign_in/unknown"),
        }
    }
}

/// Rest of a budget after something was to be taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Size of the budget.
    pub limit: u64,
    /// Amount left.
    pub remaining: u64,
    /// Time at which the budget is whole again.
    pub resets_at: Timestamp,
    /// True if the amount was there, and was taken.
    pub admitted: bool,
    /// Time after which the amount is there; zero if it was.
    pub wait: Duration,
}

/// Turn that a budget gives somebody who can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Time of the turn.
    pub at: Timestamp,
    /// Number of the memory that knows of it; zero of one that is never lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub memory: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(memory: &u64) -> bool {
    *memory == 0
}

/// Limiter: keeps budgets as token buckets that start full.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Takes `amount` from `budget`, of which `rate` says how large it is, at `now`; nothing if less
    /// is left.
    ///
    /// # Errors
    /// When a backend that counts elsewhere can't reach its counters.
    async fn take(
        &self,
        budget: Budget,
        rate: Rate,
        amount: u64,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable>;

    /// Takes one from `budget`, of which `rate` says how large it is, for the turn that is returned: at
    /// `now` if something is left, or else when so much has come back that those who asked before had
    /// theirs. Turns are spread as what is taken is, and each is given once.
    ///
    /// # Errors
    /// When a backend that counts elsewhere can't reach its counters.
    async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn, Unavailable>;

    /// Returns whether `turn` still counts: a limiter that forgets with its process knows none of an
    /// earlier one's, and gives the same time to somebody else.
    fn knows(&self, turn: Turn) -> bool;

    /// Puts back `amount` that was taken and not used.
    async fn put_back(&self, budget: Budget, rate: Rate, amount: u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_one_budget_in_all_its_addresses() {
        let network = |text: &str| Network::from(Some(text.parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::3"), network("2001:db8:1:3::3"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(Budget::SignIn(network("2001:db8::1")).to_string(), "sign_in/2001:db8::");
    }
}
