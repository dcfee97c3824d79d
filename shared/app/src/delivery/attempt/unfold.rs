//! Unfolding of a batch: its events are put in place, and their first attempts asked for.

use domain::{delivery::Trigger, id::MessageId};
use ports::{Commit, queue::Leased};

use super::awaited::PAUSES;
use crate::{
    App,
    delivery::{
        accept::first_messages,
        batch::{Place, Unfolding, missing, put_in_place},
        event::AcceptedEvent,
    },
    problem::Problem,
    work::may_follow,
};

impl App {
    /// Unfolds the batch of that name, if it was accepted. What was begun twice, because a worker died
    /// over it, finds the events in place, and their attempts made.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then received again.
    pub(super) async fn unfold(&self, leased: &Leased, batch: MessageId) -> Result<(), Problem> {
        let (store, account) = (&*self.backend.store, leased.message.account);
        let place = Place { account, batch };
        let mut unfolding = Unfolding::read(store, place).await?;
        for pause in PAUSES {
            if unfolding.is_none() && may_follow(batch.created_at(), self.backend.now()) {
                self.backend.clock.sleep(pause).await;
                unfolding = Unfolding::read(store, place).await?;
            }
        }
        let Some(unfolding) = unfolding else {
            if may_follow(batch.created_at(), self.backend.now()) {
                return self.comes_again(leased).await;
            }
            return self.finish(leased, Commit::default()).await;
        };
        let events = &unfolding.events;
        put_in_place(&self.backend, &missing(store, events).await?).await?;
        let now = self.backend.now();
        let first = |event: &AcceptedEvent| {
            first_messages(&self.backend, now, event, &event.deliveries, Trigger::Schedule)
        };
        let messages: Vec<_> = events.iter().flat_map(first).collect();
        // They must be there before the batch is let go.
        self.backend.queue.send(&messages).await?;
        tracing::debug!(%account, events = events.len(), sent = messages.len(), "unfolded a batch");
        let writes = unfolding.done(place, now);
        self.finish(leased, Commit { writes, ..Commit::default() }).await
    }
}
