//! Creation of API keys.

use domain::{
    Decider as _, Environment, KeyType, Timestamp,
    key::{ApiKey, Command, Rejection},
};
use ports::Commit;

use super::{new::New, shown::Shown};
use crate::{
    auth::{Access, account_stands},
    problem::{Code, Problem},
    work::{Answered, Reply, Work, no_refusal},
};

/// API key that is asked for.
pub(crate) struct NewKey {
    /// Type of the key.
    pub(crate) key_type: KeyType,
    /// Environment of the key.
    pub(crate) environment: Environment,
    /// Display name.
    pub(crate) name: Option<String>,
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
    access.writable()?;
    let new = New::mint(work, access.id(), wanted.key_type, wanted.environment).await?;
    let created = new.created(wanted.name, wanted.expires_at);
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let credentialed = account.state.is_credentialed();
        let command = Command::Create { key: created.clone(), credentialed };
        let events = ApiKey::decide(None, command, work.now)?;
        let mut commit = Commit { writes: vec![account_stands(&account)], ..Commit::default() };
        let key = work.record::<ApiKey>(&mut commit, None, events).ok_or(Code::NotFound)?;
        new.keep(work, &mut commit).await?;
        let reply = answer(Shown::new(key.state, work.now, new.text.clone()));
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
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
        }
    }
}
