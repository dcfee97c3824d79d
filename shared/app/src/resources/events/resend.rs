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
    delivery::event::{AcceptedEvent, EventWithDeliveries, Planned},
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
    event.check_unerased()?;
    let work = &work.open_in(event.environment)?;
    let (_, webhook) = receiving(work, &event, receiver).await?;
    if !webhook.is_enabled() {
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

/// Returns the delivery of `event` to the webhook `receiver` as it was planned, and the webhook.
///
/// # Errors
/// [`Code::NotFound`] when the account has no such webhook, [`Code::InvalidField`] when the event was not
/// meant for it.
pub(super) async fn receiving(
    work: &Work,
    event: &AcceptedEvent,
    receiver: WebhookId,
) -> Result<(Planned, Webhook), Problem> {
    let webhook = collections::webhooks(event.account, event.environment).key(receiver);
    let webhook: Versioned<Webhook> =
        work.find(&[webhook]).await?.ok_or(Code::NotFound.of("webhook_id"))?;
    let planned = event.deliveries.iter().find(|planned| planned.webhook == receiver);
    let planned = planned.ok_or_else(|| {
        Problem::invalid("webhook_id", "names a webhook that the event was not meant for")
    })?;
    Ok((*planned, webhook.state))
}
