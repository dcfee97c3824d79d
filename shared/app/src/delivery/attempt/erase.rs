//! Erasure of what is kept beside an event whose data was erased: bodies in the log of its attempts, and
//! the states of deliveries that wait.
//!
//! It is done twice: at once, and when every attempt has ended that was under way then.

use std::time::Duration;

use domain::{delivery::Delivery, id::LogId};
use ports::{
    Commit,
    queue::{Chore, Lane, Leased, Message},
    store::{CommitError, Key, Write},
};

use crate::{
    App,
    delivery::{
        accept::{delivery_key, put_delivery},
        event::{AcceptedEvent, Planned},
        log::DeliveryRow,
    },
    documents::read,
    problem::Problem,
    views::{Spread, collections},
    work::may_follow,
};

/// Time after which no attempt is under way any more that began before the data was erased: more than one
/// may take, and wait for its record.
const ATTEMPTS_ENDED: Duration = Duration::from_mins(3);
/// Number of deliveries that one message is for.
const A_PART: usize = 100;
/// Writes in one commit: each is a document, with index entries.
const PER_COMMIT: usize = 20;
/// Rows read in one call.
const ROWS: usize = 100;

impl App {
    /// Erases what is kept of the event's deliveries from that number on, and asks for the next part, or
    /// for the second time. What was begun twice finds it erased.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then received again.
    pub(super) async fn erase(
        &self,
        leased: &Leased,
        (from, is_first): (usize, bool),
    ) -> Result<(), Problem> {
        let Message { account, task, .. } = leased.message;
        let store = &*self.backend.store;
        let list = collections::events(account, task.environment);
        let found = Spread::of(store).find(store, &list, task.event).await?;
        let event: Option<AcceptedEvent> = found.map(|found| read(&found.body)).transpose()?;
        let Some(event) = event else { return self.finish(leased, Commit::default()).await };
        if event.erased_at.is_none() {
            let named = leased.message.id.created_at();
            if may_follow(named, self.backend.now()) {
                return self.comes_again(leased).await;
            }
            return self.finish(leased, Commit::default()).await;
        }
        let some = event.deliveries.iter().skip(from).take(A_PART);
        let some: Vec<Planned> = some.copied().collect();
        for writes in self.erased(&event, &some).await?.chunks(PER_COMMIT) {
            let commit = Commit { writes: writes.to_vec(), erases: true, ..Commit::default() };
            match store.commit(commit).await {
                Ok(()) => {}
                Err(CommitError::Unavailable(why)) => return Err(why.into()),
                Err(CommitError::Corrupt(why)) => return Err(why.into()),
                // An attempt ended meanwhile: what it left is read anew.
                Err(_) => return Ok(self.backend.queue.release(&leased.receipt).await?),
            }
        }
        let messages = self.next_erasure(leased, &event, (from, is_first)).into_iter().collect();
        tracing::debug!(event = %event.id, from, is_first, "erased");
        self.finish(leased, Commit { messages, ..Commit::default() }).await
    }

    /// Returns the writes that erase what is kept of these deliveries.
    async fn erased(&self, event: &AcceptedEvent, some: &[Planned]) -> Result<Vec<Write>, Problem> {
        let keys: Vec<Key> = some.iter().map(|planned| delivery_key(event, *planned)).collect();
        let (mut writes, mut logs) = (Vec::new(), Vec::new());
        let found = self.backend.store.get(&keys).await?;
        for (planned, document) in some.iter().zip(found) {
            let Some(document) = document else { continue };
            let delivery: Delivery = read(&document.body)?;
            logs.extend_from_slice(&delivery.logs);
            if delivery.status.is_open() {
                let cancelled = delivery.cancelled();
                let revision = Some(document.revision);
                writes.push(put_delivery(&self.backend, event, *planned, &cancelled, revision));
            }
        }
        for logs in logs.chunks(ROWS) {
            writes.extend(self.without_bodies(event, logs).await?);
        }
        Ok(writes)
    }

    /// Returns the writes that replace these rows by rows without bodies.
    async fn without_bodies(
        &self,
        event: &AcceptedEvent,
        logs: &[LogId],
    ) -> Result<Vec<Write>, Problem> {
        let store = &*self.backend.store;
        let spread = Spread::of(store);
        let keys =
            |log: &LogId| collections::attempt_keys(spread, event.account, event.environment, *log);
        let keys: Vec<Key> = logs.iter().flat_map(keys).collect();
        let mut writes = Vec::new();
        for document in store.get(&keys).await?.into_iter().flatten() {
            let row: DeliveryRow = read(&document.body)?;
            writes.extend(row.without_bodies(&self.backend, event, &document)?);
        }
        Ok(writes)
    }

    /// Returns the message for the next part, or for the second time; none after that.
    fn next_erasure(
        &self,
        leased: &Leased,
        event: &AcceptedEvent,
        (from, is_first): (usize, bool),
    ) -> Option<Message> {
        let now = self.backend.now();
        let next = from.saturating_add(A_PART);
        let (chore, lane, due) = if next < event.deliveries.len() {
            (Chore::Erase { from: next, is_first }, leased.message.lane, now)
        } else if is_first {
            let again = Chore::Erase { from: 0, is_first: false };
            (again, Lane::Retry, now.plus(ATTEMPTS_ENDED))
        } else {
            return None;
        };
        let id = self.backend.new_id(leased.message.id.created_at());
        Some(Message { id, lane, due, chore: Some(chore), ..leased.message.clone() })
    }
}
