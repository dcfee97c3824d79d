//! Frame of a customer's pages: the account, the terms of the session, and the webhooks that fail.
//!
//! For the dashboard only, which shows it around every page, and so asks once; not a route of the API.

use domain::{Capability, id::PortalSessionId};
use serde::{Deserialize, Serialize};

use super::{
    accounts,
    delivery_stats::{Alarm, alarms},
    portal_sessions::{self, OwnTerms},
};
use crate::{
    auth::{Access, Needed},
    http::extract::{Asks, Developer, Query},
    problem::{Code, Problem},
    work::{Answered, Reply, Work},
};

/// Question for the frame.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// True to be told of the webhooks that fail.
    alarms: bool,
}

/// Frame of a page.
#[derive(Serialize)]
struct Frame {
    account: accounts::Resource,
    /// Terms of the session; none of a session from before there were documents of them.
    terms: Option<OwnTerms>,
    failing: Vec<Alarm>,
}

/// Shows the frame of the caller's pages.
pub(crate) async fn frame(
    Developer(access): Developer,
    Asks(work): Asks,
    Query(Asked { alarms: alarming }): Query<Asked>,
) -> Answered {
    let session = session(&work, &access).await?;
    let may = session
        .as_ref()
        .is_none_or(|session| session.terms.capabilities.allow(Needed::One(Capability::LogsRead)));
    let failing = if alarming && may { alarms(&work, &access).await? } else { vec![] };
    let account = accounts::Resource::from(access.account.state.clone());
    Ok(Reply::ok(&Frame { account, terms: session.as_ref().map(OwnTerms::from), failing }))
}

/// Finds the caller's own session.
async fn session(
    work: &Work,
    access: &Access,
) -> Result<Option<portal_sessions::Session>, Problem> {
    let id = work.asked.by.id.as_deref().and_then(|id| id.parse().ok());
    let id: PortalSessionId = id.ok_or(Code::PermissionDenied)?;
    match portal_sessions::find(work, access, id).await {
        Err(problem) if problem.code == Code::NotFound => Ok(None),
        found => found.map(Some),
    }
}
