//! Disabling of webhooks that can't be delivered to.

use crate::{
    problem::Problem,
    views::collections,
    work::{Halt, Reply, Work, no_refusal},
};
use domain::{
    Environment,
    id::{AccountId, WebhookId},
    webhook::{Command, DisabledReason, Webhook},
};

/// Disables a webhook that can't be delivered to. Does nothing if it is disabled already, or was
/// since it had `generation`: somebody may have enabled it again.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn disable(
    work: &Work,
    (account, environment, id): (AccountId, Environment, WebhookId),
    generation: u32,
    reason: DisabledReason,
) -> Result<(), Problem> {
    let key = &collections::webhooks(account, environment).key(id);
    work.run(|work| async move {
        let Some(webhook) = work.find::<Webhook>(std::slice::from_ref(key)).await? else {
            return Ok(());
        };
        if webhook.state.generation != generation {
            return Ok(());
        }
        let change = work.change(Some(webhook), Command::Disable(reason))?;
        if !change.is_empty() {
            work.commit(change.commit, &Reply::ok(&()), no_refusal).await?;
        }
        Ok::<_, Halt>(())
    })
    .await
}
