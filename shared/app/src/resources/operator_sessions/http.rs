//! Routes of the operator's sessions, for the pages only; not routes of the API.

use axum::{Extension, extract::State};
use domain::{Secret, id::OperatorSessionId};
use serde::Deserialize;
use serde_json::json;

use super::{begin, finish, is_open};
use crate::{
    App,
    http::{
        extract::{Operator, PathId, Proof},
        gate::ClientIp,
    },
    problem::Code,
    work::{Answered, Reply},
};

/// Token with which the operator signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    token: Secret,
}

/// Begins a session.
pub(crate) async fn sign_in(
    State(app): State<App>,
    address: Option<Extension<ClientIp>>,
    Proof(SignIn { token }): Proof<SignIn>,
) -> Answered {
    let address = address.map(|Extension(ClientIp(address))| address);
    Ok(Reply::ok(&begin(&app, &token, address).await?))
}

/// Tells whether a session is open.
pub(crate) async fn check(
    _: Operator,
    State(app): State<App>,
    PathId(id): PathId<OperatorSessionId>,
) -> Answered {
    if is_open(&app, id).await? { Ok(Reply::ok(&json!({}))) } else { Err(Code::NotFound.into()) }
}

/// Ends a session.
pub(crate) async fn end(
    _: Operator,
    State(app): State<App>,
    PathId(id): PathId<OperatorSessionId>,
) -> Answered {
    finish(&app, id).await?;
    Ok(Reply::ok(&json!({})))
}
