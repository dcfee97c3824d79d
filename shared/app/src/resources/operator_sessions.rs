//! Operator's sessions at the pages: begun with an operator token or by a person at the identity
//! provider, for an hour, and ended by signing out.
//!
//! The page keeps the token, or the session's own credential, in a sealed cookie. A session is what makes that cookie end: without its
//! document here, a copy of the cookie opens nothing.

mod http;
mod person;

pub(crate) use self::http::{ask_provider, check, come_back, end, sign_in};

use std::{net::IpAddr, time::Duration};

use domain::{OperatorScope, Revealed, Secret, Timestamp, id::OperatorSessionId};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, Sight, Write},
};
use serde::Serialize;

use crate::{
    App,
    auth::{OperatorSession, identify_operator as identify},
    problem::{Code, Problem},
    views::{collections, to_body},
};

/// Duration of a session.
const LASTS: Duration = Duration::from_hours(1);

/// Session that has just begun, and what its operator may do.
#[derive(Debug, Serialize)]
struct Begun {
    id: OperatorSessionId,
    expires_at: Timestamp,
    scopes: Vec<OperatorScope>,
    /// Credential of a person's session; whoever began it with a token has that.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Revealed>,
}

/// Begins a session with an operator token, for somebody at `address`.
///
/// # Errors
/// [`Code::BadAuthentication`]; [`Code::RateLimited`] after too many of those.
async fn begin(app: &App, token: &Secret, address: Option<IpAddr>) -> Result<Begun, Problem> {
    let now = app.backend.now();
    app.backend.draw_sign_in(address, now).await?;
    let operator = identify(&app.backend, token, Sight::Present).await?;
    let scopes = operator.ok_or(Code::BadAuthentication)?.scopes().list();
    app.backend.sign_in_succeeded(address).await;
    let session = OperatorSession::of_token(app.backend.new_id(now), now.plus(LASTS));
    keep(app, &session).await?;
    Ok(Begun { id: session.id, expires_at: session.expires_at, scopes, token: None })
}

async fn keep(app: &App, session: &OperatorSession) -> Result<(), Problem> {
    let write = Write::Put {
        key: collections::operator_session(session.id),
        body: to_body(session),
        expires_at: Some(session.expires_at),
        index: vec![],
        condition: Condition::Absent,
    };
    commit(app, write, false).await
}

/// Returns whether a session has begun and not ended.
async fn is_open(app: &App, id: OperatorSessionId) -> Result<bool, Problem> {
    let found = app.backend.store.get(&[collections::operator_session(id)]).await?;
    Ok(found.into_iter().flatten().next().is_some())
}

/// Ends a session; no error if it has ended.
async fn finish(app: &App, id: OperatorSessionId) -> Result<(), Problem> {
    let key = collections::operator_session(id);
    commit(app, Write::Delete { key, condition: Condition::None }, true).await
}

async fn commit(app: &App, write: Write, revokes: bool) -> Result<(), Problem> {
    let commit = Commit { writes: vec![write], revokes, ..Commit::default() };
    app.backend.store.commit(commit).await.map_err(|why| match why {
        CommitError::Unavailable(why) => why.into(),
        CommitError::Corrupt(why) => why.into(),
        why => Unavailable::new("keeping an operator's session", why).into(),
    })
}
