//! Counts of attempts, by webhook and hour, and by environment and hour.
//!
//! Every attempt is counted in the commit that records it, so what is shown of deliveries was counted,
//! however many there are and however much of the log is kept. An hour is one document of numbers: the
//! attempts of each of its minutes by outcome, and of the whole hour what went wrong, by the answer's
//! status or the failure. Its names are short because they are stored with every hour.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    Environment, Timestamp,
    delivery::FailureCode,
    id::{AccountId, WebhookId},
};
use futures_util::future::try_join_all;
use ports::{
    Corrupt, Store,
    store::{Addition, Numbers, Order, Query, Range, Row, add},
};

use super::log::DeliveryRow;
use crate::{
    Backend,
    problem::Problem,
    views::{Spread, SpreadList, collections},
};

const MINUTE: i64 = 60_000;
const HOUR: Duration = Duration::from_hours(1);

/// Beginning of the name of a minute's attempts that were acknowledged; the minute follows.
const SUCCEEDED: char = 's';
/// Beginning of the name of a minute's attempts that failed and are tried again.
const RETRYING: char = 'r';
/// Beginning of the name of a minute's attempts that failed for the last time.
const FAILED: char = 'f';
/// Beginning of the name of failures by the status of the answer, which follows.
const STATUS: char = 'h';
/// Beginning of the name of failures without an answer, by their code, which follows.
const CODE: char = 'e';
/// Name of the attempts that took a second or more.
const SLOW: &str = "slow";
/// Name of the failed first attempts of deliveries.
const FIRST: &str = "first";

/// Attempts by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Number of attempts that were acknowledged.
    pub(crate) succeeded: u64,
    /// Number of those that failed and were to be tried again.
    pub(crate) retrying: u64,
    /// Number of those that failed for the last time.
    pub(crate) failed: u64,
}

/// Cause of a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// The receiver answered with this status.
    Status(u16),
    /// There was no answer, because of this.
    Code(FailureCode),
}

/// Counts of one hour.
#[derive(Debug, Clone)]
pub(crate) struct Hour {
    /// Start of the hour.
    pub(crate) at: Timestamp,
    numbers: Numbers,
}

/// Returns the additions that count the attempt of `row`, which is kept for so long, in one of the
/// [parts](SpreadList::part) of each list.
pub(crate) fn additions(
    account: AccountId,
    row: &DeliveryRow,
    log_retention: Duration,
    part: u8,
) -> Vec<Addition> {
    let at = hour_of(row.created_at);
    let numbers: Numbers = names(row).into_iter().map(|name| (name, 1)).collect();
    let expires_at = Some(at.plus(HOUR).plus(log_retention));
    let webhook = of_webhook(account, row.environment, row.webhook);
    [webhook, of_environment(account, row.environment)]
        .into_iter()
        .map(|list| Addition {
            key: list.part(part).key(sort(at)),
            numbers: numbers.clone(),
            expires_at,
        })
        .collect()
}

/// Returns the names of the numbers that the attempt of `row` adds one to.
fn names(row: &DeliveryRow) -> Vec<String> {
    let outcome = match (row.succeeded, row.next_attempt_at) {
        (true, _) => SUCCEEDED,
        (false, Some(_)) => RETRYING,
        (false, None) => FAILED,
    };
    let minute = row.created_at.as_millis().div_euclid(MINUTE).rem_euclid(60);
    let mut names = vec![format!("{outcome}{minute:02}")];
    if let Some(fault) = &row.error {
        names.push(match row.response_status {
            Some(status) => format!("{STATUS}{status}"),
            None => format!("{CODE}{}", fault.code),
        });
    }
    let notable = row.as_logged();
    names.extend(notable.slow.then(|| SLOW.to_owned()));
    names.extend((notable.failed && notable.first).then(|| FIRST.to_owned()));
    names
}

/// Returns the list of the counts of a webhook's attempts.
pub(crate) fn of_webhook(account: AccountId, env: Environment, webhook: WebhookId) -> SpreadList {
    collections::attempt_counts(account, &format!("{env}/{webhook}"))
}

/// Returns the list of the counts of all attempts in an environment.
pub(crate) fn of_environment(account: AccountId, env: Environment) -> SpreadList {
    collections::attempt_counts(account, env.as_str())
}

/// Reads the first minute of which an attempt in an environment is counted; none if there is none.
pub(crate) async fn first_minute(
    store: &dyn Store,
    account: AccountId,
    environment: Environment,
) -> Result<Option<Timestamp>, Problem> {
    let mut minutes = BTreeMap::new();
    for partition in Spread::of(store).all(&of_environment(account, environment)) {
        let query = Query {
            partition,
            index: false,
            range: Range::default(),
            order: Order::Ascending,
            limit: 1,
        };
        for row in store.query(&query).await? {
            hour(&row)?.add_to(&mut minutes);
        }
    }
    Ok(minutes.keys().next().map(|minute| Timestamp::from_millis(minute * MINUTE)))
}

/// Reads the hours of `lists` together that have a part between `since` and `until`, in order.
pub(crate) async fn hours(
    backend: &Backend,
    lists: &[SpreadList],
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Hour>, Problem> {
    let mut hours: BTreeMap<Timestamp, Numbers> = BTreeMap::new();
    let queries =
        Spread::of(&*backend.store).all_of(lists.iter().cloned()).into_iter().map(|partition| {
            Query {
                partition,
                index: false,
                // No hour is behind `~`, and every longer text with the last one is before it.
                range: Range { from: Some(sort(since)), to: Some(format!("{}~", sort(until))) },
                order: Order::Ascending,
                limit: usize::MAX,
            }
        });
    let queries: Vec<Query> = queries.collect();
    for rows in try_join_all(queries.iter().map(|query| backend.store.query(query))).await? {
        for row in rows {
            let Hour { at, numbers } = hour(&row)?;
            add(hours.entry(at).or_default(), &numbers);
        }
    }
    Ok(hours.into_iter().map(|(at, numbers)| Hour { at, numbers }).collect())
}

/// Returns the number of attempts in `hours` that failed from the minute of `since` on.
pub(crate) fn failed_since(hours: &[Hour], since: Timestamp) -> u64 {
    let mut minutes = BTreeMap::new();
    for hour in hours {
        hour.add_to(&mut minutes);
    }
    let first = since.as_millis().div_euclid(MINUTE);
    minutes.range(first..).map(|(_, tally)| tally.retrying + tally.failed).sum()
}

fn hour(row: &Row) -> Result<Hour, Corrupt> {
    let damaged = |why: String| Corrupt::new("reading counts", why);
    let at = format!("{}:00:00Z", row.sort).parse();
    let numbers = serde_json::from_slice(&row.document.body);
    Ok(Hour {
        at: at.map_err(|_| damaged(format!("{} is no hour", row.sort)))?,
        numbers: numbers.map_err(|why| damaged(why.to_string()))?,
    })
}

/// Returns the start of the hour of `at`.
pub(crate) fn hour_of(at: Timestamp) -> Timestamp {
    let hour = 60 * MINUTE;
    Timestamp::from_millis(at.as_millis().div_euclid(hour) * hour)
}

/// Returns the sort key of the hour of `at`: `2026-01-31T09`.
fn sort(at: Timestamp) -> String {
    let mut text = at.to_string();
    text.truncate("2026-01-31T09".len());
    text
}

impl Tally {
    /// Returns the number of attempts.
    pub(crate) const fn attempts(self) -> u64 {
        self.succeeded + self.retrying + self.failed
    }

    /// Adds `other`.
    pub(crate) fn add(&mut self, other: Self) {
        self.succeeded += other.succeeded;
        self.retrying += other.retrying;
        self.failed += other.failed;
    }

    /// Takes `other`, which is a part of it, away.
    pub(crate) fn less(self, other: Self) -> Self {
        Self {
            succeeded: self.succeeded.saturating_sub(other.succeeded),
            retrying: self.retrying.saturating_sub(other.retrying),
            failed: self.failed.saturating_sub(other.failed),
        }
    }

    /// Counts an attempt with this outcome.
    pub(crate) fn count(&mut self, succeeded: bool, next_attempt_at: Option<Timestamp>) {
        let number = match (succeeded, next_attempt_at) {
            (true, _) => &mut self.succeeded,
            (false, Some(_)) => &mut self.retrying,
            (false, None) => &mut self.failed,
        };
        *number += 1;
    }
}

impl Hour {
    /// Adds its minutes to `minutes`, by their number since the epoch.
    pub(crate) fn add_to(&self, minutes: &mut BTreeMap<i64, Tally>) {
        let first = self.at.as_millis().div_euclid(MINUTE);
        for (name, number) in &self.numbers {
            let mut letters = name.chars();
            let (outcome, minute) = (letters.next(), letters.as_str().parse::<i64>());
            let (Some(outcome), Ok(minute @ 0..60)) = (outcome, minute) else { continue };
            let mut tally = Tally::default();
            match outcome {
                SUCCEEDED => tally.succeeded = *number,
                RETRYING => tally.retrying = *number,
                FAILED => tally.failed = *number,
                _ => continue,
            }
            minutes.entry(first + minute).or_default().add(tally);
        }
    }

    /// Returns all its attempts.
    pub(crate) fn tally(&self) -> Tally {
        let mut minutes = BTreeMap::new();
        self.add_to(&mut minutes);
        minutes.into_values().fold(Tally::default(), |mut sum, one| {
            sum.add(one);
            sum
        })
    }

    /// Returns the causes of its failures, with their numbers.
    pub(crate) fn causes(&self) -> impl Iterator<Item = (Cause, u64)> {
        self.numbers.iter().filter_map(|(name, number)| {
            let cause = match name.split_at_checked(1)? {
                ("h", status) => Cause::Status(status.parse().ok()?),
                ("e", code) => Cause::Code(code.parse().ok()?),
                _ => return None,
            };
            Some((cause, *number))
        })
    }

    /// Returns the number of its attempts that took a second or more.
    pub(crate) fn slow(&self) -> u64 {
        self.numbers.get(SLOW).copied().unwrap_or_default()
    }

    /// Returns the number of first attempts that failed.
    pub(crate) fn failed_first(&self) -> u64 {
        self.numbers.get(FIRST).copied().unwrap_or_default()
    }
}
