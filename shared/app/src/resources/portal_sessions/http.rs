//! Routes of portal sessions.

use axum::extract::State;
use domain::id::PortalSessionId;
use serde::Deserialize;

use super::{
    end,
    input::{CreatePortalSession, RedeemCode},
    list,
    open::{self, Opened},
    redeem::{self, Begun},
    representation::{BegunSession, Invitation, Resource, Row},
    row::Session,
};
use crate::{
    App,
    http::{
        extract::{Asks, NoQuery, OperatorFor, PathId, Posted, Proof, SettingsCaller},
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
    },
    problem::Code,
    work::{Answered, Reply, Work},
};

/// Returns the routes of portal sessions.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve, end))
}

/// Returns the routes without authentication: the body holds the credential.
pub(crate) fn open_routes() -> Routes {
    Routes::new().routes(routes!(redeem))
}

/// Open a portal session
#[utoipa::path(post, path = "/v1/portal_sessions", tag = "Portal sessions", request_body = CreatePortalSession,
    responses((status = 201, description = "The new session", body = Resource)))]
async fn create(
    OperatorFor(access): OperatorFor,
    Posted(input, work): Posted<CreatePortalSession>,
) -> Answered {
    let answer = |opened: Opened<'_>| Reply::created(&Resource::from(opened));
    open::open(&work, &access, input.expires_in, input.terms(), answer).await
}

/// List portal sessions
///
/// Sessions are listed until they expire, ended ones included.
#[utoipa::path(get, path = "/v1/portal_sessions", tag = "Portal sessions", params(PageParams),
    responses((status = 200, description = "Sessions, newest first", body = List<Row>)))]
async fn list(
    OperatorFor(access): OperatorFor,
    Asks(work): Asks,
    listed: Listed<NoFilters>,
) -> Answered {
    let (rows, count) = list::list(&work.backend, &access, &listed.page).await?;
    let sort = |session: &Session| session.id.to_string();
    let shown = |session: Session| Row::from(&session);
    Ok(Reply::ok(&listed.links.list(rows, Some(count), sort, shown)))
}

/// Show a portal session
///
/// A session may ask for itself alone.
#[utoipa::path(get, path = "/v1/portal_sessions/{id}", tag = "Portal sessions",
    params(("id" = String, Path)),
    responses((status = 200, description = "The session", body = Row)))]
async fn retrieve(
    SettingsCaller(access): SettingsCaller,
    Asks(work): Asks,
    PathId(id): PathId<PortalSessionId>,
    _: NoQuery,
) -> Answered {
    Ok(Reply::ok(&Row::from(&end::find(&work, &access, id).await?)))
}

/// End a portal session
///
/// Its tokens and its sign-in link are worthless at once. A session may end itself alone.
#[utoipa::path(delete, path = "/v1/portal_sessions/{id}", tag = "Portal sessions",
    params(("id" = String, Path)),
    responses((status = 200, description = "The ended session", body = Row)))]
async fn end(
    SettingsCaller(access): SettingsCaller,
    Asks(work): Asks,
    PathId(id): PathId<PortalSessionId>,
    _: NoQuery,
) -> Answered {
    end::end(&work, &access, id, |session| Reply::ok(&Row::from(session))).await
}

/// Ends the caller's own session. For the dashboard only, which knows the token alone; not a route of
/// the API.
pub(crate) async fn sign_out(SettingsCaller(access): SettingsCaller, Asks(work): Asks) -> Answered {
    let own = work.asked.by.id.as_deref().and_then(|id| id.parse().ok());
    let own: PortalSessionId = own.ok_or(Code::PermissionDenied)?;
    end::end(&work, &access, own, |session| Reply::ok(&Row::from(session))).await
}

/// Filters of a list that has none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFilters {}

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
