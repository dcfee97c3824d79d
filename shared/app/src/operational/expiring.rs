//! API keys that are about to expire: the sweep tells of them, in the order of their expiry.
//!
//! The progress of each notice is a document, which every page of keys moves on with what it tells. It
//! moves on with the time, so a key whose expiry is set to a time that it has passed is not told of.

use domain::{
    ExpiryNotice, OperationalEvent, Timestamp, account::Account, id::AccountId, key::ApiKey,
};
use ports::{
    Commit,
    store::{Condition, Key, Order, Query, Range, Row, Write},
};
use serde::{Deserialize, Serialize};

use super::{Notice, tell};
use crate::{
    App,
    documents::{Form, Number, Stored, read, state},
    problem::Problem,
    resources::api_keys,
    views::{Versioned, collections, to_body},
    work::{Halt, Reply, Work, no_refusal},
};

/// Keys looked at in one commit.
const PAGE: usize = 40;

/// Progress of a notice through the keys that expire.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExpiryProgress {
    format: Number<Self>,
    /// Sort key up to which keys were told of.
    past: String,
}

impl Form for ExpiryProgress {
    const NAME: &'static str = "expiry_progress";
    const NUMBER: u16 = 1;
}

impl Stored for ExpiryProgress {
    type Form = Self;
}

impl App {
    /// Tells the operator of API keys that are about to expire. Can be repeated, and run by several at once.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub async fn tell_of_expiring_keys(&self) -> Result<(), Problem> {
        let work = Work::of_the_system(self.backend.clone());
        let own = [collections::accounts().key(AccountId::OPERATOR)];
        let Some(own) = work.find::<Account>(&own).await? else { return Ok(()) };
        let since = own.state.created_at;
        for notice in ExpiryNotice::ALL {
            while work.run(|work| async move { page(&work, *notice, since).await }).await? {}
        }
        Ok(())
    }
}

/// Tells of the next keys that `notice` is due for, to whom listens `since` then. Returns whether there may
/// be more.
async fn page(work: &Work, notice: ExpiryNotice, since: Timestamp) -> Result<bool, Halt> {
    let store = &*work.backend.store;
    let key = collections::expiry_progress(notice);
    let known = store.get(std::slice::from_ref(&key)).await?.pop().flatten();
    let until = work.now.plus(notice.before()).to_string();
    let Some(known) = known else {
        // Nobody listened when this notice was due for keys that expire before that.
        let begin = since.plus(notice.before()).to_string();
        let commit = moved_on(key, begin, Condition::Absent);
        work.commit(commit, &Reply::ok(&()), no_refusal).await?;
        return Ok(true);
    };
    let ExpiryProgress { past, .. } = read(&known.body)?;
    let query = Query {
        partition: collections::expiring_api_keys(),
        index: true,
        range: Range { from: Some(format!("{past}\0")), to: Some(until.clone()) },
        order: Order::Ascending,
        limit: PAGE,
    };
    let rows = store.query(&query).await?;
    let is_last = rows.len() < PAGE;
    let past = rows.last().filter(|_| !is_last).map_or(until, |row| row.sort.clone());
    let mut commit = moved_on(key, past, Condition::Revision(known.revision));
    let notices = due(work, notice, &rows).await?;
    tell(&work.backend, &mut commit, notices, work.now).await?;
    work.commit(commit, &Reply::ok(&()), no_refusal).await?;
    Ok(!is_last)
}

fn moved_on(key: Key, past: String, condition: Condition) -> Commit {
    let body = to_body(&ExpiryProgress { format: Number::default(), past });
    let put = Write::Put { key, body, expires_at: None, index: vec![], condition };
    Commit { writes: vec![put], ..Commit::default() }
}

/// Returns the notices of those keys in `rows` that are due. A key that can't be read holds up no others.
async fn due(work: &Work, notice: ExpiryNotice, rows: &[Row]) -> Result<Vec<Notice>, Problem> {
    let mut notices = Vec::new();
    for row in rows {
        match due_of(work, notice, row).await {
            Err(why) if why.is_damage() => {
                let key = &row.sort;
                tracing::warn!(%key, why = %why.message, "the operator is not told that a key expires");
            }
            due => notices.extend(due?),
        }
    }
    Ok(notices)
}

/// Returns the notice of the key in `row`, if it is due and the account is open.
async fn due_of(work: &Work, notice: ExpiryNotice, row: &Row) -> Result<Option<Notice>, Problem> {
    let is_due = |key: &ApiKey, at: Timestamp| notice.is_due(key.created_at, at, work.now);
    let key: Option<Versioned<ApiKey>> = state(&*work.backend.store, &row.document).await?;
    let key = key.map(|key| key.state);
    let Some(key) = key.filter(|key| key.expires_at.is_some_and(|at| is_due(key, at))) else {
        return Ok(None);
    };
    let owner = work.find::<Account>(&[collections::accounts().key(key.account)]).await?;
    if owner.is_none_or(|owner| owner.state.is_closed()) {
        return Ok(None);
    }
    let (account, object) = (key.account, api_keys::Resource::told(key, work.now));
    Notice::of(OperationalEvent::ApiKeyExpiring, account, &object).map(Some)
}
