//! Routes of the operator's sessions, for the pages only; not routes of the API.

use axum::{Extension, extract::State};
use domain::{OperatorScope, Revealed, Secret, id::OperatorSessionId};
use ports::identity::SignInAttempt;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{begin, finish, is_open, person};
use crate::{
    App,
    http::{
        extract::{Asks, Operator, PathId, Proof},
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

/// Provider's URL for a sign-in, and the attempt that the page keeps until the browser comes back.
#[derive(Serialize)]
struct Asked {
    authorization_url: String,
    state: Revealed,
    nonce: Revealed,
    verifier: Revealed,
}

/// Begins a sign-in at the identity provider.
pub(crate) async fn ask_provider(
    State(app): State<App>,
    address: Option<Extension<ClientIp>>,
) -> Answered {
    let address = address.map(|Extension(ClientIp(address))| address);
    let (authorization_url, SignInAttempt { state, nonce, verifier }) =
        person::ask(&app, address).await?;
    let [state, nonce, verifier] = [state, nonce, verifier].map(Revealed);
    Ok(Reply::ok(&Asked { authorization_url, state, nonce, verifier }))
}

/// Code with which a browser came back from the provider, and the attempt that it belongs to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComingBack {
    code: Secret,
    state: Secret,
    nonce: Secret,
    verifier: Secret,
}

/// Begins the session of a person who came back from the provider.
pub(crate) async fn come_back(
    State(app): State<App>,
    address: Option<Extension<ClientIp>>,
    Proof(ComingBack { code, state, nonce, verifier }): Proof<ComingBack>,
) -> Answered {
    let address = address.map(|Extension(ClientIp(address))| address);
    let attempt = SignInAttempt { state, nonce, verifier };
    Ok(Reply::ok(&person::begin(&app, &code, &attempt, address).await?))
}

/// Operator in a session: who they are to the history, and what they may do.
#[derive(Serialize)]
struct SignedIn {
    /// Name of the person or the operator token; none of the root token.
    name: Option<String>,
    scopes: Vec<OperatorScope>,
}

/// Tells who is in a session, if it is open.
pub(crate) async fn check(
    _: Operator,
    Asks(work): Asks,
    State(app): State<App>,
    PathId(id): PathId<OperatorSessionId>,
) -> Answered {
    if !is_open(&app, id).await? {
        return Err(Code::NotFound.into());
    }
    let scopes = work.authority.operator_scopes().list();
    Ok(Reply::ok(&SignedIn { name: work.asked.by.name, scopes }))
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
