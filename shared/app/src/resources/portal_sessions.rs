//! Portal sessions: a person of the customer's in the dashboard.

mod redeem;

pub(crate) use redeem::look;

use std::time::Duration;

use domain::{
    Decider as _, Revealed, Secret, Timestamp,
    account::{Account, Command},
    id::PortalSessionId,
    key::token,
};
use http::StatusCode;
use ports::{
    Commit, Unavailable,
    store::{Condition, Key, Write},
    vault::FingerprintOf,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Backend,
    auth::{PORTAL_TOKEN_PREFIX, PortalToken},
    http::{
        answer::Answered,
        extract::{OperatorFor, Posted},
        routes::{Routes, routes},
    },
    problem::{Code, Problem},
    views::{collections, to_body},
    work::{Reply, Work, no_refusal},
};

/// Default duration of a session, in seconds.
const USUAL_SECONDS: u32 = 3600;
/// Time for which the sign-in code in the URL is valid.
const CODE_LASTS: Duration = Duration::from_mins(10);

/// Returns the routes of portal sessions.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(create))
}

/// Returns the routes without authentication: the body holds the credential.
pub(crate) fn open_routes() -> Routes {
    Routes::new().routes(routes!(redeem::redeem))
}

/// A portal session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSession)]
pub struct Resource {
    #[schema(value_type = String, example = "ps_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: PortalSessionId,
    #[schema(example = "portal_session")]
    object: &'static str,
    /// Link that opens the dashboard, where the person confirms to sign in, within 10 minutes.
    /// Opening the link changes nothing by itself, so a mail scanner may.
    #[schema(value_type = String, example = "https://hooks.example.com/dashboard?code=lhps_…")]
    url: Revealed,
    /// Bearer token of the session.
    #[schema(value_type = String, example = "lhps_…")]
    token: Revealed,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:30:00.000Z")]
    expires_at: Timestamp,
}

/// A new portal session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_in": 3600}))]
pub struct CreatePortalSession {
    /// Duration of the session in seconds.
    #[serde(default)]
    #[schema(minimum = 60, maximum = 86400, default = 3600)]
    expires_in: Option<u32>,
}

/// Open a portal session
#[utoipa::path(post, path = "/v1/portal_sessions", tag = "Portal sessions", request_body = CreatePortalSession,
    responses((status = 201, description = "The new session", body = Resource)))]
async fn create(
    OperatorFor(access): OperatorFor,
    Posted(input, work): Posted<CreatePortalSession>,
) -> Answered {
    access.writable()?;
    let seconds = input.expires_in.unwrap_or(USUAL_SECONDS);
    if !(60..=86_400).contains(&seconds) {
        return Err(Problem::invalid("expires_in", "must be 60 to 86400 seconds"));
    }
    let expires_at = work.now.plus(Duration::from_secs(seconds.into()));
    let session = work.backend.new_id(work.now);
    let token = token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    let code = token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    let url = Secret::new(format!(
        "{}/dashboard?code={}",
        work.backend.settings.public_url,
        code.expose()
    ));
    let code_expires_at = expires_at.min(work.now.plus(CODE_LASTS));
    let stands_for = |single_use| PortalToken {
        session,
        account: access.id(),
        session_expires_at: expires_at,
        single_use,
    };
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let command = Command::OpenPortalSession { session, expires_at };
        let events = Account::decide(Some(&account.state), command, work.now)?;
        let mut commit = Commit {
            writes: vec![
                keep(&work, &token, &stands_for(false), expires_at).await?,
                keep(&work, &code, &stands_for(true), code_expires_at).await?,
            ],
            ..Commit::default()
        };
        work.record(&mut commit, Some(&account), events).ok_or(Code::NotFound)?;
        let resource = Resource {
            id: session,
            object: "portal_session",
            url: Revealed(url.clone()),
            token: Revealed(token.clone()),
            expires_at,
        };
        let reply = Reply::new(StatusCode::CREATED, &resource);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Stores the document of `token` under its fingerprint; the token itself is stored nowhere.
async fn keep(
    work: &Work,
    token: &Secret,
    stands_for: &PortalToken,
    expires_at: Timestamp,
) -> Result<Write, Unavailable> {
    Ok(Write::Put {
        key: place(&work.backend, token).await?,
        body: to_body(stands_for),
        expires_at: Some(expires_at),
        index: vec![],
        condition: Condition::None,
    })
}

/// Returns the key of the document of `token`.
async fn place(backend: &Backend, token: &Secret) -> Result<Key, Unavailable> {
    let token = token.expose().as_bytes();
    let fingerprint = backend.vault.fingerprint(FingerprintOf::PortalToken, token).await?;
    Ok(collections::portal_token(&hex::encode(fingerprint)))
}
