//! The rules of an account.

use super::{
    Account, AccountEvent, Closed, CredentialWithdrawn, Credentialed, EventErased, Opened,
    PortalSessionEnded, PortalSessionOpened, PortalSessionShown, Renamed, WebhookQuotaChanged,
};
use crate::{
    decider::Decider,
    id::{AccountId, EventId, PortalSessionId},
    time::Timestamp,
};

/// Command to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open the account.
    Open {
        /// Identifier of the new account.
        id: AccountId,
        /// Display name.
        name: String,
        /// Identifier in the operator's own system.
        external_id: Option<String>,
        /// Limit of webhooks in each environment.
        webhook_quota: u32,
    },
    /// Change the fields that are given.
    Update {
        /// A new name.
        name: Option<String>,
        /// True to open live mode, false to close it.
        credentialed: Option<bool>,
        /// Limit of webhooks in each environment.
        webhook_quota: Option<u32>,
    },
    /// Record that a person was let into the dashboard.
    OpenPortalSession {
        /// Identifier of the new session.
        session: PortalSessionId,
        /// Time at which the session ends.
        expires_at: Timestamp,
    },
    /// Record that the token of a portal session is shown again.
    ShowPortalSession {
        /// Identifier of the session.
        session: PortalSessionId,
    },
    /// Record that a portal session was ended.
    EndPortalSession {
        /// Identifier of the session.
        session: PortalSessionId,
    },
    /// Record that the data of an event was erased.
    EraseEvent {
        /// Identifier of the event.
        event: EventId,
    },
    /// Close the account for good.
    Close,
}

/// Reason for rejecting a command to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The account does not exist.
    #[error("no such account")]
    NotFound,
    /// The account exists already.
    #[error("the account exists already")]
    AlreadyOpen,
    /// The account is closed.
    #[error("the account is closed")]
    Closed,
}

impl Decider for Account {
    type Command = Command;
    type Event = AccountEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        _: Timestamp,
    ) -> Result<Vec<AccountEvent>, Rejection> {
        Ok(match (state, command) {
            (None, Command::Open { id, name, external_id, webhook_quota }) => {
                vec![Opened { id, name, external_id, webhook_quota }.into()]
            }
            (Some(_), Command::Open { .. }) => return Err(Rejection::AlreadyOpen),
            (None, _) => return Err(Rejection::NotFound),
            (Some(account), Command::Close) if account.is_closed() => vec![],
            (Some(account), _) if account.is_closed() => return Err(Rejection::Closed),
            (Some(account), Command::Update { name, credentialed, webhook_quota }) => {
                account.updated(name, credentialed, webhook_quota)
            }
            (Some(_), Command::OpenPortalSession { session, expires_at }) => {
                vec![PortalSessionOpened { session, expires_at }.into()]
            }
            (Some(_), Command::ShowPortalSession { session }) => {
                vec![PortalSessionShown { session }.into()]
            }
            (Some(_), Command::EndPortalSession { session }) => {
                vec![PortalSessionEnded { session }.into()]
            }
            (Some(_), Command::EraseEvent { event }) => vec![EventErased { event }.into()],
            (Some(_), Command::Close) => vec![Closed {}.into()],
        })
    }

    fn evolve(state: Option<Self>, event: AccountEvent, at: Timestamp) -> Option<Self> {
        if let AccountEvent::Opened(Opened { id, name, external_id, webhook_quota }) = event {
            let (credentialed_at, closed_at) = (None, None);
            return Some(Self {
                id,
                name,
                external_id,
                credentialed_at,
                webhook_quota,
                created_at: at,
                closed_at,
            });
        }
        let mut account = state?;
        match event {
            AccountEvent::Renamed(Renamed { name }) => account.name = name,
            AccountEvent::Credentialed(_) => account.credentialed_at = Some(at),
            AccountEvent::CredentialWithdrawn(_) => account.credentialed_at = None,
            AccountEvent::WebhookQuotaChanged(changed) => {
                account.webhook_quota = changed.webhook_quota;
            }
            AccountEvent::Closed(_) => account.closed_at = Some(at),
            AccountEvent::Opened(_)
            | AccountEvent::PortalSessionOpened(_)
            | AccountEvent::PortalSessionShown(_)
            | AccountEvent::PortalSessionEnded(_)
            | AccountEvent::EventErased(_) => {}
        }
        Some(account)
    }

    /// Closing takes everything away, and withdrawing the credential live mode.
    fn revokes(&self, after: &Self, _: Timestamp) -> bool {
        let closes = after.is_closed() && !self.is_closed();
        closes || self.is_credentialed() && !after.is_credentialed()
    }
}

impl Account {
    fn updated(
        &self,
        name: Option<String>,
        credentialed: Option<bool>,
        webhook_quota: Option<u32>,
    ) -> Vec<AccountEvent> {
        let mut events = Vec::new();
        if let Some(name) = name.filter(|name| *name != self.name) {
            events.push(Renamed { name }.into());
        }
        match credentialed.filter(|wanted| *wanted != self.is_credentialed()) {
            Some(true) => events.push(Credentialed {}.into()),
            Some(false) => events.push(CredentialWithdrawn {}.into()),
            None => {}
        }
        if let Some(webhook_quota) = webhook_quota.filter(|quota| *quota != self.webhook_quota) {
            events.push(WebhookQuotaChanged { webhook_quota }.into());
        }
        events
    }
}
