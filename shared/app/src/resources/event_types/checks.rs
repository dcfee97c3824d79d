//! Checks of events and subscriptions against the registry.

use domain::webhook::{EventType, Subscription};
use ports::Unavailable;
use serde_json::value::RawValue;

use super::registry::names;
use crate::{
    App, Backend,
    checks::check_no_secret,
    documents,
    problem::{Code, Problem},
    views::collections,
};

/// Checks subscriptions against the registry, unless it is empty.
pub(crate) async fn check_subscriptions(
    backend: &Backend,
    subscriptions: &[Subscription],
) -> Result<(), Problem> {
    let names = names(backend).await?;
    let unknown = subscriptions.iter().position(|subscription| {
        matches!(subscription, Subscription::Exactly(name)
            if !names.contains(name) && *name != EventType::ping())
    });
    if let Some(index) = unknown.filter(|_| !names.is_empty()) {
        let entry = format!("has an entry, number {}, that is not registered", index + 1);
        return Err(Code::UnknownEventType.of_which("event_types", entry));
    }
    let mut texts = subscriptions.iter().map(Subscription::to_string);
    texts.try_for_each(|text| check_no_secret("event_types", &text))
}

/// Checks an event against the registry, unless it is empty: its type, and its object by the
/// schema.
pub(crate) async fn check_event(
    app: &App,
    event_type: &EventType,
    object: &RawValue,
) -> Result<(), Problem> {
    let keys = [collections::event_types().key(event_type), collections::event_type_names()];
    let store = &*app.backend.store;
    let documents = store.get(&keys).await?;
    let [registered, names] = <[_; 2]>::try_from(documents).map_err(|_| {
        Unavailable::new("reading event types", "some documents are not answered for")
    })?;
    if let Some(registered) = registered {
        return app.schemas.check(store, &registered, object).await;
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
