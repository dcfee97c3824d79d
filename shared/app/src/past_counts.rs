//! Counts of attempts from before attempts were counted: made from the rows of the log.
//!
//! Each environment of an account is gone through from its first row to the first minute that was
//! counted as its attempts were made. The place is kept in the commit that adds the counts, so this
//! can be stopped, and begun again, anywhere. Once everything was gone through it is not begun again.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    Environment, Timestamp,
    id::{AccountId, LogId},
};
use ports::{
    Commit, Corrupt, Store, Unavailable,
    store::{Addition, Condition, Key, Numbers, Order, Query, Range, Write, add},
};
use serde::{Deserialize, Serialize};

use crate::{
    delivery::{counts, log::DeliveryRow},
    documents::{Form, Number, Stored, read},
    paging::Period,
    problem::Problem,
    views::{collections, to_body},
};

/// Rows counted in one commit.
const CHUNK: usize = 250;
/// Time before now in which rows are left out where nothing was counted yet: an attempt that is being
/// made has its time of beginning, and is counted when it ends.
const STILL_MADE: Duration = Duration::from_mins(10);

/// Place of the count of the past, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CountOfPast {
    format: Number<Self>,
    /// Account that is gone through now, and all before it were.
    account: Option<AccountId>,
    /// Environment of it that is gone through now.
    environment: Environment,
    /// Time before which its rows are counted.
    until: Option<Timestamp>,
    /// Sort key of the last row that was counted.
    row: Option<String>,
    /// True once everything was gone through.
    is_done: bool,
}

impl Form for CountOfPast {
    const NAME: &'static str = "count_of_past";
    const NUMBER: u16 = 1;
}

impl Stored for CountOfPast {
    type Form = Self;
}

/// Counts all attempts of before that are in the log; returns their number. To be called by one
/// process at a time.
///
/// # Errors
/// When the backend is unavailable, or a row is damaged. What was counted until then is.
pub async fn count_past(store: &dyn Store, now: Timestamp) -> Result<u64, Problem> {
    let mut counted = 0;
    loop {
        let (mut place, condition) = known(store).await?;
        if place.is_done {
            return Ok(counted);
        }
        let (rows, additions) = place.advance(store, now).await?;
        counted += rows;
        let body = to_body(&place);
        let put = Write::Put { key: place_key(), body, expires_at: None, index: vec![], condition };
        let commit = Commit { writes: vec![put], additions, ..Commit::default() };
        let failed = |why| Unavailable::new("counting attempts of before", why);
        store.commit(commit).await.map_err(failed)?;
        store.settle().await?;
    }
}

fn place_key() -> Key {
    collections::count_of_past()
}

async fn known(store: &dyn Store) -> Result<(CountOfPast, Condition), Problem> {
    Ok(match store.get(&[place_key()]).await?.pop().flatten() {
        Some(found) => (read(&found.body)?, Condition::Revision(found.revision)),
        None => (CountOfPast::begun(), Condition::Absent),
    })
}

impl CountOfPast {
    fn begun() -> Self {
        Self {
            format: Number::default(),
            account: None,
            environment: Environment::Test,
            until: None,
            row: None,
            is_done: false,
        }
    }

    /// Moves on by some rows, or to the next environment or account; returns the number of rows and
    /// what they add.
    async fn advance(
        &mut self,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<(u64, Vec<Addition>), Problem> {
        let (Some(account), Some(until)) = (self.account, self.until) else {
            self.begin_next(store, now).await?;
            return Ok((0, vec![]));
        };
        let before = Period { since: Some(until), until: None }.of_ids(LogId::PREFIX).from;
        let from = self.row.as_ref().map(|row| format!("{row}\0"));
        let query = Query {
            partition: collections::delivery_logs(account, self.environment).first().clone(),
            index: false,
            range: Range { from, to: before },
            order: Order::Ascending,
            limit: CHUNK,
        };
        let rows = store.query(&query).await?;
        let mut sums: BTreeMap<Key, (Numbers, Option<Timestamp>)> = BTreeMap::new();
        for row in &rows {
            let attempt: DeliveryRow = read(&row.document.body)?;
            let expires_at = row.document.expires_at.unwrap_or(Timestamp::MAX);
            let retention = expires_at.since(attempt.created_at);
            for Addition { key, numbers, expires_at } in
                counts::additions(account, &attempt, retention, 0)
            {
                add(&mut sums.entry(key).or_insert((Numbers::new(), expires_at)).0, &numbers);
            }
        }
        match rows.last() {
            Some(last) if rows.len() == CHUNK => self.row = Some(last.sort.clone()),
            _ => self.begin_next(store, now).await?,
        }
        let addition = |(key, (numbers, expires_at))| Addition { key, numbers, expires_at };
        Ok((rows.len() as u64, sums.into_iter().map(addition).collect()))
    }

    /// Begins with the next environment or account; if there is none, all is done.
    async fn begin_next(&mut self, store: &dyn Store, now: Timestamp) -> Result<(), Problem> {
        if self.account.is_some() && self.environment == Environment::Test {
            self.environment = Environment::Live;
        } else {
            let Some(next) = account_after(store, self.account).await? else {
                self.is_done = true;
                return Ok(());
            };
            (self.account, self.environment) = (Some(next), Environment::Test);
        }
        self.row = None;
        if let Some(account) = self.account {
            let first = counts::first_minute(store, account, self.environment).await?;
            self.until = Some(first.unwrap_or(now.minus(STILL_MADE)));
        }
        Ok(())
    }
}

async fn account_after(
    store: &dyn Store,
    last: Option<AccountId>,
) -> Result<Option<AccountId>, Problem> {
    let query = Query {
        partition: collections::accounts(),
        index: false,
        range: Range { from: last.map(|last| format!("{last}\0")), to: None },
        order: Order::Ascending,
        limit: 1,
    };
    let row = store.query(&query).await?.pop();
    let id = row.map(|row| row.sort.parse()).transpose();
    Ok(id.map_err(|why| Corrupt::new("listing accounts", why))?)
}
