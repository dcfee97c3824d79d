//! Acceptance of a batch that is more than one commit takes.

use domain::id::{AccountId, MessageId};
use ports::Commit;

use super::{New, raw};
use crate::{
    delivery::batch::{Place, put_in_place, stage, unfold},
    problem::Problem,
    work::{Reply, Work},
};

/// Writes in one commit: each is a document, usually with index entries.
const PER_COMMIT: usize = 45;

/// Accepts the events of `account`, all by one document. Once it is there they are accepted, whatever
/// fails after that: the worker of the message that was sent before does the rest.
pub(super) async fn accept(
    work: &Work,
    account: AccountId,
    new: Vec<New>,
    reply: &Reply,
) -> Result<(), Problem> {
    let batch: MessageId = work.backend.new_id(work.now);
    let (mut cancelled, mut kept) = (Vec::new(), Vec::new());
    let (mut events, mut documents) = (Vec::new(), Vec::new());
    for New { accepted, reply, slot } in &new {
        cancelled.extend_from_slice(&accepted.cancelled);
        events.push((*accepted.event).clone());
        documents.push(raw(&accepted.body)?);
        if let Some(slot) = slot {
            kept.extend(slot.keep_in(&work.backend, work.now, reply, Some(batch)).await?);
        }
    }
    let place = Place { account, batch };
    let staged = stage(&work.backend, place, documents);
    let (ahead, nothing) = (work.unkept(), Reply::ok(&()));
    if !staged.ahead.is_empty() {
        let pieces = Commit { ahead: staged.ahead, ..Commit::default() };
        ahead.committed(pieces, &nothing).await?;
    }
    for writes in cancelled.chunks(PER_COMMIT).chain(kept.chunks(PER_COMMIT)) {
        let some = Commit { writes: writes.to_vec(), ..Commit::default() };
        ahead.committed(some, &nothing).await?;
    }
    let message = unfold(&work.backend, place, work.now);
    let commit =
        Commit { writes: vec![staged.accepts], messages: vec![message], ..Commit::default() };
    work.committed(commit, reply).await?;
    if let Err(problem) = put_in_place(&work.backend, &events).await {
        tracing::warn!(%account, code = ?problem.code, "a batch is unfolded later");
    }
    Ok(())
}
