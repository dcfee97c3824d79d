//! Documents of portal tokens and sign-in codes.

use domain::{
    Timestamp,
    id::{AccountId, PortalSessionId},
};
use ports::{store::Person, vault::FingerprintOf};
use serde::{Deserialize, Serialize};

use super::{Capabilities, Ground};
use crate::{
    Backend,
    documents::{Form, Number, Stored, read},
    problem::Problem,
    views::collections,
};

/// Document of a portal token or sign-in code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PortalToken {
    /// Number of the document's form.
    pub(crate) format: Number<Self>,
    /// Session that the token belongs to.
    pub session: PortalSessionId,
    /// Account whose dashboard the token opens.
    pub account: AccountId,
    /// Time at which the session ends.
    pub session_expires_at: Timestamp,
    /// True for a sign-in code, which only begins the session, once.
    pub single_use: bool,
    /// Capabilities of the session.
    pub(crate) capabilities: Capabilities,
    /// Person that it is for.
    pub(crate) actor: Option<Person>,
}

impl Form for PortalToken {
    const NAME: &'static str = "portal_token";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number == 1).then(|| serde_json::from_slice::<PortalToken1>(body).map(Self::from))
    }
}

/// Form 1 of a portal token, from before a session had a person and capabilities: it may do
/// everything.
#[derive(Deserialize)]
struct PortalToken1 {
    session: PortalSessionId,
    account: AccountId,
    session_expires_at: Timestamp,
    single_use: bool,
}

impl From<PortalToken1> for PortalToken {
    fn from(old: PortalToken1) -> Self {
        let PortalToken1 { session, account, session_expires_at, single_use } = old;
        Self {
            format: Number::default(),
            session,
            account,
            session_expires_at,
            single_use,
            capabilities: Capabilities::default(),
            actor: None,
        }
    }
}

impl Stored for PortalToken {
    type Form = Self;
}

/// Looks up the document of a portal token or sign-in code.
pub(super) async fn find(
    backend: &Backend,
    token: &str,
) -> Result<Option<(PortalToken, Ground)>, Problem> {
    let fingerprints =
        backend.vault.fingerprints(FingerprintOf::PortalToken, token.as_bytes()).await?;
    let keys = collections::portal_tokens(&fingerprints);
    let found = backend.store.get(&keys).await?.into_iter().flatten().next();
    let Some(document) = found else { return Ok(None) };
    let token = read(&document.body)?;
    Ok(Some((token, Ground { key: document.key, revision: document.revision })))
}
