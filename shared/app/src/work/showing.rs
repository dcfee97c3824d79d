//! Secrets that are shown again, because the request that made them is repeated.

use domain::{
    Secret,
    account::{self, Account},
    id::AccountId,
    key::{self, ApiKey},
    webhook::{self, Webhook},
};
use ports::vault::{SecretName, SecretPurpose};

use super::{Halt, Work, no_refusal};
use crate::{
    documents::Shows,
    problem::{Code, Problem},
    views::{Versioned, View, collections},
};

impl Work {
    /// Records that `what` is shown to the caller again, and returns it if the vault keeps it.
    ///
    /// # Errors
    /// [`Code::NotFound`] when it was destroyed since; the refusal of the caller, or that the backend
    /// is unavailable.
    pub(super) async fn show_again(&self, what: Shows) -> Result<Option<Secret>, Problem> {
        self.run(|work| async move {
            let account = work.account()?.clone();
            let owner = account.state.id;
            match what {
                Shows::ApiKey { environment, key } => {
                    let found = [collections::api_keys(owner, environment).key(key)];
                    let found = work.find::<ApiKey>(&found).await?;
                    let secret = work.kept(owner, SecretPurpose::ApiKey(key)).await?;
                    work.shown(found, key::Command::Reveal).await?;
                    Ok(Some(secret))
                }
                Shows::SigningSecret { environment, webhook, number } => {
                    let found = [collections::webhooks(owner, environment).key(webhook)];
                    let found = work.find::<Webhook>(&found).await?;
                    let kept = SecretPurpose::SigningSecret(webhook, number);
                    let secret = work.kept(owner, kept).await?;
                    work.shown(found, webhook::Command::RevealSecret).await?;
                    Ok(Some(secret))
                }
                Shows::PortalSession { session } => {
                    let shown = account::Command::ShowPortalSession { session };
                    work.shown::<Account>(Some(account), shown).await?;
                    Ok(None)
                }
            }
        })
        .await
    }

    /// Returns what the vault keeps.
    async fn kept(&self, account: AccountId, purpose: SecretPurpose) -> Result<Secret, Problem> {
        let kept = self.backend.vault.reveal(SecretName { account, purpose }).await;
        kept.map_err(|why| gone(why.into()))
    }

    /// Commits that somebody was shown a secret of `thing`.
    async fn shown<S: View>(
        &self,
        thing: Option<Versioned<S>>,
        command: S::Command,
    ) -> Result<(), Halt>
    where
        S::Event: Clone,
        Problem: From<S::Rejection>,
    {
        let thing = thing.ok_or_else(|| gone(Code::NotFound.into()))?;
        let change = self.change(Some(thing), command)?;
        self.guarded(change.commit, no_refusal).await
    }
}

/// Says of what can't be found that it was there when the request was made first.
fn gone(problem: Problem) -> Problem {
    if problem.code != Code::NotFound {
        return problem;
    }
    problem.saying("The secret that the first answer showed does not exist any more.")
}
