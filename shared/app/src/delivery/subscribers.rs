//! Subscribers of an event: the webhooks that it is meant for.

use std::{cell::LazyCell, sync::Arc};

use domain::{Environment, Jurisdictions, id::AccountId, webhook::Webhook};
use ports::store::{Order, Query, Range, SHORT};
use serde_json::Value;

use super::event::AcceptedEvent;
use crate::{
    App,
    documents::{StoredWebhook, Unreadable},
    problem::Problem,
    resources::events,
    views::collections,
};

/// Webhooks read at a time after the first few; hardly any account has more than those.
const PAGE: usize = 1000;

/// Returns the webhooks of the event's account and environment that subscribe to it, and whose filter it
/// matches.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn subscribed_webhooks(
    app: &App,
    event: &AcceptedEvent,
) -> Result<Vec<Arc<Webhook>>, Problem> {
    let all = webhooks(app, event.account, event.environment).await?;
    Ok(subscribed(app, &all, event))
}

/// Returns those of the webhooks in `all` that subscribe to the event, and whose filter it matches.
#[must_use]
pub(crate) fn subscribed(
    app: &App,
    all: &[Arc<Webhook>],
    event: &AcceptedEvent,
) -> Vec<Arc<Webhook>> {
    let among = &app.backend.settings.jurisdictions;
    let shown = LazyCell::new(|| shown_to_filters(event, among));
    let is_meant = |one: &&Arc<Webhook>| {
        one.hears(&event.event_type, event.jurisdiction, among)
            && one.filter.as_ref().is_none_or(|filter| filter.matches(&shown))
    };
    all.iter().filter(is_meant).cloned().collect()
}

/// Reads the webhooks of an account in an environment.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn webhooks(
    app: &App,
    account: AccountId,
    environment: Environment,
) -> Result<Vec<Arc<Webhook>>, Problem> {
    let mut query = Query {
        partition: collections::webhooks(account, environment),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: SHORT,
    };
    let mut all = Vec::new();
    loop {
        let rows = app.backend.store.query(&query).await?;
        for row in &rows {
            let id = row.sort.parse().map_err(Unreadable::damaged::<StoredWebhook>)?;
            all.extend(app.readings.webhook(&*app.backend.store, id, &row.document).await?);
        }
        match rows.last() {
            // Continue right after the last sort key.
            Some(last) if rows.len() == query.limit => {
                query.range.from = Some(format!("{}\0", last.sort));
                query.limit = PAGE;
            }
            _ => return Ok(all),
        }
    }
}

/// Returns the event as the API shows it right after its acceptance, while it has no deliveries.
pub(crate) fn shown_to_filters(event: &AcceptedEvent, among: &Jurisdictions) -> Value {
    let new = events::NewlyAccepted { event, webhooks: &[], at: event.accepted_at };
    serde_json::to_value(events::Resource::accepted(new, among)).unwrap_or_default()
}
