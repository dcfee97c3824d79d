//! Sending an event to a webhook once more.

use domain::{
    delivery::{Task, Trigger},
    id::{EventId, WebhookId},
    webhook::Webhook,
};
use ports::{
    Commit,
    limiter::Use,
    queue::{Lane, Message},
};

use super::queries::find;
use crate::{
    auth::Access,
    delivery::event::EventWithDeliveries,
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Answered, Reply, Work},
};

/// Makes one extra attempt now, beside the schedule, to deliver event `id` to the webhook
/// `receiver`.
pub(crate) async fn resend(
    work: &Work,
    access: &Access,
    id: EventId,
    receiver: WebhookId,
    answer: impl Fn(EventWithDeliveries) -> Reply,
) -> Answered {
    let event = find(&work.backend, access, id).await?;
    let work = &work.open_in(event.environment)?;
    let webhook = collections::webhooks(access.id(), event.environment).key(receiver);
    let webhook: Versioned<Webhook> =
        work.find(&[webhook]).await?.ok_or(Code::NotFound.of("webhook_id"))?;
    if !event.deliveries.iter().any(|planned| planned.webhook == receiver) {
        return Err(Problem::invalid(
            "webhook_id",
            "names a webhook that the event was not meant for",
        ));
    }
    if !webhook.state.is_enabled() {
        return Err(Problem::invalid(
            "webhook_id",
            "names a webhook that is disabled: enable it first",
        ));
    }
    work.backend.spend(access.id(), Use::Resends(receiver), work.now).await?;
    let task = Task {
        event: id,
        environment: event.environment,
        run: 0,
        slot: 0,
        trigger: Trigger::Resend,
    };
    let message = Message {
        id: work.backend.new_id(work.now),
        account: access.id(),
        webhook: receiver,
        lane: Lane::First,
        due: work.now,
        task,
        chore: None,
        trace: work.backend.trace(),
    };
    let reply = answer(event.with_deliveries(&work.backend).await?);
    work.committed(Commit { messages: vec![message], ..Commit::default() }, &reply).await?;
    Ok(reply)
}
