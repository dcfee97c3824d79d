//! Opening, change and closing of accounts.

use domain::{
    Decider as _,
    account::{Account, Command, DEFAULT_WEBHOOK_QUOTA, Rejection},
    id::AccountId,
};
use ports::Commit;

use crate::{
    auth::find_account,
    problem::{Code, Problem},
    views::collections,
    work::{Answered, Halt, Reply, Work, no_refusal, refusal},
};

/// Maximum webhook quota per environment that the operator can give an account.
const LARGEST_QUOTA: u32 = 10_000;

/// Account that is about to be opened.
pub(crate) struct NewAccount {
    /// Display name.
    pub(crate) name: String,
    /// Identifier in the operator's own system.
    pub(crate) external_id: Option<String>,
}

/// Change of an account; what is none stays as it is.
pub(crate) struct Change {
    pub(crate) name: Option<String>,
    pub(crate) credentialed: Option<bool>,
    pub(crate) webhook_quota: Option<u32>,
}

/// Opens an account.
pub(crate) async fn open(
    work: &Work,
    new: NewAccount,
    answer: impl Fn(Account) -> Reply,
) -> Answered {
    let id = work.backend.new_id(work.now);
    let place = work.backend.vault.open_account(id).await?;
    let taken = Code::Conflict.of("external_id").saying("Another account has this external_id.");
    let taken = refusal(collections::ACCOUNT_EXTERNAL_IDS, taken);
    work.run(|| async {
        let command = Command::Open {
            id,
            name: new.name.clone(),
            external_id: new.external_id.clone(),
            webhook_quota: DEFAULT_WEBHOOK_QUOTA,
        };
        let events = Account::decide(None, command, work.now)?;
        let mut commit = Commit { writes: place.clone(), ..Commit::default() };
        let opened = work.record::<Account>(&mut commit, None, events).ok_or(Code::NotFound)?;
        let reply = answer(opened.state);
        work.commit(commit, &reply, &taken).await.map(|()| reply)
    })
    .await
}

/// Changes an account.
pub(crate) async fn update(
    work: &Work,
    id: AccountId,
    change: Change,
    answer: impl Fn(Account) -> Reply,
) -> Answered {
    let Change { name, credentialed, webhook_quota } = change;
    if webhook_quota.is_some_and(|quota| quota > LARGEST_QUOTA) {
        let must = format_args!("must be 0 to {LARGEST_QUOTA}");
        return Err(Problem::invalid("webhook_quota", must));
    }
    let command = || Command::Update { name: name.clone(), credentialed, webhook_quota };
    work.run(|| async {
        let account = find_account(&work.backend, id).await?.ok_or(Code::NotFound)?;
        let events = Account::decide(Some(&account.state), command(), work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&account), events).ok_or(Code::NotFound)?;
        let reply = answer(after.state);
        work.commit(commit, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

/// Closes an account, and destroys its secrets.
pub(crate) async fn close(
    work: &Work,
    id: AccountId,
    answer: impl Fn(Account) -> Reply,
) -> Answered {
    let destroyed = work.backend.vault.close_account(id).await?;
    work.run(|| async {
        let account = find_account(&work.backend, id).await?.ok_or(Code::NotFound)?;
        let events = Account::decide(Some(&account.state), Command::Close, work.now)?;
        let mut commit = Commit { writes: destroyed.clone(), ..Commit::default() };
        let closed = work.record(&mut commit, Some(&account), events).ok_or(Code::NotFound)?;
        let reply = answer(closed.state);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyOpen => Code::Conflict.into(),
            Rejection::Closed => Code::AccountClosed.into(),
        }
    }
}
