//! Signing secrets of webhooks: reveal, rotate.

use std::time::Duration;

use domain::{
    Environment, Secret, Timestamp,
    id::{AccountId, WebhookId},
    signing::SigningKey,
    webhook::Command,
};
use ports::vault::{SecretName, SecretPurpose};

use super::find::find;
use crate::{
    auth::Access,
    documents::Shows,
    problem::Problem,
    secrets::Secrets,
    work::{Answered, Reply, Work, no_refusal},
};

/// Default time for which the old secret signs as well, in seconds: a day.
const USUAL_OVERLAP: u32 = 86_400;
/// Maximum overlap, in seconds: a week.
const LONGEST_OVERLAP: u32 = 604_800;

/// Result of a rotation.
pub(crate) struct Rotated {
    /// New signing secret, or the public key by which the receiver verifies.
    pub(crate) secret: Secret,
    /// Time until which the old one signs as well.
    pub(crate) previous_expires_at: Timestamp,
}

/// Reveals what the receiver of webhook `id` verifies by, the signing secret or the public key, which is
/// recorded.
pub(crate) async fn reveal(
    work: &Work,
    access: &Access,
    id: WebhookId,
    answer: impl Fn(Secret) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let webhook = find(&work, access, id).await?;
        let secret = match webhook.state.public_key {
            Some(public) => Secret::new(public.to_string()),
            None => work.backend.vault.reveal(name(access.id(), id, webhook.state.secret)).await?,
        };
        let change = work.change(Some(webhook), Command::RevealSecret)?;
        work.commit_showing(change.commit, answer(secret)).await
    })
    .await
}

/// Rotates the signing secret of webhook `id`; the old one signs as well for `overlap` seconds, a
/// day by default.
pub(crate) async fn rotate(
    work: &Work,
    access: &Access,
    id: WebhookId,
    overlap: Option<u32>,
    answer: impl Fn(Rotated) -> Reply,
) -> Answered {
    let overlap = overlap.unwrap_or(USUAL_OVERLAP);
    if overlap > LONGEST_OVERLAP {
        let must = format_args!("must be 0 to {LONGEST_OVERLAP}");
        return Err(Problem::invalid("overlap_seconds", must));
    }
    let (entropy, answer) = (work.backend.random(), &answer);
    work.run(|work| async move {
        let webhook = find(&work, access, id).await?;
        let previous_expires_at = work.now.plus(Duration::from_secs(overlap.into()));
        let key = SigningKey::from_entropy(webhook.state.signing(), entropy);
        let command = Command::RotateSecret { public_key: key.public(), previous_expires_at };
        let replaced = webhook.state.secret;
        let old: Vec<u32> = webhook.state.kept_secrets().collect();
        let mut secrets = Secrets::of(&webhook);
        let change = work.change(Some(webhook), command)?;
        let after = &change.after.state;
        let named = |number| name(access.id(), id, number);
        secrets.keep(named(after.secret), key.text());
        for old in old {
            if !after.kept_secrets().any(|kept| kept == old) {
                secrets.let_go(named(old));
            } else if old == replaced {
                secrets.end(named(old), Some(previous_expires_at));
            }
        }
        let shown = (after.environment, id, after.secret);
        let reply = answer(Rotated { secret: key.for_receiver(), previous_expires_at });
        let reply = showing(reply, &key, shown);
        work.commit_with(change.commit, secrets, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Returns `reply`, which has what the receiver verifies by: a secret that is shown, or a public key.
pub(super) fn showing(
    reply: Reply,
    key: &SigningKey,
    (environment, webhook, number): (Environment, WebhookId, u32),
) -> Reply {
    match key {
        SigningKey::Hmac(secret) => {
            let shows = Shows::SigningSecret { environment, webhook, number };
            reply.showing_kept(shows, &secret.text())
        }
        SigningKey::Ed25519(_) => reply,
    }
}

/// Returns the name under which the vault stores a webhook's signing secret.
pub(crate) fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::SigningSecret(webhook, number) }
}
