//! Operator's session at the pages, and the credential of one that a person began.
//!
//! With an operator token the page keeps that token beside the session. Somebody who signed in at the
//! identity provider has none: their session has a credential of its own (`lhop_os_…`), which ends with
//! it.

use std::{collections::BTreeSet, sync::Arc};

use domain::{OperatorScope, OperatorScopes, Secret, Timestamp, id::OperatorSessionId, key::token};
use ports::identity::Identified;
use serde::{Deserialize, Serialize};

use super::{
    Ground,
    operator::{Operator, OperatorPerson, fingerprint},
};
use crate::{
    Backend,
    documents::{Form, Number, Stored, read},
    problem::{Code, Problem},
    settings::OPERATOR_TOKEN_PREFIX,
    views::collections,
};

/// Prefix of every credential of a person's session: that of operator tokens, none of which has the rest,
/// and the prefix of sessions.
const PREFIX: &str = "lhop_os_";

/// Document of an operator's session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OperatorSession {
    format: Number<Self>,
    /// Identifier of the session.
    pub(crate) id: OperatorSessionId,
    /// Time at which it ends by itself.
    pub(crate) expires_at: Timestamp,
    /// Person who began it; none if it was begun with an operator token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<StoredPerson>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredPerson {
    subject: String,
    name: String,
    /// Scopes of the person; none means all.
    scopes: Option<BTreeSet<OperatorScope>>,
    /// SHA-256 of the session's credential.
    fingerprint: String,
}

impl OperatorSession {
    /// Makes a session that an operator token begins.
    pub(crate) fn of_token(id: OperatorSessionId, expires_at: Timestamp) -> Self {
        Self { format: Number::default(), id, expires_at, person: None }
    }

    /// Makes a session that a person begins, and its credential.
    pub(crate) fn of_person(
        id: OperatorSessionId,
        expires_at: Timestamp,
        person: Identified,
        entropy: [u8; 32],
    ) -> (Self, Secret) {
        let credential = token::bearer(&format!("{OPERATOR_TOKEN_PREFIX}{id}_"), entropy);
        let Identified { subject, name, scopes } = person;
        let scopes = match scopes {
            OperatorScopes::All => None,
            OperatorScopes::Some(scopes) => Some(scopes),
        };
        let fingerprint = fingerprint(&credential);
        let person = Some(StoredPerson { subject, name, scopes, fingerprint });
        (Self { format: Number::default(), id, expires_at, person }, credential)
    }
}

impl Form for OperatorSession {
    const NAME: &'static str = "operator_session";
    const NUMBER: u16 = 1;
}

impl Stored for OperatorSession {
    type Form = Self;
}

/// Returns whether `credential` is one of a person's session, by its looks.
pub(super) fn is_credential(credential: &Secret) -> bool {
    credential.expose().starts_with(PREFIX)
}

/// Finds the person whose session has `credential`.
///
/// # Errors
/// [`Code::BadAuthentication`] if there is none, or the session has ended.
pub(super) async fn find(backend: &Backend, credential: &Secret) -> Result<Operator, Problem> {
    let id = credential.expose().strip_prefix(OPERATOR_TOKEN_PREFIX);
    let id = id.and_then(|rest| rest.rsplit_once('_')).and_then(|(id, _)| id.parse().ok());
    let id: OperatorSessionId = id.ok_or(Code::BadAuthentication)?;
    let found = backend.store.get(&[collections::operator_session(id)]).await?;
    let document = found.into_iter().flatten().next().ok_or(Code::BadAuthentication)?;
    let OperatorSession { id, expires_at, person, .. } = read(&document.body)?;
    let given = Secret::new(fingerprint(credential));
    let person = person.filter(|person| Secret::new(person.fingerprint.as_str()) == given);
    let StoredPerson { subject, name, scopes, .. } = person.ok_or(Code::BadAuthentication)?;
    let scopes = scopes.map_or(OperatorScopes::All, OperatorScopes::Some);
    let person = OperatorPerson { session: id, subject, name, scopes, ends_at: expires_at };
    let ground = Ground { key: document.key, revision: document.revision };
    let operator = Operator::Person { person: Arc::new(person), ground };
    operator.check(backend.now()).map(|()| operator)
}
