//! Checks of events and subscriptions against the registry.

use domain::{
    OperationalEvent,
    id::AccountId,
    webhook::{EventType, Subscription},
};
use ports::{
    Unavailable,
    store::{Document, Sight},
};
use serde_json::value::RawValue;

use super::registry::names;
use crate::{
    App, Backend,
    checks::check_no_secret,
    delivery::event::object_of,
    documents,
    problem::{Code, Problem},
    views::collections,
};

/// Checks the subscriptions of a webhook of `account` against the registry, unless it is empty; those of an
/// operational webhook against the types of operational events.
pub(crate) async fn check_subscriptions(
    backend: &Backend,
    account: AccountId,
    subscriptions: &[Subscription],
) -> Result<(), Problem> {
    if account == AccountId::OPERATOR {
        let unknown = subscriptions.iter().position(|one| !OperationalEvent::is_known(one));
        return unknown.map_or(Ok(()), |index| Err(not_registered(index)));
    }
    let names = names(backend).await?;
    let unknown = subscriptions.iter().position(|subscription| {
        matches!(subscription, Subscription::Exactly(name)
            if !names.contains(name) && !name.is_own())
    });
    if let Some(index) = unknown.filter(|_| !names.is_empty()) {
        return Err(not_registered(index));
    }
    let mut texts = subscriptions.iter().map(Subscription::to_string);
    texts.try_for_each(|text| check_no_secret("event_types", &text))
}

fn not_registered(index: usize) -> Problem {
    let entry = format!("has an entry, number {}, that is not registered", index + 1);
    Code::UnknownEventType.of_which("event_types", entry)
}

/// Checks an event against the registry, unless it is empty: its type, and its object by the
/// schema, or where events need no object all of its `data`. The registry may be that of some seconds ago, but nothing is refused for that.
pub(crate) async fn check_event(
    app: &App,
    event_type: &EventType,
    data: &RawValue,
) -> Result<(), Problem> {
    let keys = [collections::event_types().key(event_type), collections::event_type_names()];
    let store = &*app.backend.store;
    let seen = store.glance(&keys, &[Sight::Remembered; 2]).await?;
    let checked = check_by(app, seen, event_type, data).await;
    if checked.is_ok() || !store.is_shared() {
        return checked;
    }
    check_by(app, store.get(&keys).await?, event_type, data).await
}

/// Checks an event against the documents of its type and of all types' names.
async fn check_by(
    app: &App,
    documents: Vec<Option<Document>>,
    event_type: &EventType,
    data: &RawValue,
) -> Result<(), Problem> {
    let store = &*app.backend.store;
    let [registered, names] = <[_; 2]>::try_from(documents).map_err(|_| {
        Unavailable::new("reading event types", "some documents are not answered for")
    })?;
    if let Some(registered) = registered {
        let format = app.backend.settings.envelope.format;
        let described = match object_of(data).filter(|_| format.needs_object()) {
            Some(object) => ("data.object", object),
            None => ("data", data),
        };
        return app.schemas.check(store, &registered, described).await;
    }
    let is_empty = match names {
        Some(names) => documents::names(store, &names).await?.is_empty(),
        None => true,
    };
    if !is_empty {
        return Err(Code::UnknownEventType.of_which("type", "names no registered event type"));
    }
    check_no_secret("type", event_type.as_str())
}
