//! Signing secrets of webhooks: reveal, rotate.

use std::time::Duration;

use domain::{
    Decider as _, Revealed, Secret, Timestamp,
    id::{AccountId, WebhookId},
    signing::SigningSecret,
    webhook::{Command, Webhook},
};
use ports::{
    Commit,
    store::Write,
    vault::{SecretName, SecretPurpose},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::{
    Backend,
    http::{
        answer::Answered,
        extract::{Developer, PathId, Posted},
    },
    problem::{Code, Problem},
    resources::api_keys::Nothing,
    work::Reply,
};

/// Default time for which the old secret signs as well, in seconds: a day.
const USUAL_OVERLAP: u32 = 86_400;
/// Maximum overlap, in seconds: a week.
const LONGEST_OVERLAP: u32 = 604_800;

/// A webhook's signing secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookSecret {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: WebhookId,
    #[schema(example = "webhook_secret")]
    object: &'static str,
    #[schema(value_type = String, example = "whsec_…")]
    signing_secret: Revealed,
    /// Time until which the old secret signs as well; after a rotation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    previous_expires_at: Option<Timestamp>,
}

/// Options of a rotation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub(crate) struct RotateSecret {
    /// Time for which the old secret signs as well, in seconds.
    #[serde(default)]
    #[schema(maximum = 604_800, default = 86_400)]
    overlap_seconds: Option<u32>,
}

/// Reveal a webhook's signing secret
#[utoipa::path(post, path = "/v1/webhooks/{id}/reveal_secret", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, description = "The signing secret", body = WebhookSecret)))]
pub(super) async fn reveal(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    access.writable()?;
    work.run(|| async {
        let webhook = find(&work, &access, id).await?;
        let secret = work.backend.vault.reveal(name(access.id(), id, webhook.state.secret)).await?;
        let events = Webhook::decide(Some(&webhook.state), Command::RevealSecret, work.now)?;
        let mut commit = Commit::default();
        work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&WebhookSecret::of(id, secret, None));
        work.commit(commit, &reply, |_| None).await.map(|()| reply)
    })
    .await
}

/// Rotate a webhook's signing secret
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate_secret", tag = "Webhooks", params(("id" = String, Path)),
    request_body = RotateSecret,
    responses((status = 200, description = "The new signing secret", body = WebhookSecret)))]
pub(super) async fn rotate(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(input, work): Posted<RotateSecret>,
) -> Answered {
    access.writable()?;
    let overlap = input.overlap_seconds.unwrap_or(USUAL_OVERLAP);
    if overlap > LONGEST_OVERLAP {
        let must = format_args!("must be 0 to {LONGEST_OVERLAP}");
        return Err(Problem::invalid("overlap_seconds", must));
    }
    let previous_expires_at = work.now.plus(Duration::from_secs(overlap.into()));
    let secret = NewSecret::generate(&work.backend);
    work.run(|| async {
        let webhook = find(&work, &access, id).await?;
        let command = Command::RotateSecret { previous_expires_at };
        let events = Webhook::decide(Some(&webhook.state), command, work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        commit.add(secret.kept(&work.backend, access.id(), id, after.state.secret).await?);
        for expired in webhook
            .state
            .kept_secrets()
            .filter(|old| !after.state.kept_secrets().any(|kept| kept == *old))
        {
            commit.add(work.backend.vault.forget(name(access.id(), id, expired)).await?);
        }
        let reply = Reply::ok(&WebhookSecret::of(id, secret.text(), Some(previous_expires_at)));
        work.commit(commit, &reply, |_| None).await.map(|()| reply)
    })
    .await
}

impl WebhookSecret {
    fn of(id: WebhookId, secret: Secret, previous_expires_at: Option<Timestamp>) -> Self {
        Self { id, object: "webhook_secret", signing_secret: Revealed(secret), previous_expires_at }
    }
}

/// Signing secret that is about to be stored.
pub(super) struct NewSecret(SigningSecret);

impl NewSecret {
    pub(super) fn generate(backend: &Backend) -> Self {
        Self(SigningSecret::from_entropy(backend.random()))
    }

    pub(super) fn text(&self) -> Secret {
        self.0.text()
    }

    pub(super) async fn kept(
        &self,
        backend: &Backend,
        account: AccountId,
        webhook: WebhookId,
        number: u32,
    ) -> Result<Vec<Write>, Problem> {
        Ok(backend.vault.keep(name(account, webhook, number), &self.text()).await?)
    }
}

/// Returns the name under which the vault stores a webhook's signing secret.
pub(crate) fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::SigningSecret(webhook, number) }
}
