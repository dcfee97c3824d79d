//! Webhooks that have failed everything for some time.
//!
//! The attempt that shows it tells, once: the webhook's health says so until the webhook works again. How
//! often it failed is read from the counts of attempts, and only where somebody may be told.

use domain::{OperationalEvent, Timestamp, id::AccountId, webhook::Webhook};
use ports::{
    Commit,
    store::{Condition, Write},
};

use super::{Notice, exist, tell};
use crate::{
    Backend,
    delivery::counts,
    documents::{Health, read},
    problem::Problem,
    resources::webhooks,
    views::{collections, to_body},
    work::{Reply, Work, no_refusal},
};

/// Tells the operator that `webhook` has failed everything since `since`, if it did so often enough.
///
/// # Errors
/// When the backend is unavailable; the next attempt tells then.
pub(crate) async fn tell_if_often(
    backend: &Backend,
    work: &Work,
    webhook: &Webhook,
    since: Timestamp,
) -> Result<(), Problem> {
    if webhook.account == AccountId::OPERATOR || !exist(backend).await? {
        return Ok(());
    }
    let list = [counts::of_webhook(webhook.account, webhook.environment, webhook.id)];
    let hours = counts::hours(backend, &list, since, work.now).await?;
    if counts::failed_since(&hours, since) < backend.settings.failing.attempts {
        return Ok(());
    }
    let key = &collections::webhook_health(webhook.account, webhook.id);
    work.run(|work| async move {
        let store = &*work.backend.store;
        let Some(document) = store.get(std::slice::from_ref(key)).await?.pop().flatten() else {
            return Ok(());
        };
        let health: Health = read(&document.body)?;
        if health.is_told {
            return Ok(());
        }
        let index = vec![collections::failing_webhook(health.failing_since, webhook.id)];
        let told = Write::Put {
            key: key.clone(),
            body: to_body(&health.told()),
            expires_at: None,
            index,
            condition: Condition::Revision(document.revision),
        };
        let among = work.jurisdictions();
        let object = webhooks::Resource::of(webhook.clone(), among);
        let notice = Notice::of(OperationalEvent::WebhookFailing, webhook.account, &object)?;
        let mut commit = Commit { writes: vec![told], ..Commit::default() };
        tell(&work.backend, &mut commit, vec![notice], work.now).await?;
        work.commit(commit, &Reply::ok(&()), no_refusal).await
    })
    .await
}
