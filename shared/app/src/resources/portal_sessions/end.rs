//! Ends of portal sessions.

use domain::{account::Command, id::PortalSessionId};
use ports::store::ActorKind;

use super::row::{self, Session};
use crate::{
    auth::Access,
    problem::{Code, Problem},
    work::{Answered, Reply, Work, no_refusal},
};

/// Ends the session `id` of an account: its tokens are worthless at once. No error if it has ended.
pub(crate) async fn end(
    work: &Work,
    access: &Access,
    id: PortalSessionId,
    answer: impl Fn(&Session) -> Reply,
) -> Answered {
    own(work, id)?;
    let answer = &answer;
    work.run(|work| async move {
        let account = work.account()?.clone();
        let found = row::find(&work.backend, access.id(), id).await?.ok_or(Code::NotFound)?;
        if found.session.ended_at.is_some() {
            return Ok(answer(&found.session));
        }
        let mut change = work.change(Some(account), Command::EndPortalSession { session: id })?;
        let (ended, writes) = found.ended(work.now);
        change.commit.add(writes);
        change.commit.revokes = true;
        let reply = answer(&ended);
        work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Returns the session `id`, to the operator or to itself.
pub(crate) async fn find(
    work: &Work,
    access: &Access,
    id: PortalSessionId,
) -> Result<Session, Problem> {
    own(work, id)?;
    let found = row::find(&work.backend, access.id(), id).await?;
    Ok(found.ok_or(Code::NotFound)?.session)
}

/// Refuses a session that asks for another one.
fn own(work: &Work, id: PortalSessionId) -> Result<(), Problem> {
    let by = &work.asked.by;
    let is_other = by.kind == ActorKind::PortalSession && by.id != Some(id.to_string());
    if is_other { Err(Code::NotFound.into()) } else { Ok(()) }
}
