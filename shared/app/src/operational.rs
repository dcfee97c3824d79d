//! Operational events: what the operator is told of accounts, keys, webhooks and deliveries.
//!
//! The operator has an [account](AccountId::OPERATOR) of their own, which is opened with the first
//! operational webhook and is in no list. Its webhooks are ordinary ones in its test environment, so
//! everything that holds of deliveries holds of operational ones: signatures, retries, the guard, logs.
//!
//! An event is told by the commit that makes it true ([`tell`]): the commit accepts a
//! [batch](crate::delivery::batch) with it, which a worker unfolds. So what was committed is told, whichever
//! process dies, and what was not is not. Of most events the commit says everything ([`notices`]); an
//! exhausted delivery is told by the record of its last attempt, a webhook that fails by an attempt
//! ([`failing`]), and a key that is about to expire by the sweep ([`expiring`]).
//!
//! Nothing is told of the operator's own account: its exhausted deliveries would follow from each other for
//! ever. Where there is no such account, telling costs one look for it, which a backend may remember.

pub(crate) mod exhausted;
mod expiring;
pub(crate) mod failing;
mod notices;
mod own;

use async_trait::async_trait;
use domain::{
    Environment, OperationalEvent, Timestamp,
    id::{AccountId, MessageId},
    webhook::Webhook,
};
use ports::{
    Commit,
    store::{Order, Query, Range, SHORT, Sight},
};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

#[cfg(test)]
pub(crate) use self::expiring::ExpiryProgress;
pub(crate) use self::own::{open, refuse};
use crate::{
    Backend,
    backend::Telling,
    delivery::{
        batch::{Place, stage, unfold},
        event::{AcceptedEvent, Planned},
        subscribers::shown_to_filters,
    },
    documents::{Number, state},
    problem::{Code, Problem},
    views::collections,
    work::send_with,
};

/// Notice to the operator.
pub(crate) struct Notice {
    event_type: OperationalEvent,
    /// Account that it is about.
    about: AccountId,
    data: Box<RawValue>,
}

impl Notice {
    /// Makes the notice about an account that has this `object`, as the API shows it.
    pub(crate) fn of(
        event_type: OperationalEvent,
        about: AccountId,
        object: &impl Serialize,
    ) -> Result<Self, Problem> {
        #[derive(Serialize)]
        struct Data<'a, T> {
            object: &'a T,
        }
        let data = to_raw_value(&Data { object }).map_err(|_| Code::Unavailable)?;
        Ok(Self { event_type, about, data })
    }

    fn event(self, backend: &Backend, now: Timestamp) -> AcceptedEvent {
        AcceptedEvent {
            format: Number::default(),
            id: backend.new_id(now),
            account: AccountId::OPERATOR,
            event_type: self.event_type.event_type(),
            environment: Environment::OPERATIONAL,
            jurisdiction: backend.settings.jurisdictions.usual(),
            created_at: now,
            accepted_at: now,
            data: self.data,
            erased_at: None,
            is_of_former_form: false,
            is_test: false,
            about: Some(self.about),
            deliveries: vec![],
        }
    }
}

/// Telling the operator of commits by operational webhooks.
#[derive(Debug, Clone, Copy)]
pub struct Operational;

#[async_trait]
impl Telling for Operational {
    async fn tell_of(
        &self,
        backend: &Backend,
        commit: &mut Commit,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let notices = notices::notices(commit, &backend.settings.jurisdictions, now)?;
        tell(backend, commit, notices, now).await
    }
}

/// Has `commit` accept the events of `notices` for the operational webhooks that subscribe to them.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn tell(
    backend: &Backend,
    commit: &mut Commit,
    mut notices: Vec<Notice>,
    now: Timestamp,
) -> Result<(), Problem> {
    notices.retain(|notice| notice.about != AccountId::OPERATOR);
    if notices.is_empty() {
        return Ok(());
    }
    let webhooks = webhooks(backend).await?;
    let events = notices.into_iter().map(|notice| notice.event(backend, now));
    let events = events.map(|event| planned(backend, event, &webhooks));
    let mut documents = Vec::new();
    for event in events.filter(|event| !event.deliveries.is_empty()) {
        documents.push(to_raw_value(&event).map_err(|_| Code::Unavailable)?);
    }
    if documents.is_empty() {
        return Ok(());
    }
    let batch: MessageId = backend.new_id(now);
    let place = Place { account: AccountId::OPERATOR, batch };
    let staged = stage(backend, place, documents);
    commit.writes.extend(staged.ahead);
    commit.writes.push(staged.accepts);
    Ok(send_with(backend, commit, vec![unfold(backend, place, now)]).await?)
}

/// Returns the operational webhooks, disabled ones included.
async fn webhooks(backend: &Backend) -> Result<Vec<Webhook>, Problem> {
    if !exist(backend).await? {
        return Ok(vec![]);
    }
    let partition = collections::webhooks(AccountId::OPERATOR, Environment::OPERATIONAL);
    let (range, order) = (Range::default(), Order::Ascending);
    let query = Query { partition, index: false, range, order, limit: SHORT };
    let mut webhooks = Vec::new();
    for row in backend.store.query(&query).await? {
        let webhook = state::<Webhook>(&*backend.store, &row.document).await?;
        webhooks.extend(webhook.map(|webhook| webhook.state));
    }
    Ok(webhooks)
}

/// Returns whether there have ever been operational webhooks, as of some seconds ago.
async fn exist(backend: &Backend) -> Result<bool, Problem> {
    let own = collections::accounts().key(AccountId::OPERATOR);
    let seen = backend.store.glance(&[own], &[Sight::Remembered]).await?;
    Ok(seen.into_iter().any(|account| account.is_some()))
}

/// Returns the event with a delivery for each of the `webhooks` that is meant. To one that is disabled it is
/// recorded as cancelled, by the worker of its first attempt, so that it can be recovered.
fn planned(backend: &Backend, event: AcceptedEvent, webhooks: &[Webhook]) -> AcceptedEvent {
    let shown = shown_to_filters(&event, &backend.settings.jurisdictions);
    let is_meant = |webhook: &&Webhook| {
        webhook.event_types.iter().any(|one| one.matches(&event.event_type))
            && webhook.filter.as_ref().is_none_or(|filter| filter.matches(&shown))
    };
    let deliveries = webhooks
        .iter()
        .filter(is_meant)
        .map(|webhook| Planned { webhook: webhook.id, generation: webhook.generation })
        .collect();
    AcceptedEvent { deliveries, ..event }
}
