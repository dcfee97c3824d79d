//! Opening, change and closing of accounts.

use crate::{
    operational,
    problem::{Code, Problem},
    secrets,
    views::collections,
    work::{Answered, Reply, Work, refusal},
};
use domain::{
    account::{Account, Command, DEFAULT_WEBHOOK_QUOTA, Rejection},
    id::AccountId,
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
    let taken = Code::Conflict.of("external_id").saying("Another account has this external_id.");
    let taken = &refusal(collections::ACCOUNT_EXTERNAL_IDS, taken);
    let (new, answer) = (&new, &answer);
    work.run(|work| async move {
        let id = work.backend.new_id(work.now);
        let place = work.backend.vault.open_account(id).await?;
        let command = Command::Open {
            id,
            name: new.name.clone(),
            external_id: new.external_id.clone(),
            webhook_quota: DEFAULT_WEBHOOK_QUOTA,
        };
        let mut change = work.change::<Account>(None, command)?;
        change.commit.writes.extend(place);
        let reply = answer(change.after.state);
        work.commit(change.commit, &reply, taken).await.map(|()| reply)
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
    operational::refuse(id)?;
    let Change { name, credentialed, webhook_quota } = change;
    if webhook_quota.is_some_and(|quota| quota > LARGEST_QUOTA) {
        let must = format_args!("must be 0 to {LARGEST_QUOTA}");
        return Err(Problem::invalid("webhook_quota", must));
    }
    let command = || Command::Update { name: name.clone(), credentialed, webhook_quota };
    work.execute(&[collections::accounts().key(id)], command, &[], answer).await
}

/// Closes an account: from then on none of its secrets can be read. Those that are kept apart from
/// the store are destroyed by the sweep.
pub(crate) async fn close(
    work: &Work,
    id: AccountId,
    answer: impl Fn(Account) -> Reply,
) -> Answered {
    operational::refuse(id)?;
    let vault = &work.backend.vault;
    let mut destroyed = vault.close_account(id).await?;
    destroyed.extend(vault.keeps_apart().then(|| secrets::close(id, work.now)));
    let key = collections::accounts().key(id);
    work.execute(&[key], || Command::Close, &destroyed, answer).await
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
