//! Recovery: undelivered deliveries of a webhook are queued again.

use std::time::Duration;

use domain::{
    Timestamp,
    delivery::{Delivery, Status, Task, Trigger},
    id::{EventId, WebhookId},
    webhook::Webhook,
};
use ports::{
    Commit,
    queue::{Lane, Message},
    store::{Order, Query, Range, Row},
};

use super::find::find_enabled;
use crate::{
    auth::Access,
    delivery::{
        accept::put_delivery,
        event::{AcceptedEvent, Planned, standing},
    },
    documents::read,
    paging::Period,
    problem::{Code, Problem},
    views::collections,
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Deliveries recovered in one commit.
const PER_COMMIT: usize = 25;
/// Events read in one call to the backend.
const EVENTS_AT_A_TIME: usize = 250;
/// Interval between one recovered delivery and the next: 50 a second, so that a receiver that has
/// just come back is not overwhelmed.
const PACE: Duration = Duration::from_millis(20);
/// Time after a webhook was disabled within which workers have received every message that was
/// waiting for it; workers pass over thousands a second.
const SETTLED_WITHIN: Duration = Duration::from_hours(1);

/// Queues again every delivery of an event created in `period` that ended exhausted, or was cancelled
/// because the webhook was disabled; answers with their number.
pub(crate) async fn recover(
    work: &Work,
    access: &Access,
    id: WebhookId,
    period: Period,
    answer: impl Fn(u64) -> Reply,
) -> Answered {
    if let (Some(since), Some(until)) = (period.since, period.until)
        && until < since
    {
        return Err(Problem::invalid("until", "must not be before since"));
    }
    let webhook = find_enabled(work, access, id).await?;
    let work = &work.open_in(webhook.environment)?;
    let window = period.of_ids(EventId::PREFIX);
    let mut recovery = Recovery { work, access, webhook: &webhook, count: 0 };
    recovery.attempted(window.clone()).await?;
    if recovery.may_have_unattempted() {
        recovery.unattempted(window).await?;
    }
    let reply = answer(recovery.count);
    work.keep(&reply).await?;
    Ok(reply)
}

/// Recovery that is under way.
struct Recovery<'a> {
    work: &'a Work,
    access: &'a Access,
    webhook: &'a Webhook,
    /// Number of deliveries recovered so far.
    count: u64,
}

impl Recovery<'_> {
    /// Recovers deliveries that were attempted, or are recorded as cancelled: those are listed.
    async fn attempted(&mut self, window: Range) -> Result<(), Problem> {
        let mut query = Query {
            partition: collections::undelivered(self.access.id(), self.webhook.id),
            index: true,
            range: window,
            order: Order::Ascending,
            limit: PER_COMMIT,
        };
        loop {
            let rows = self.work.backend.store.query(&query).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            query.range.from = Some(after(last));
            let events: Result<Vec<EventId>, _> = rows.iter().map(|row| row.sort.parse()).collect();
            self.again(&events.map_err(|_| Code::NotFound)?).await?;
        }
    }

    /// Returns whether messages may still be waiting from before the webhook was last disabled.
    /// Such a delivery was cancelled by that, and only its event shows that it existed.
    fn may_have_unattempted(&self) -> bool {
        let disabled_at = self.webhook.last_disabled_at;
        disabled_at.is_some_and(|at| self.work.now.since(at) < SETTLED_WITHIN)
    }

    /// Recovers deliveries that were cancelled before their first attempt, found by the events
    /// themselves.
    async fn unattempted(&mut self, window: Range) -> Result<(), Problem> {
        let mut query = Query {
            partition: collections::events(self.access.id(), self.webhook.environment),
            index: false,
            range: window,
            order: Order::Ascending,
            limit: EVENTS_AT_A_TIME,
        };
        loop {
            let rows = self.work.backend.store.query(&query).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            query.range.from = Some(after(last));
            let mut cancelled = Vec::new();
            for row in &rows {
                let event: AcceptedEvent = read(&row.document.body)?;
                if event.deliveries.iter().any(|planned| self.outdates(*planned)) {
                    cancelled.push(event.id);
                }
            }
            for some in cancelled.chunks(PER_COMMIT) {
                self.again(some).await?;
            }
        }
    }

    /// Returns whether the webhook was disabled after `planned`.
    fn outdates(&self, planned: Planned) -> bool {
        planned.webhook == self.webhook.id && planned.generation < self.webhook.generation
    }

    /// Recovers those deliveries of `events` that are to be recovered.
    async fn again(&mut self, events: &[EventId]) -> Result<(), Problem> {
        let due = self.work.now.plus(PACE * u32::try_from(self.count).unwrap_or(u32::MAX));
        let recovered = self.work.run(|work| self.try_again(work, events, due)).await?;
        self.count += u64::from(recovered);
        Ok(())
    }

    /// Tries that once, the first of them due at `due`; returns their number.
    async fn try_again(&self, work: Work, events: &[EventId], due: Timestamp) -> Result<u32, Halt> {
        let webhook = self.webhook;
        let mut commit = Commit::default();
        let mut recovered = 0;
        for event in events {
            let Some((event, revision, delivery)) = self.found(*event).await? else { continue };
            let planned = Planned { webhook: webhook.id, generation: webhook.generation };
            let due = due.plus(PACE * recovered);
            let standing = standing(&work.account()?.state, webhook);
            if !matches!(delivery.standing(standing), Status::Exhausted | Status::Cancelled) {
                continue;
            }
            let delivery = delivery.recovered(webhook.generation);
            let put = put_delivery(&work.backend, &event, planned, &delivery, revision);
            commit.writes.push(put);
            commit.messages.push(message(&work, &event, planned, delivery.run, due));
            recovered += 1;
        }
        if recovered > 0 {
            work.announce(&mut commit).await?;
            // The answer is kept with the last commit, which knows the total count.
            work.unkept().commit(commit, &Reply::ok(&()), no_refusal).await?;
        }
        Ok(recovered)
    }

    /// Reads the event and its delivery to the webhook, with the revision of the delivery's
    /// document.
    async fn found(
        &self,
        event: EventId,
    ) -> Result<Option<(AcceptedEvent, Option<u64>, Delivery)>, Problem> {
        let account = self.access.id();
        let keys = [
            collections::events(account, self.webhook.environment).key(event),
            collections::deliveries(account, event).key(self.webhook.id),
        ];
        let documents = self.work.backend.store.get(&keys).await?;
        let [Some(event), delivery] = &documents[..] else { return Ok(None) };
        let event: AcceptedEvent = read(&event.body)?;
        let planned = event.deliveries.iter().find(|planned| planned.webhook == self.webhook.id);
        let Some(planned) = planned else { return Ok(None) };
        let revision = delivery.as_ref().map(|document| document.revision);
        let delivery = match delivery {
            Some(document) => read(&document.body)?,
            None => Delivery::accepted(planned.generation),
        };
        Ok(Some((event, revision, delivery)))
    }
}

/// Returns the first sort key after that of `row`.
fn after(row: &Row) -> String {
    format!("{}\0", row.sort)
}

fn message(
    work: &Work,
    event: &AcceptedEvent,
    planned: Planned,
    run: u32,
    due: Timestamp,
) -> Message {
    let trigger = Trigger::Recover;
    Message {
        id: work.backend.new_id(work.now),
        account: event.account,
        webhook: planned.webhook,
        lane: Lane::Retry,
        due,
        task: Task { event: event.id, environment: event.environment, run, slot: 0, trigger },
        trace: work.backend.trace(),
    }
}
