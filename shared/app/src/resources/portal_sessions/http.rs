//! Routes of portal sessions.

use axum::extract::State;
use domain::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    open::{self, Opened},
    redeem::{self, Begun},
    representation::{BegunSession, Invitation, Resource},
};
use crate::{
    App,
    http::{
        extract::{OperatorFor, Posted, Proof},
        routes::{Routes, routes},
    },
    work::{Answered, Reply, Work},
};

/// Returns the routes of portal sessions.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(create))
}

/// Returns the routes without authentication: the body holds the credential.
pub(crate) fn open_routes() -> Routes {
    Routes::new().routes(routes!(redeem))
}

/// A new portal session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_in": 3600}))]
pub(crate) struct CreatePortalSession {
    /// Duration of the session in seconds.
    #[serde(default)]
    #[schema(minimum = 60, maximum = 86400, default = 3600)]
    expires_in: Option<u32>,
}

/// A sign-in code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "lhps_…"}))]
pub(crate) struct RedeemCode {
    /// Sign-in code, from after `?code=` in the session's `url`.
    #[schema(value_type = String, example = "lhps_…")]
    code: Secret,
}

/// Open a portal session
#[utoipa::path(post, path = "/v1/portal_sessions", tag = "Portal sessions", request_body = CreatePortalSession,
    responses((status = 201, description = "The new session", body = Resource)))]
async fn create(
    OperatorFor(access): OperatorFor,
    Posted(input, work): Posted<CreatePortalSession>,
) -> Answered {
    let answer = |opened: Opened<'_>| Reply::created(&Resource::from(opened));
    open::open(&work, &access, input.expires_in, answer).await
}

/// Begin a portal session with a sign-in code
///
/// The dashboard calls this with its `?code=`. The code is the credential: valid once, for 10
/// minutes.
#[utoipa::path(post, path = "/v1/portal_sessions/redeem", tag = "Portal sessions", security(()),
    request_body = RedeemCode,
    responses((status = 201, description = "The session that has begun", body = BegunSession)))]
async fn redeem(State(app): State<App>, Proof(RedeemCode { code }): Proof<RedeemCode>) -> Answered {
    let work = Work::of_the_system(app.backend.clone());
    let answer = |begun: Begun<'_>| Reply::created(&BegunSession::from(begun));
    redeem::redeem(&work, &code, answer).await
}

/// Shows the account whose dashboard a sign-in code opens. For the dashboard only; not a route of
/// the API.
pub(crate) async fn look(
    State(app): State<App>,
    Proof(RedeemCode { code }): Proof<RedeemCode>,
) -> Answered {
    let work = Work::of_the_system(app.backend.clone());
    let owner = redeem::look(&work, &code).await?;
    Ok(Reply::ok(&Invitation { account_name: owner.name }))
}
