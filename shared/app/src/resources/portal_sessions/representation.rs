//! Portal sessions as the API shows them.

use domain::{
    Capability, Revealed, Timestamp,
    id::{AccountId, PortalSessionId},
};
use ports::store::Person;
use serde::Serialize;
use utoipa::ToSchema;

use super::{open::Opened, redeem::Begun, row::Session};
use crate::http::openapi::vocabulary;

/// A portal session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSession)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "ps_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: PortalSessionId,
    #[schema(example = "portal_session")]
    object: &'static str,
    /// Link that opens the dashboard, where the person confirms to sign in, within 10 minutes.
    /// Opening the link changes nothing by itself, so a mail scanner may.
    #[schema(value_type = String, example = "https://hooks.example.com/dashboard?code=lhps_…")]
    url: Revealed,
    /// Bearer token of the session.
    #[schema(value_type = String, example = "lhps_…")]
    token: Revealed,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:30:00.000Z")]
    expires_at: Timestamp,
}

/// A portal session as it is listed, until it expires.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSessionRow)]
pub(crate) struct Row {
    #[schema(value_type = String, example = "ps_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: PortalSessionId,
    #[schema(example = "portal_session")]
    object: &'static str,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Person of the customer's, where the operator told who that is.
    actor: Option<SessionActor>,
    /// Everything that the session may do.
    #[schema(value_type = Vec<vocabulary::Capability>)]
    capabilities: Vec<Capability>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:30:00.000Z")]
    expires_at: Timestamp,
    /// Time at which it was ended before it expired.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// Person of a customer's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSessionActor)]
pub(crate) struct SessionActor {
    /// Identifier at the operator.
    #[schema(example = "user_7")]
    id: String,
    /// Name of the person.
    #[schema(example = "Grace Hopper")]
    name: Option<String>,
    /// Email address of the person.
    #[schema(example = "grace@example.com")]
    email: Option<String>,
}

/// Terms of a session, for its own pages.
#[derive(Serialize)]
pub(crate) struct OwnTerms {
    actor: Option<SessionActor>,
    capabilities: Vec<Capability>,
    return_url: Option<String>,
}

impl From<&Session> for OwnTerms {
    fn from(Session { terms, .. }: &Session) -> Self {
        Self {
            actor: terms.actor.clone().map(SessionActor::from),
            capabilities: terms.capabilities.list(),
            return_url: terms.return_url.clone(),
        }
    }
}

impl From<Person> for SessionActor {
    fn from(Person { id, name, email }: Person) -> Self {
        Self { id, name, email }
    }
}

impl From<&Session> for Row {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id,
            object: "portal_session",
            account_id: session.account,
            actor: session.terms.actor.clone().map(SessionActor::from),
            capabilities: session.terms.capabilities.list(),
            created_at: session.created_at,
            expires_at: session.expires_at,
            ended_at: session.ended_at,
        }
    }
}

/// Session that has just begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BegunSession {
    #[schema(value_type = String, example = "ps_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: PortalSessionId,
    #[schema(example = "portal_session")]
    object: &'static str,
    /// Bearer token of the session.
    #[schema(value_type = String, example = "lhps_…")]
    token: Revealed,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:30:00.000Z")]
    expires_at: Timestamp,
}

/// Invitation behind a sign-in code.
#[derive(Serialize)]
pub(super) struct Invitation {
    pub(super) account_name: String,
}

impl From<Opened<'_>> for Resource {
    fn from(opened: Opened<'_>) -> Self {
        Self {
            id: opened.session,
            object: "portal_session",
            url: Revealed(opened.url.clone()),
            token: Revealed(opened.token.clone()),
            expires_at: opened.expires_at,
        }
    }
}

impl From<Begun<'_>> for BegunSession {
    fn from(begun: Begun<'_>) -> Self {
        Self {
            id: begun.session,
            object: "portal_session",
            token: Revealed(begun.token.clone()),
            expires_at: begun.expires_at,
        }
    }
}
