//! Overlap of a rotation: until when earlier signing secrets sign as well, and its end before time,
//! either way.

use domain::{
    Timestamp,
    id::WebhookId,
    webhook::{Command, Webhook},
};

use super::{find::find, secrets::name};
use crate::{
    auth::Access,
    secrets::Secrets,
    views::Versioned,
    work::{Answered, Reply, Work, no_refusal},
};

/// Returns the times until which the earlier secrets of `webhook` sign, the newest of them first.
pub(super) fn earlier(webhook: &Webhook, now: Timestamp) -> Vec<Timestamp> {
    webhook.signing_before(now).map(|previous| previous.expires_at).collect()
}

/// Way in which an overlap ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Only the newest secret signs from now on.
    Finish,
    /// The secret before the newest takes its place again.
    Undo,
}

/// Ends the overlap of the webhook `id`; answers with the times until which earlier secrets still sign.
pub(super) async fn end(
    work: &Work,
    access: &Access,
    id: WebhookId,
    ending: Ending,
    answer: impl Fn(Vec<Timestamp>) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let webhook = find(&work, access, id).await?;
        let before: Vec<u32> = webhook.state.kept_secrets().collect();
        let restored = webhook.state.signing_before(work.now).next().map(|one| one.number);
        let mut secrets = Secrets::of(&webhook);
        let command = match ending {
            Ending::Finish => Command::EndOverlap,
            Ending::Undo => Command::RestoreSecret,
        };
        let change = work.change(Some(webhook), command)?;
        let after: &Versioned<Webhook> = &change.after;
        let named = |number| name(access.id(), id, number);
        if let (Ending::Undo, Some(restored)) = (ending, restored) {
            let secret = work.backend.vault.reveal(named(restored)).await?;
            secrets.keep(named(after.state.secret), secret);
        }
        // An attempt that has begun may still read them.
        for old in before {
            if !after.state.kept_secrets().any(|kept| kept == old) {
                secrets.end(named(old), Some(work.now));
            }
        }
        let reply = answer(earlier(&after.state, work.now));
        work.commit_with(change.commit, secrets, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}
