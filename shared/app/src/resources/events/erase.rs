//! Erasing an event: its data goes, and what is known of its deliveries stays.
//!
//! The commit replaces the event's document. With that nothing is left to deliver, and no list, log row or
//! repeated answer shows the data any more, for they have it from there. A message asks for the rest
//! (`App::erase`).

use domain::{
    account::Command,
    delivery::{Task, Trigger},
    id::EventId,
};
use ports::queue::{Chore, Lane, Message};

use super::queries::find_stored;
use crate::{
    auth::Access,
    delivery::{
        accept::replace_event,
        event::{AcceptedEvent, EventWithDeliveries},
    },
    work::{Answered, Reply, Work, no_refusal},
};

/// Erases the data of event `id`, everywhere it is kept. No error if it is erased already.
pub(crate) async fn erase(
    work: &Work,
    access: &Access,
    id: EventId,
    answer: impl Fn(EventWithDeliveries) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let (event, document) = find_stored(&work.backend, access, id).await?;
        if event.erased_at.is_some() {
            return Ok(answer(event.with_deliveries(&work.backend).await?));
        }
        let account = work.account()?.clone();
        let mut commit = work.change(Some(account), Command::EraseEvent { event: id })?.commit;
        let event = event.erased(work.now);
        commit.add([replace_event(&work.backend, &event, &document)]);
        commit.erases = true;
        commit.messages.extend(rest(&work, &event));
        let reply = answer(event.with_deliveries(&work.backend).await?);
        work.announce(&mut commit).await?;
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Returns the message that asks for the rest; none if nothing was to be delivered.
fn rest(work: &Work, event: &AcceptedEvent) -> Option<Message> {
    let first = event.deliveries.first()?;
    let (environment, trigger) = (event.environment, Trigger::Schedule);
    Some(Message {
        id: work.backend.new_id(work.now),
        account: event.account,
        webhook: first.webhook,
        lane: Lane::First,
        due: work.now,
        task: Task { event: event.id, environment, run: 0, slot: 0, trigger },
        chore: Some(Chore::Erase { from: 0, is_first: true }),
        trace: work.backend.trace(),
    })
}
