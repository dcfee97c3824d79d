//! Events as they are listed and found.

use domain::{
    Environment, Redacted,
    delivery::Status,
    id::{EventId, WebhookId},
    webhook::EventType,
};
use ports::store::{Document, Row};

use crate::{
    Backend,
    auth::Access,
    delivery::event::{AcceptedEvent, EventWithDeliveries, with_deliveries},
    documents::read,
    paging::{Page, Period, ReadRows, Rows, Source},
    problem::{Code, Problem},
    views::{Spread, collections},
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
    let partitions = if let Some(object) = &wanted.object {
        let about = |env: &Environment| collections::events_by_object(access.id(), *env, object);
        environments.iter().map(about).collect()
    } else {
        let all = environments.iter().map(|env| collections::events(access.id(), *env));
        Spread::of(&*backend.store).all_of(all)
    };
    let source = Source {
        partitions,
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
    Ok(find_stored(backend, access, id).await?.0)
}

/// Finds the caller's event `id`, and the document that it was read from.
pub(super) async fn find_stored(
    backend: &Backend,
    access: &Access,
    id: EventId,
) -> Result<(AcceptedEvent, Document), Problem> {
    let environments = access.environments().iter();
    let spread = Spread::of(&*backend.store);
    let keys: Vec<_> = environments
        .flat_map(|env| spread.keys(&collections::events(access.id(), *env), id))
        .collect();
    let found =
        backend.store.get(&keys).await?.into_iter().flatten().next().ok_or(Code::NotFound)?;
    Ok((read(&found.body)?, found))
}
