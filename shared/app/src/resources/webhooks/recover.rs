//! Recovery: undelivered deliveries of a webhook are queued again.
//!
//! A request recovers the first of them. What is left goes on by itself: a message asks for the
//! next part, whose worker sends the message for the part after that. A part that was begun twice
//! finds what is recovered already, and passes it over.

use std::{collections::HashMap, time::Duration};

use domain::{
    Timestamp,
    account::Account,
    delivery::{Delivery, Status, Task, Trigger},
    id::{EventId, WebhookId},
    webhook::Webhook,
};
use ports::{
    Commit,
    queue::{Chore, Lane, Leased, Message, Recovery},
    store::{Condition, Document, Key, Range, Row, Write},
};

use super::find::find_enabled;
use crate::{
    App,
    auth::Access,
    delivery::{
        accept::put_delivery,
        event::{AcceptedEvent, Planned, standing},
    },
    documents::{RecoveryProgress, read},
    paging::{Period, Source},
    problem::{Code, Problem},
    views::{Spread, collections, to_body},
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Deliveries recovered in one commit.
const PER_COMMIT: usize = 25;
/// Commits of one request: 1,000 deliveries, in a second or two.
const COMMITS_A_REQUEST: usize = 40;
/// Commits of one message: few enough for a worker's time limit on a slow day.
const COMMITS_A_MESSAGE: usize = 80;
/// Events read in one call to the backend.
const EVENTS_AT_A_TIME: usize = 250;
/// Interval between one recovered delivery and the next: 50 a second, so that a receiver that has
/// just come back is not overwhelmed.
const PACE: Duration = Duration::from_millis(20);
/// Time after a webhook was disabled within which workers have received every message that was
/// waiting for it; workers pass over thousands a second.
const SETTLED_WITHIN: Duration = Duration::from_hours(1);

/// Statuses of which a recovery can take deliveries up, by default the first two: given up, cancelled
/// because the webhook was disabled, and waiting for another attempt.
pub(super) const RECOVERABLE: [Status; 3] =
    [Status::Exhausted, Status::Cancelled, Status::Retrying];

/// Queues again every delivery of an event created in `period` whose status is in `include`; answers
/// with their number so far, and whether more follow.
pub(crate) async fn recover(
    work: &Work,
    access: &Access,
    id: WebhookId,
    (period, include): (Period, Vec<Status>),
    answer: impl Fn(u64, bool) -> Reply,
) -> Answered {
    if let (Some(since), Some(until)) = (period.since, period.until)
        && until < since
    {
        return Err(Problem::invalid("until", "must not be before since"));
    }
    let webhook = &find_enabled(work, access, id).await?;
    let work = &work.open_in(webhook.environment)?;
    let window = period.of_ids(EventId::PREFIX);
    let state = Recovery {
        asked_at: work.now,
        from: window.from.clone(),
        to: window.to,
        since: window.from,
        include,
        is_unattempted: false,
        count: 0,
    };
    let mut under_way = UnderWay { work, account: &access.account.state, webhook, state };
    let continues = under_way.go_on(COMMITS_A_REQUEST).await?;
    let reply = answer(under_way.state.count, continues);
    if continues {
        work.committed(under_way.so_far(continues), &reply).await?;
    } else {
        work.keep(&reply).await?;
    }
    Ok(reply)
}

/// Reads how far the recovery of the caller's webhook is, if one goes on, or went on lately, after its
/// answer.
pub(super) async fn progress(
    work: &Work,
    access: &Access,
    id: WebhookId,
) -> Result<Option<RecoveryProgress>, Problem> {
    let key = collections::webhook_recovery(access.id(), id);
    let found = work.backend.store.get(&[key]).await?.into_iter().next().flatten();
    Ok(found.map(|document| read(&document.body)).transpose()?)
}

impl App {
    /// Does the part of a recovery that `leased` asks for, and asks for the next.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then received again.
    pub(crate) async fn recover_on(&self, leased: &Leased, state: Recovery) -> Result<(), Problem> {
        let Message { account, webhook, task, .. } = leased.message;
        let work = &Work::of_the_system(self.backend.clone());
        let key = collections::webhooks(account, task.environment).key(webhook);
        let webhook = work.find::<Webhook>(&[key]).await?;
        let account = work.find::<Account>(&[collections::accounts().key(account)]).await?;
        let mut commit = Commit::default();
        if let (Some(account), Some(webhook)) = (account, webhook) {
            let (account, webhook) = (&account.state, &webhook.state);
            let mut under_way = UnderWay { work, account, webhook, state };
            let continues = under_way.may_go_on() && under_way.go_on(COMMITS_A_MESSAGE).await?;
            let count = under_way.state.count;
            tracing::info!(account = %account.id, webhook = %webhook.id, count, continues, "recovered");
            commit = under_way.so_far(continues);
        }
        self.finish(leased, commit).await
    }
}

/// Recovery that is under way.
struct UnderWay<'a> {
    work: &'a Work,
    account: &'a Account,
    webhook: &'a Webhook,
    state: Recovery,
}

impl UnderWay<'_> {
    /// Returns whether the webhook still takes deliveries.
    fn may_go_on(&self) -> bool {
        let Self { account, webhook, .. } = self;
        !account.is_closed() && account.has(webhook.environment) && webhook.is_enabled()
    }

    /// Goes on for `most` commits or a few more; returns whether any may be left.
    async fn go_on(&mut self, most: usize) -> Result<bool, Problem> {
        let mut commits = 0;
        while commits < most {
            let rows = self.rows().await?;
            let Some(last) = rows.last() else {
                if self.state.is_unattempted || !self.may_have_unattempted() {
                    return Ok(false);
                }
                self.state.is_unattempted = true;
                self.state.from.clone_from(&self.state.since);
                continue;
            };
            let events = self.events_of(&rows)?;
            for some in events.chunks(PER_COMMIT) {
                self.again(some).await?;
            }
            commits += events.len().div_ceil(PER_COMMIT).max(1);
            self.state.from = Some(after(last));
        }
        Ok(true)
    }

    /// Reads the next rows: deliveries that were attempted, or are recorded as cancelled, which are
    /// listed; after those events, which show deliveries that were cancelled before their first
    /// attempt.
    async fn rows(&self) -> Result<Vec<Row>, Problem> {
        let Recovery { from, to, is_unattempted, .. } = &self.state;
        let list = if *is_unattempted {
            collections::events(self.account.id, self.webhook.environment)
        } else {
            collections::undelivered(self.account.id, self.webhook.id)
        };
        let store = &*self.work.backend.store;
        let source = Source {
            partitions: Spread::of(store).all(&list),
            index: !is_unattempted,
            range: Range { from: from.clone(), to: to.clone() },
        };
        let most = if *is_unattempted { EVENTS_AT_A_TIME } else { PER_COMMIT };
        source.oldest(store, most).await
    }

    /// Returns the events of `rows` whose deliveries may have to be recovered.
    fn events_of(&self, rows: &[Row]) -> Result<Vec<EventId>, Problem> {
        if !self.state.is_unattempted {
            let events: Result<Vec<EventId>, _> = rows.iter().map(|row| row.sort.parse()).collect();
            return Ok(events.map_err(|_| Code::NotFound)?);
        }
        let mut cancelled = Vec::new();
        for row in rows {
            let event: AcceptedEvent = read(&row.document.body)?;
            if event.deliveries.iter().any(|planned| self.outdates(*planned)) {
                cancelled.push(event.id);
            }
        }
        Ok(cancelled)
    }

    /// Returns whether messages may still be waiting from before the webhook was last disabled.
    /// Such a delivery was cancelled by that, and only its event shows that it existed.
    fn may_have_unattempted(&self) -> bool {
        let disabled_at = self.webhook.last_disabled_at;
        disabled_at.is_some_and(|at| self.state.asked_at.since(at) < SETTLED_WITHIN)
    }

    /// Returns whether the webhook was disabled after `planned`.
    fn outdates(&self, planned: Planned) -> bool {
        planned.webhook == self.webhook.id && planned.generation < self.webhook.generation
    }

    /// Recovers those deliveries of `events` that are to be recovered.
    async fn again(&mut self, events: &[EventId]) -> Result<(), Problem> {
        let waited = PACE * u32::try_from(self.state.count).unwrap_or(u32::MAX);
        let due = self.state.asked_at.plus(waited);
        let recovered = self.work.run(|work| self.try_again(work, events, due)).await?;
        self.state.count += u64::from(recovered);
        Ok(())
    }

    /// Tries that once, the first of them due at `due`; returns their number.
    async fn try_again(&self, work: Work, events: &[EventId], due: Timestamp) -> Result<u32, Halt> {
        let webhook = self.webhook;
        let mut commit = Commit::default();
        let mut recovered = 0;
        for (event, revision, delivery) in self.found(events).await? {
            let planned = Planned { webhook: webhook.id, generation: webhook.generation };
            let due = due.plus(PACE * recovered);
            let standing = standing(self.account, webhook);
            let is_wanted = self.state.include.contains(&delivery.standing(standing));
            if !is_wanted || event.erased_at.is_some() {
                continue;
            }
            let delivery = delivery.recovered(webhook.generation);
            let put = put_delivery(&work.backend, &event, planned, &delivery, revision);
            commit.writes.push(put);
            commit.messages.push(self.message(&work, event.id, delivery.run, due));
            recovered += 1;
        }
        if recovered > 0 {
            work.announce(&mut commit).await?;
            // The answer is kept with the last commit, which knows the total count.
            work.unkept().commit(commit, &Reply::ok(&()), no_refusal).await?;
        }
        Ok(recovered)
    }

    /// Reads the events and their deliveries to the webhook, in one call; each with the revision of
    /// the delivery's document.
    async fn found(
        &self,
        events: &[EventId],
    ) -> Result<Vec<(AcceptedEvent, Option<u64>, Delivery)>, Problem> {
        let account = self.account.id;
        let of_events = collections::events(account, self.webhook.environment);
        let store = &*self.work.backend.store;
        let spread = Spread::of(store);
        let of = |event: &EventId| collections::deliveries(account, *event).key(self.webhook.id);
        let keys: Vec<_> = events
            .iter()
            .flat_map(|event| spread.keys(&of_events, event).into_iter().chain([of(event)]))
            .collect();
        let documents = store.get(&keys).await?.into_iter().flatten();
        let documents: HashMap<Key, Document> =
            documents.map(|document| (document.key.clone(), document)).collect();
        let mut found = Vec::with_capacity(events.len());
        for id in events {
            let event = spread.keys(&of_events, id).iter().find_map(|key| documents.get(key));
            let (Some(event), delivery) = (event, documents.get(&of(id))) else { continue };
            let event: AcceptedEvent = read(&event.body)?;
            let planned =
                event.deliveries.iter().find(|planned| planned.webhook == self.webhook.id);
            let Some(planned) = planned else { continue };
            let revision = delivery.map(|document| document.revision);
            let delivery = match delivery {
                Some(document) => read(&document.body)?,
                None => Delivery::accepted(planned.generation),
            };
            found.push((event, revision, delivery));
        }
        Ok(found)
    }

    fn message(&self, work: &Work, event: EventId, run: u32, due: Timestamp) -> Message {
        let (environment, trigger) = (self.webhook.environment, Trigger::Recover);
        Message {
            id: work.backend.new_id(work.now),
            account: self.account.id,
            webhook: self.webhook.id,
            lane: Lane::Retry,
            due,
            task: Task { event, environment, run, slot: 0, trigger },
            chore: None,
            trace: work.backend.trace(),
        }
    }

    /// Returns the commit that notes the progress, and asks for the rest if it `continues`.
    fn so_far(&self, continues: bool) -> Commit {
        let (backend, state) = (&self.work.backend, &self.state);
        let reached =
            state.from.as_deref().and_then(|from| from.trim_end_matches('\0').parse().ok());
        let mut progress = RecoveryProgress::asked_at(state.asked_at, state.include.clone());
        progress.count = state.count;
        progress.reached_at = reached.map(|event: EventId| event.created_at());
        progress.ended_at = (!continues).then(|| backend.now());
        let put = Write::Put {
            key: collections::webhook_recovery(self.account.id, self.webhook.id),
            body: to_body(&progress),
            expires_at: Some(state.asked_at.plus(backend.settings.log_retention)),
            index: vec![],
            condition: Condition::None,
        };
        let messages = continues.then(|| self.rest()).into_iter().collect();
        Commit { writes: vec![put], messages, ..Commit::default() }
    }

    /// Returns the message that asks for the rest. It names no event: the task only says in which
    /// environment the webhook is.
    fn rest(&self) -> Message {
        let nothing = EventId::from(domain::id::Ulid::nil());
        let chore = Some(Chore::Recover(Box::new(self.state.clone())));
        let now = self.work.backend.now();
        Message { chore, ..self.message(self.work, nothing, 0, now) }
    }
}

/// Returns the first sort key after that of `row`.
fn after(row: &Row) -> String {
    format!("{}\0", row.sort)
}
