//! Tally of what was refused or dropped since the start, for the backend's metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::problem::Code;

/// Budget or quota for which too little was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Requests with a key.
    Key,
    /// Requests in a portal session.
    PortalSession,
    /// Requests of an account.
    Account,
    /// Pings to a webhook.
    Ping,
    /// Resends to a webhook.
    Resend,
    /// Changes of settings.
    Changes,
    /// Portal sessions that were opened.
    Openings,
    /// Failed sign-ins of the operator.
    SignIn,
    /// Bytes of log rows: rows that were not kept.
    LogRows,
    /// Number of keys.
    Keys,
    /// Number of portal sessions.
    PortalSessions,
}

impl Spent {
    /// Every budget and quota.
    pub const ALL: [Self; 11] = [
        Self::Key,
        Self::PortalSession,
        Self::Account,
        Self::Ping,
        Self::Resend,
        Self::Changes,
        Self::Openings,
        Self::SignIn,
        Self::LogRows,
        Self::Keys,
        Self::PortalSessions,
    ];

    /// Returns the name of its setting, and what it is of where a setting is of two things.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "rate_limit",
            Self::PortalSession => "portal_rate_limit",
            Self::Account => "account_rate_limit",
            Self::Ping => "ping_limit",
            Self::Resend => "resend_limit",
            Self::Changes => "change_limit",
            Self::Openings => "change_limit_portal_sessions",
            Self::SignIn => "sign_in_limit",
            Self::LogRows => "log_quota",
            Self::Keys => "key_quota",
            Self::PortalSessions => "portal_session_quota",
        }
    }
}

/// Codes with which a request is refused for its credential.
pub const REFUSED_CREDENTIALS: [Code; 6] = [
    Code::BadAuthentication,
    Code::KeyExpired,
    Code::PermissionDenied,
    Code::AccountNotCredentialed,
    Code::AccountClosed,
    Code::IpNotAllowed,
];

/// Tally: counters that only rise.
#[derive(Debug, Default)]
pub struct Tally {
    spent: [AtomicU64; Spent::ALL.len()],
    credentials: [AtomicU64; REFUSED_CREDENTIALS.len()],
}

impl Tally {
    /// Returns how often each budget or quota refused something.
    pub fn refusals(&self) -> impl Iterator<Item = (Spent, u64)> {
        Spent::ALL.into_iter().zip(self.spent.iter().map(|count| count.load(Relaxed)))
    }

    /// Returns how many requests were refused for their credential, by code.
    pub fn credentials(&self) -> impl Iterator<Item = (Code, u64)> {
        let counts = self.credentials.iter().map(|count| count.load(Relaxed));
        REFUSED_CREDENTIALS.into_iter().zip(counts)
    }

    pub(crate) fn spent(&self, spent: Spent) {
        self.spent[spent as usize].fetch_add(1, Relaxed);
    }

    /// Counts an answer with `code`, if that refuses a credential.
    pub(crate) fn answered(&self, code: Code) {
        if let Some(place) = REFUSED_CREDENTIALS.iter().position(|refusal| *refusal == code) {
            self.credentials[place].fetch_add(1, Relaxed);
        }
    }
}
