//! Disabling of webhooks that can't be delivered to.

use domain::{
    Decider as _, Environment,
    id::{AccountId, WebhookId},
    webhook::{Command, DisabledReason, Webhook},
};
use ports::Commit;

use crate::{
    problem::{Code, Problem},
    views::collections,
    work::{Halt, Reply, Work, no_refusal},
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
    let key = collections::webhooks(account, environment).key(id);
    work.run(|| async {
        let Some(webhook) = work.find::<Webhook>(std::slice::from_ref(&key)).await? else {
            return Ok(());
        };
        if webhook.state.generation != generation {
            return Ok(());
        }
        let events = Webhook::decide(Some(&webhook.state), Command::Disable(reason), work.now)?;
        if events.is_empty() {
            return Ok(());
        }
        let mut commit = Commit::default();
        work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        work.commit(commit, &Reply::ok(&()), no_refusal).await?;
        Ok::<_, Halt>(())
    })
    .await
}
