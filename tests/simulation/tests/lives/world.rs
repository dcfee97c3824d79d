//! Customers as their own books have them: what they were told, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use latchhook_simulation::Call;

/// Customer of an operator.
#[derive(Debug, Default)]
pub(crate) struct Customer {
    /// Identifier of the account.
    pub(crate) id: String,
    /// Name, which is in its URLs.
    pub(crate) name: String,
    pub(crate) webhooks: BTreeMap<String, Hook>,
    pub(crate) credentials: BTreeMap<String, Credential>,
    /// Accepted events, with the webhooks that each must have a delivery for.
    pub(crate) events: BTreeMap<String, Vec<String>>,
    /// Number of resends that were accepted.
    pub(crate) resends: u64,
    /// Deliveries, by event and webhook, of which attempts were asked for ahead of their time.
    pub(crate) advanced: BTreeSet<(String, String)>,
    /// Events that were erased.
    pub(crate) erased: BTreeSet<String>,
    /// Number of deliveries that were recovered, with an attempt on its way perhaps.
    pub(crate) recovered: u64,
    /// True once a recovery was asked for. A repeat of a request that was lost counts what is left, which
    /// may be nothing.
    pub(crate) has_recovered: bool,
    /// Time at which the account was closed.
    pub(crate) closed_at: Option<Timestamp>,
}

/// Webhook of a customer.
#[derive(Debug)]
pub(crate) struct Hook {
    pub(crate) url: String,
    /// Signing secrets, each from when it was asked for until its successor was known.
    pub(crate) secrets: Vec<Signing>,
    /// Periods in which it had a secret that nobody was told, because another replaced it.
    pub(crate) unseen: Vec<(Timestamp, Timestamp)>,
    pub(crate) is_deleted: bool,
}

/// Signing secret of a webhook.
#[derive(Debug)]
pub(crate) struct Signing {
    pub(crate) secret: String,
    /// Round in which it was asked for: which of two of one round is newer is not known.
    pub(crate) round: u32,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

/// Key or portal session of a customer, or operator token for work on the account.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// Time from which it is good for nothing; none if it has no end.
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) is_rolled: bool,
}

/// Kind of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Key,
    Session,
    /// Operator token that changes webhooks and sees accounts.
    Token,
}

impl Credential {
    /// Returns `call`, which is on the account, as whoever has the credential makes it.
    pub(crate) fn make(&self, call: Call) -> Call {
        match self.kind {
            Kind::Key | Kind::Session => call.by_customer(&self.text),
            Kind::Token => call.bearer(&self.text),
        }
    }
}

impl Customer {
    pub(crate) fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Identifiers of the webhooks that are not deleted.
    pub(crate) fn current(&self) -> Vec<String> {
        let current = self.webhooks.iter().filter(|(_, hook)| !hook.is_deleted);
        current.map(|(id, _)| id.clone()).collect()
    }

    /// Identifiers of the keys.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.of_kind(Kind::Key)
    }

    /// Identifiers of the credentials of that kind.
    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<String> {
        let all = self.credentials.iter().filter(|(_, credential)| credential.kind == kind);
        all.map(|(id, _)| id.clone()).collect()
    }
}
