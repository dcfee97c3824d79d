//! Sessions as the API answers with them.

use domain::{Secret, Timestamp};
use serde::Deserialize;

/// Answer to opening a portal session.
#[derive(Deserialize)]
pub(crate) struct OpenedSession {
    pub(crate) url: Secret,
}

/// Account that a sign-in code signs in to.
#[derive(Deserialize)]
pub(crate) struct Invitation {
    pub(crate) account_name: String,
}

/// Answer to redeeming a sign-in code.
#[derive(Deserialize)]
pub(crate) struct BegunSession {
    pub(crate) token: Secret,
    pub(crate) expires_at: Timestamp,
}

/// Answer to the operator's sign-in.
#[derive(Deserialize)]
pub(crate) struct BegunOperatorSession {
    pub(crate) id: String,
    pub(crate) expires_at: Timestamp,
}

/// Portal session, as it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct PortalSession {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
}
