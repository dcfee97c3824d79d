//! Portal sessions as the API shows them.

use domain::{
    Revealed, Timestamp,
    id::{AccountId, PortalSessionId},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{open::Opened, redeem::Begun, row::Session};

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
    #[schema(value_type = Option<Object>)]
    actor: Option<()>,
    /// Everything that the session may do.
    capabilities: [&'static str; 6],
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:30:00.000Z")]
    expires_at: Timestamp,
    /// Time at which it was ended before it expired.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// Everything that a session may do.
const CAPABILITIES: [&str; 6] =
    ["keys:read", "keys:write", "keys:reveal", "webhooks:read", "webhooks:write", "logs:read"];

impl From<&Session> for Row {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id,
            object: "portal_session",
            account_id: session.account,
            actor: None,
            capabilities: CAPABILITIES,
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
