//! Sign-in codes: each can be exchanged once for the token of its session.

use axum::extract::State;
use domain::{Revealed, Secret, Timestamp, account::Account, id::PortalSessionId, key::token};
use http::StatusCode;
use ports::{
    Commit,
    store::{Condition, Key, Write},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{keep, place};
use crate::{
    App,
    auth::{PORTAL_TOKEN_PREFIX, PortalToken, find_account},
    http::{answer::Answered, extract::Proof},
    problem::{Code, Problem},
    work::{Halt, Reply, Work, no_refusal, read},
};

/// A sign-in code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "lhps_…"}))]
pub(crate) struct RedeemCode {
    /// Sign-in code, from after `?code=` in the session's `url`.
    #[schema(value_type = String, example = "lhps_…")]
    code: Secret,
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

/// Begin a portal session with a sign-in code
///
/// The dashboard calls this with its `?code=`. The code is the credential: valid once, for 10
/// minutes.
#[utoipa::path(post, path = "/v1/portal_sessions/redeem", tag = "Portal sessions", security(()),
    request_body = RedeemCode,
    responses((status = 201, description = "The session that has begun", body = BegunSession)))]
pub(super) async fn redeem(
    State(app): State<App>,
    Proof(RedeemCode { code }): Proof<RedeemCode>,
) -> Answered {
    let work = Work::of_the_system(app.backend.clone());
    let key = place(&work.backend, &code).await?;
    let token = token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    work.run(|| async {
        let ValidCode { stands_for, revision, .. } = find(&work, &key).await?;
        let PortalToken { session, session_expires_at: expires_at, .. } = stands_for;
        let stands_for = PortalToken { single_use: false, ..stands_for };
        // When two requests redeem the same code, one of them fails this precondition, looks again,
        // and finds the code gone.
        let condition = Condition::Revision(revision);
        let writes = vec![
            Write::Delete { key: key.clone(), condition },
            keep(&work, &token, &stands_for, expires_at).await?,
        ];
        let object = "portal_session";
        let begun =
            BegunSession { id: session, object, token: Revealed(token.clone()), expires_at };
        let reply = Reply::new(StatusCode::CREATED, &begun);
        work.commit(Commit { writes, ..Commit::default() }, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

/// Invitation behind a sign-in code.
#[derive(Serialize)]
struct Invitation {
    account_name: String,
}

/// Returns the account whose dashboard a sign-in code opens, if it is valid. Changes nothing, so
/// that opening a sign-in link doesn't either. For the dashboard only; not a route of the API.
pub(crate) async fn look(
    State(app): State<App>,
    Proof(RedeemCode { code }): Proof<RedeemCode>,
) -> Answered {
    let work = Work::of_the_system(app.backend.clone());
    let key = place(&work.backend, &code).await?;
    let ValidCode { owner, .. } = find(&work, &key).await?;
    Ok(Reply::ok(&Invitation { account_name: owner.name }))
}

/// Valid sign-in code.
struct ValidCode {
    stands_for: PortalToken,
    owner: Account,
    revision: u64,
}

/// Reads the sign-in code at `key`, if it is valid.
async fn find(work: &Work, key: &Key) -> Result<ValidCode, Problem> {
    let found = work.backend.store.get(std::slice::from_ref(key)).await?;
    let document = found.into_iter().flatten().next().ok_or(Code::BadAuthentication)?;
    let stands_for: PortalToken = read(&document.body)?;
    if !stands_for.single_use || stands_for.session_expires_at <= work.now {
        return Err(Code::BadAuthentication.into());
    }
    let owner = find_account(&work.backend, stands_for.account).await?;
    let owner = owner.ok_or(Code::BadAuthentication)?.state;
    if owner.is_closed() {
        return Err(Code::AccountClosed.into());
    }
    Ok(ValidCode { stands_for, owner, revision: document.revision })
}
