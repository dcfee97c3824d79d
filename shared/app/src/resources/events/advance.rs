//! Advancing a delivery: its next scheduled attempt is made now, so that a whole schedule passes in a
//! minute.

use domain::{
    Environment,
    delivery::{Delivery, Settled, Task, Trigger},
    id::{EventId, WebhookId},
};
use ports::{
    Commit,
    limiter::Use,
    queue::{Lane, Message},
};

use super::{queries::find, resend::receiving};
use crate::{
    auth::Access,
    delivery::{
        accept::{delivery_key, put_delivery},
        event::{AcceptedEvent, EventWithDeliveries, Planned},
    },
    documents::read,
    problem::{Code, Problem},
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Makes the next scheduled attempt to deliver event `id` to the webhook `receiver` now. One that is due
/// already, or under way, is left as it is.
pub(crate) async fn advance(
    work: &Work,
    access: &Access,
    id: EventId,
    receiver: WebhookId,
    answer: impl Fn(EventWithDeliveries) -> Reply,
) -> Answered {
    let event = &find(&work.backend, access, id).await?;
    event.check_unerased()?;
    if event.environment != Environment::Test {
        let sentence = "Attempts are made ahead of their time in the test environment only.";
        return Err(Problem::from(Code::WrongEnvironment).saying(sentence));
    }
    let work = &work.open_in(event.environment)?;
    let (planned, _) = receiving(work, event, receiver).await?;
    work.backend.spend(access.id(), Use::Resends(receiver), work.now).await?;
    let answer = &answer;
    work.run(|work| async move {
        let (commit, advanced) = advanced(&work, event, planned).await?;
        let reply = answer(advanced);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Returns the commit that advances the delivery, and the event as it is after that.
async fn advanced(
    work: &Work,
    event: &AcceptedEvent,
    planned: Planned,
) -> Result<(Commit, EventWithDeliveries), Halt> {
    let backend = &work.backend;
    let document = backend.store.get(&[delivery_key(event, planned)]).await?.pop().flatten();
    let delivery: Delivery = match &document {
        Some(document) => read(&document.body)?,
        None => Delivery::accepted(planned.generation),
    };
    let mut shown = event.clone().with_deliveries(backend).await?;
    let mut commit = Commit::default();
    let of_webhook = shown.deliveries.iter_mut().find(|(id, ..)| *id == planned.webhook);
    let (_, state, standing) = of_webhook.ok_or(Code::NotFound)?;
    let message = backend.new_id(work.now);
    let advanced = delivery.advanced(*standing, work.now, message).map_err(Problem::from)?;
    if let Some((delivery, next)) = advanced.and_then(|after| after.next.map(|next| (after, next)))
    {
        let task = Task {
            event: event.id,
            environment: event.environment,
            run: delivery.run,
            slot: next.slot,
            trigger: Trigger::Schedule,
        };
        commit.messages.push(Message {
            id: next.message,
            account: event.account,
            webhook: planned.webhook,
            lane: Lane::First,
            due: next.due,
            task,
            chore: None,
            trace: backend.trace(),
        });
        let revision = document.map(|document| document.revision);
        commit.writes.push(put_delivery(backend, event, planned, &delivery, revision));
        work.announce(&mut commit).await?;
        *state = delivery;
    }
    Ok((commit, shown))
}

impl From<Settled> for Problem {
    fn from(_: Settled) -> Self {
        let sentence = "No attempt is scheduled: the delivery is settled.";
        Self::from(Code::Conflict).saying(sentence)
    }
}
