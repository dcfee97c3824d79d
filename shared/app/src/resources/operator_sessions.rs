//! Operator's sessions at the pages: begun with the operator's token, for an hour, and ended by
//! signing out.
//!
//! The page keeps the token in a sealed cookie. A session is what makes that cookie end: without its
//! document here, a copy of the cookie opens nothing.

mod http;

pub(crate) use self::http::{check, end, sign_in};

use std::{net::IpAddr, time::Duration};

use domain::{Secret, Timestamp, id::OperatorSessionId};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, Write},
};
use serde::Serialize;

use crate::{
    App,
    problem::{Code, Problem},
    views::{collections, to_body},
};

/// Duration of a session.
const LASTS: Duration = Duration::from_hours(1);

/// Session that has begun.
#[derive(Debug, Clone, Copy, Serialize)]
struct Session {
    id: OperatorSessionId,
    expires_at: Timestamp,
}

/// Begins a session with the operator's token, for somebody at `address`.
///
/// # Errors
/// [`Code::BadAuthentication`]; [`Code::RateLimited`] after too many of those.
async fn begin(app: &App, token: &Secret, address: Option<IpAddr>) -> Result<Session, Problem> {
    let now = app.backend.now();
    app.backend.draw_sign_in(address, now).await?;
    if !app.backend.operator.knows(token.expose()).await? {
        return Err(Code::BadAuthentication.into());
    }
    app.backend.sign_in_succeeded(address).await;
    let session = Session { id: app.backend.new_id(now), expires_at: now.plus(LASTS) };
    let write = Write::Put {
        key: collections::operator_session(session.id),
        body: to_body(&session),
        expires_at: Some(session.expires_at),
        index: vec![],
        condition: Condition::Absent,
    };
    commit(app, write, false).await?;
    Ok(session)
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
