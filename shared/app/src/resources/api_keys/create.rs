//! Creation of API keys.

use super::{new::New, quota, shown::Shown};
use crate::{
    auth::Access,
    problem::{Code, Problem},
    resources::key_scopes::check_scopes,
    work::{Answered, Reply, Work, no_refusal},
};
use domain::{
    Environment, KeyType, Timestamp,
    key::{ApiKey, Command, Rejection, Settings},
};

/// API key that is asked for.
pub(crate) struct NewKey {
    /// Type of the key.
    pub(crate) key_type: KeyType,
    /// Environment of the key.
    pub(crate) environment: Environment,
    /// Settings of the key.
    pub(crate) settings: Settings,
    /// Instant at which the key stops working.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Creates an API key.
pub(crate) async fn create(
    work: &Work,
    access: &Access,
    wanted: NewKey,
    answer: impl Fn(Shown) -> Reply,
) -> Answered {
    let (wanted, answer) = (&wanted, &answer);
    work.run(|work| async move {
        let scopes = wanted.settings.scopes.as_deref().unwrap_or_default();
        check_scopes(&work.backend, || "scopes", scopes).await?;
        let new = New::mint(&work, access.id(), wanted.key_type, wanted.environment).await?;
        let created = new.created(wanted.settings.clone(), wanted.expires_at);
        let credentialed = work.account()?.state.is_credentialed();
        let command = Command::Create { key: created, credentialed };
        let mut change = work.change::<ApiKey>(None, command)?;
        let place = (access.id(), wanted.environment);
        quota::limit(&work, &mut change.commit, place, 0).await?;
        let reply = new.shown_by(answer, change.after.state, &work);
        work.commit_with(change.commit, new.secrets(wanted.expires_at), &reply, no_refusal)
            .await
            .map(|()| reply)
    })
    .await
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyCreated => Code::Conflict.into(),
            Rejection::NotCredentialed => Code::AccountNotCredentialed.into(),
            Rejection::InThePast => Self::invalid("expires_at", rejection),
            Rejection::AlreadyExpired => Code::KeyAlreadyExpired.into(),
            Rejection::NotRevealable => Code::NotRevealable.into(),
            Rejection::AlreadyRolled(successor) => Self::from(Code::Conflict)
                .saying(format!("The API key was rolled already: its successor is {successor}.")),
        }
    }
}
