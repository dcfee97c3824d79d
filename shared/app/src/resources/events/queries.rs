//! Events as they are listed and found.

use domain::{
    Environment, Redacted,
    delivery::Status,
    id::{EventId, WebhookId},
    webhook::EventType,
};
use ports::store::Row;

use crate::{
    Backend,
    auth::Access,
    delivery::event::{AcceptedEvent, EventWithDeliveries, with_deliveries},
    documents::read,
    paging::{Page, Period, ReadRows, Rows, Source},
    problem::{Code, Problem},
    views::collections,
};

/// Events that are asked for.
pub(crate) struct Wanted {
    /// Environment of the events; both if none.
    pub(crate) environment: Option<Environment>,
    /// Type of the events.
    pub(crate) event_type: Option<EventType>,
    /// Related object of the events.
    pub(crate) object: Option<Redacted>,
    /// Webhook that they have a delivery to.
    pub(crate) webhook: Option<WebhookId>,
    /// Status of one of their deliveries: of that to `webhook`, if there is one.
    pub(crate) status: Option<Status>,
    /// Period in which they were created.
    pub(crate) period: Period,
}

/// Reads a page of the events with their deliveries, newest first.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<EventWithDeliveries>, Problem> {
    let environments = access.listed(wanted.environment)?;
    let partition = |env: &Environment| match &wanted.object {
        Some(object) => collections::events_by_object(access.id(), *env, object),
        None => collections::events(access.id(), *env),
    };
    let source = Source {
        partitions: environments.iter().map(partition).collect(),
        index: wanted.object.is_some(),
        range: wanted.period.of_ids(EventId::PREFIX),
    };
    Source::page_by(&[source], backend, page, wanted).await
}

impl ReadRows<EventWithDeliveries> for Wanted {
    async fn read(
        &self,
        backend: &Backend,
        rows: &[Row],
    ) -> Result<Vec<Option<EventWithDeliveries>>, Problem> {
        let (mut places, mut events) = (Vec::new(), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            let event: AcceptedEvent = read(&row.document.body)?;
            if self.may_be(&event) {
                places.push(place);
                events.push(event);
            }
        }
        let mut read: Vec<Option<EventWithDeliveries>> = rows.iter().map(|_| None).collect();
        for (place, event) in places.into_iter().zip(with_deliveries(backend, events).await?) {
            read[place] = self.has_status(&event).then_some(event);
        }
        Ok(read)
    }
}

impl Wanted {
    /// Returns whether `event` passes, as far as it can be told without its deliveries.
    fn may_be(&self, event: &AcceptedEvent) -> bool {
        let is_to = |webhook| event.deliveries.iter().any(|planned| planned.webhook == webhook);
        self.event_type.as_ref().is_none_or(|wanted| *wanted == event.event_type)
            && self.object.as_ref().is_none_or(|wanted| event.object_id().as_ref() == Some(wanted))
            && self.webhook.is_none_or(is_to)
    }

    fn has_status(&self, EventWithDeliveries { deliveries, .. }: &EventWithDeliveries) -> bool {
        self.status.is_none_or(|status| {
            let mut of_webhook = deliveries
                .iter()
                .filter(|(webhook, ..)| self.webhook.is_none_or(|wanted| wanted == *webhook));
            of_webhook.any(|(_, delivery, standing)| delivery.standing(*standing) == status)
        })
    }
}

/// Finds the caller's event `id`, in any environment that the caller has access to.
pub(crate) async fn find(
    backend: &Backend,
    access: &Access,
    id: EventId,
) -> Result<AcceptedEvent, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::events(access.id(), *env).key(id)).collect();
    let found =
        backend.store.get(&keys).await?.into_iter().flatten().next().ok_or(Code::NotFound)?;
    Ok(read(&found.body)?)
}
