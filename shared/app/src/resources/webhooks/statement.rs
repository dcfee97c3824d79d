//! Statement of a webhook: how many events were meant for it in a window of time, what became of each, and a
//! digest over their identifiers, by which a receiver finds out whether it missed one.

mod hourly;

use std::{collections::BTreeMap, time::Duration};

use domain::{
    Timestamp,
    account::Account,
    delivery::{Delivery, Standing, Status},
    id::EventId,
    webhook::{EventType, Webhook},
};
use ports::store::{Key, Range, Row};
use sha2::{Digest as _, Sha256};

#[cfg(test)]
pub(crate) use self::hourly::StatementProgress;
use crate::{
    Backend,
    delivery::event::{AcceptedEvent, BACKDATED, standing},
    documents::read,
    paging::{Period, Source},
    problem::Problem,
    views::{Spread, collections},
};

/// Length of a window that ends where it is not said.
const USUAL: Duration = Duration::from_hours(24);
/// Longest window.
const LONGEST: Duration = Duration::from_hours(31 * 24);
/// Events read at a time.
const CHUNK: usize = 250;

/// Window of a statement: by the time of acceptance, its end excluded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
}

impl Window {
    /// Returns the window between these ends: by default a day that ends now.
    ///
    /// # Errors
    /// When it ends before it begins, or later than now, or is longer than 31 days.
    pub(super) fn of(
        since: Option<Timestamp>,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let until = until.unwrap_or(now);
        let since = since.unwrap_or_else(|| until.minus(USUAL));
        if until > now {
            return Err(Problem::invalid("until", "must not be later than now"));
        }
        if since > until {
            return Err(Problem::invalid("until", "must not be before since"));
        }
        if until.since(since) > LONGEST {
            return Err(Problem::invalid("since", "must be 31 days before until at most"));
        }
        Ok(Self { since, until })
    }

    fn contains(self, at: Timestamp) -> bool {
        self.since <= at && at < self.until
    }

    /// Returns the range of identifiers that were made in the window, or at most that long before it.
    fn of_ids(self, before: Duration) -> Range {
        let (since, until) = (self.since.minus(before), self.until.minus(Duration::from_millis(1)));
        Period { since: Some(since), until: Some(until) }.of_ids(EventId::PREFIX)
    }
}

/// Numbers of a statement.
#[derive(Debug, Default)]
pub(super) struct Counted {
    by_status: BTreeMap<Status, u64>,
    digest: Sha256,
}

impl Counted {
    /// Adds the next event in the order of identifiers, and the status of its delivery.
    fn add(&mut self, event: EventId, status: Status) {
        *self.by_status.entry(status).or_default() += 1;
        self.digest.update(format!("{event}\n"));
    }

    /// Returns the number of events whose delivery has that status.
    pub(super) fn number(&self, status: Status) -> u64 {
        self.by_status.get(&status).copied().unwrap_or_default()
    }

    /// Returns the number of all events.
    pub(super) fn events(&self) -> u64 {
        self.by_status.values().sum()
    }

    /// Returns the digest of the identifiers.
    pub(super) fn digest(&self) -> String {
        format!("sha256:{}", hex::encode(self.digest.clone().finalize()))
    }
}

/// Number of an account's events that a statement may still read; none if it may read all.
pub(super) struct Budget(Option<usize>);

impl Budget {
    /// Budget of what nobody waits for.
    const ALL: Self = Self(None);

    /// Returns the budget of one request.
    pub(super) fn of_request(backend: &Backend) -> Self {
        Self(Some(backend.settings.statement_events))
    }

    /// Takes the events of a chunk from it.
    fn spend(&mut self, rows: &[Row]) -> Result<(), Problem> {
        let Some(left) = &mut self.0 else { return Ok(()) };
        *left = left.checked_sub(rows.len()).ok_or_else(|| {
            let must = "must be nearer to until: the account has too many events in between for one statement";
            Problem::invalid("since", must)
        })?;
        Ok(())
    }
}

/// Counts the events of `window` that were meant for the account's webhook. Statements are not among them,
/// so that a quiet hour is an empty one. An hour before the window is read as well, as an event may be
/// accepted so long after the time in its identifier.
///
/// # Errors
/// When there are more events than the `budget` lets it read, or the backend is unavailable.
pub(super) async fn count(
    backend: &Backend,
    account: &Account,
    webhook: &Webhook,
    window: Window,
    mut budget: Budget,
) -> Result<Counted, Problem> {
    let meant = Meant { backend, webhook, standing: standing(account, webhook), window };
    let mut counted = Counted::default();
    if window.since == window.until {
        return Ok(counted);
    }
    let mut backdated = meant.backdated(&mut budget).await?.into_iter().peekable();
    let list = collections::events(account.id, webhook.environment);
    let mut range = window.of_ids(BACKDATED);
    loop {
        let partitions = Spread::of(&*backend.store).all(&list);
        let source = Source { partitions, index: false, range: range.clone() };
        let rows = source.oldest(&*backend.store, CHUNK).await?;
        budget.spend(&rows)?;
        for (event, status) in meant.of(&rows, |event| !event.is_backdated()).await? {
            while let Some((earlier, status)) = backdated.next_if(|(other, _)| *other < event) {
                counted.add(earlier, status);
            }
            counted.add(event, status);
        }
        match rest_behind(&rows) {
            Some(from) => range.from = Some(from),
            None => break,
        }
    }
    for (event, status) in backdated {
        counted.add(event, status);
    }
    Ok(counted)
}

/// Returns the first sort key behind a chunk of rows; none if that was the end.
fn rest_behind(rows: &[Row]) -> Option<String> {
    let end = rows.last().filter(|_| rows.len() == CHUNK)?;
    Some(format!("{}\0", end.sort))
}

/// Events that were meant for a webhook.
struct Meant<'a> {
    backend: &'a Backend,
    webhook: &'a Webhook,
    standing: Standing,
    window: Window,
}

impl Meant<'_> {
    /// Reads those that were said to have happened long before they were accepted, in the order of their
    /// identifiers.
    async fn backdated(&self, budget: &mut Budget) -> Result<BTreeMap<EventId, Status>, Problem> {
        let list = collections::events_backdated(self.webhook.account, self.webhook.environment);
        let mut range = self.window.of_ids(Duration::ZERO);
        let mut found = BTreeMap::new();
        loop {
            let source =
                Source { partitions: vec![list.clone()], index: true, range: range.clone() };
            let rows = source.oldest(&*self.backend.store, CHUNK).await?;
            budget.spend(&rows)?;
            found.extend(self.of(&rows, AcceptedEvent::is_backdated).await?);
            match rest_behind(&rows) {
                Some(from) => range.from = Some(from),
                None => return Ok(found),
            }
        }
    }

    /// Returns those of `rows` that were accepted in the window and that `wanted` accepts, with the status
    /// of their delivery.
    async fn of(
        &self,
        rows: &[Row],
        wanted: impl Fn(&AcceptedEvent) -> bool,
    ) -> Result<Vec<(EventId, Status)>, Problem> {
        let (mut events, mut keys) = (Vec::new(), Vec::<Key>::new());
        for row in rows {
            let event: AcceptedEvent = read(&row.document.body)?;
            let of_webhook = |webhook| webhook == self.webhook.id;
            let planned = event.deliveries.iter().find(|planned| of_webhook(planned.webhook));
            if let Some(planned) = planned.copied()
                && self.window.contains(event.accepted_at)
                && event.event_type != EventType::statement()
                && wanted(&event)
            {
                let list = collections::deliveries(event.account, event.id);
                keys.push(list.key(planned.webhook));
                events.push((event, planned));
            }
        }
        let found = self.backend.store.get(&keys).await?;
        let mut statuses = Vec::with_capacity(events.len());
        for ((event, planned), document) in events.into_iter().zip(found) {
            let delivery = match document {
                Some(document) => read(&document.body)?,
                None => Delivery::accepted(planned.generation),
            };
            statuses.push((event.id, delivery.standing(event.standing(self.standing))));
        }
        Ok(statuses)
    }
}
