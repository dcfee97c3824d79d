//! Opening of portal sessions.

use std::time::Duration;

use domain::{Secret, Timestamp, account::Command, id::PortalSessionId, key::token};

use ports::limiter::Use;

use super::{
    row::{Session, Terms, free_place},
    tokens::{fingerprint, keep},
};
use crate::{
    auth::{Access, PORTAL_TOKEN_PREFIX, PortalToken},
    documents::{Number, Shows},
    problem::{Code, Problem},
    tally::Spent,
    work::{Answered, Reply, Work, no_refusal},
};

/// Default duration of a session, in seconds.
const USUAL_SECONDS: u32 = 3600;
/// Time for which the sign-in code in the URL is valid.
const CODE_LASTS: Duration = Duration::from_mins(10);

/// Portal session that was opened.
#[derive(Clone, Copy)]
pub(crate) struct Opened<'a> {
    /// Identifier of the session.
    pub(crate) session: PortalSessionId,
    /// Link that signs a person in, once.
    pub(crate) url: &'a Secret,
    /// Bearer token of the session.
    pub(crate) token: &'a Secret,
    /// Time at which the session ends.
    pub(crate) expires_at: Timestamp,
}

/// Opens a portal session on `terms` that lasts `seconds`, an hour by default.
pub(crate) async fn open(
    work: &Work,
    access: &Access,
    seconds: Option<u32>,
    terms: Terms,
    answer: impl Fn(Opened<'_>) -> Reply,
) -> Answered {
    let seconds = seconds.unwrap_or(USUAL_SECONDS);
    if !(60..=86_400).contains(&seconds) {
        return Err(Problem::invalid("expires_in", "must be 60 to 86400 seconds"));
    }
    work.backend.spend(access.id(), Use::Openings, work.now).await?;
    let expires_at = work.now.plus(Duration::from_secs(seconds.into()));
    let token = token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    let code = token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    let url = Secret::new(format!(
        "{}/dashboard?code={}",
        work.backend.settings.public_url,
        code.expose()
    ));
    let code_expires_at = expires_at.min(work.now.plus(CODE_LASTS));
    let quota = work.backend.settings.limits.portal_sessions;
    let (url, token, code, answer, terms) = (&url, &token, &code, &answer, &terms);
    work.run(|work| async move {
        let account = work.account()?.clone();
        let session = work.backend.new_id(work.now);
        let stands_for = |single_use| PortalToken {
            format: Number::default(),
            session,
            account: access.id(),
            session_expires_at: expires_at,
            single_use,
            capabilities: terms.capabilities.clone(),
            actor: terms.actor.clone(),
        };
        let Some(place) = free_place(&work.backend, access.id(), quota).await? else {
            work.backend.tally.spent(Spent::PortalSessions);
            return Err(too_many(quota).into());
        };
        let tokens = [
            keep(&work.backend, token, &stands_for(false), expires_at).await?,
            keep(&work.backend, code, &stands_for(true), code_expires_at).await?,
        ];
        let kept = Session {
            format: Number::default(),
            id: session,
            account: access.id(),
            created_at: work.now,
            expires_at,
            ended_at: None,
            tokens: tokens.iter().map(fingerprint).collect(),
            place,
            terms: terms.clone(),
        };
        let command = Command::OpenPortalSession { session, expires_at };
        let mut change = work.change(Some(account), command)?;
        change.commit.writes.extend(tokens);
        change.commit.add(kept.opened());
        let reply = answer(Opened { session, url, token, expires_at });
        let reply = reply.showing(Shows::PortalSession { session });
        work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

fn too_many(quota: u32) -> Problem {
    Problem::from(Code::QuotaLimitExceeded).saying(format!(
        "Quota limit exceeded: {quota} portal sessions of this account are open. End one, or wait \
         until one expires."
    ))
}
