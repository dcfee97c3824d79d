//! Secrets that are shown again, because the request that made them is repeated.

use domain::{
    Secret,
    account::{self, Account},
    id::AccountId,
    key::{self, ApiKey},
    operator_token::{self, OperatorToken},
    webhook::{self, Webhook},
};
use ports::vault::{SecretName, SecretPurpose, VaultError};

use super::{Halt, Work, no_refusal};
use crate::{
    documents::Shows,
    problem::Problem,
    views::{Versioned, View, collections},
};

/// Secret that a repeat shows.
pub(super) enum Again {
    /// Secret that the vault has.
    Kept(Secret),
    /// Secret that is in the answer.
    InAnswer,
    /// Secret that was destroyed since.
    Destroyed,
}

impl Work {
    /// Records that `what` is shown to the caller again, and returns it. What was destroyed is not shown,
    /// so there is nothing to record.
    ///
    /// # Errors
    /// The refusal of the caller, or that the backend is unavailable.
    pub(super) async fn show_again(&self, what: Shows) -> Result<Again, Problem> {
        self.run(|work| async move {
            let (secret, shown) = match what {
                Shows::ApiKey { environment, key } => {
                    let owner = work.account()?.state.id;
                    let found = [collections::api_keys(owner, environment).key(key)];
                    let found = work.find::<ApiKey>(&found).await?;
                    let secret = work.kept(owner, SecretPurpose::ApiKey(key)).await?;
                    let found = found.filter(|_| secret.is_some());
                    (secret, work.shown(found, key::Command::Reveal).await?)
                }
                Shows::SigningSecret { environment, webhook, number } => {
                    let owner = work.account()?.state.id;
                    let found = [collections::webhooks(owner, environment).key(webhook)];
                    let found = work.find::<Webhook>(&found).await?;
                    let kept = SecretPurpose::SigningSecret(webhook, number);
                    let secret = work.kept(owner, kept).await?;
                    let found = found.filter(|_| secret.is_some());
                    (secret, work.shown(found, webhook::Command::RevealSecret).await?)
                }
                Shows::OperatorToken { token } => {
                    let found = work.find(&[collections::operator_tokens().key(token)]).await?;
                    work.shown::<OperatorToken>(found, operator_token::Command::Show).await?;
                    return Ok(Again::InAnswer);
                }
                Shows::PortalSession { session } => {
                    let account = work.account()?.clone();
                    let shown = account::Command::ShowPortalSession { session };
                    work.shown::<Account>(Some(account), shown).await?;
                    return Ok(Again::InAnswer);
                }
            };
            let secret = secret.filter(|_| shown);
            Ok(secret.map_or(Again::Destroyed, Again::Kept))
        })
        .await
    }

    /// Returns what the vault keeps; none if it was destroyed.
    async fn kept(
        &self,
        account: AccountId,
        purpose: SecretPurpose,
    ) -> Result<Option<Secret>, Problem> {
        match self.backend.vault.reveal(SecretName { account, purpose }).await {
            Ok(secret) => Ok(Some(secret)),
            Err(VaultError::Gone) => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    /// Commits that somebody was shown a secret of `thing`; returns false if that does not exist any
    /// more.
    async fn shown<S: View>(
        &self,
        thing: Option<Versioned<S>>,
        command: S::Command,
    ) -> Result<bool, Halt>
    where
        S::Event: Clone,
        Problem: From<S::Rejection>,
    {
        let Some(thing) = thing else { return Ok(false) };
        let change = self.change(Some(thing), command)?;
        self.guarded(change.commit, no_refusal).await.map(|()| true)
    }
}
