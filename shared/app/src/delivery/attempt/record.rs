//! Record of an attempt: the commit that ends its message, and what follows from the outcome.

use std::time::Duration;

use domain::delivery::{Attempted, Delivery, Made, NextAttempt, Standing, Status, Task, Trigger};
use ports::{
    Commit, Unavailable,
    queue::{Lane, Leased, Message},
    sender::Outcome,
    store::{Addition, CommitError, Condition, Write},
};

use super::situation::Situation;
use crate::{
    App,
    delivery::{AttemptMade, accept::put_delivery, counts, log::DeliveryRow, unrecorded::Patience},
    documents::{Health, read},
    operational::{exhausted::tell_if_exhausted, failing::tell_if_often},
    problem::Problem,
    resources::webhooks,
    views::{Spread, collections, to_body},
    work::Work,
};

impl App {
    /// Records the attempt, schedules the next one and acknowledges the message, in one commit. The row
    /// of the log may be there ahead of it, as the attempt was made whatever becomes of its record.
    /// After a lost race (with a resend, say) the outcome is applied again to the state that won.
    /// While the backend rejects commits (a full disk, say) the outcome is held in memory, and no
    /// other attempt is begun.
    pub(super) async fn record(
        &self,
        leased: &Leased,
        mut situation: Situation,
        made: &Made,
        outcome: &Outcome,
        took: Duration,
        mut row: DeliveryRow,
    ) -> Result<Option<AttemptMade>, Problem> {
        let mut patience = Patience::new(&self.unrecorded, self.backend.clock.as_ref());
        let mut is_row_kept = None;
        loop {
            let Situation { event, planned, delivery, revision, standing, .. } = &situation;
            let schedule = event.schedule(&self.backend.settings.schedule);
            let attempted = delivery.clone().attempted(made, &schedule, *standing);
            row.attempt = attempted.delivery.attempts;
            row.next_attempt_at = attempted.delivery.next.map(|next| next.due);
            let retention = self.backend.settings.log_retention;
            let additions = counts::additions(event.account, &row, retention, self.part());
            let mut commit = Commit { additions, ..Commit::default() };
            let state =
                put_delivery(&self.backend, event, *planned, &attempted.delivery, *revision);
            let row = row.put(&self.backend, event, made.log);
            let is_kept = match is_row_kept {
                Some(is_kept) => is_kept,
                None => self.backend.keeps_write(event.account, &row).await,
            };
            is_row_kept = Some(is_kept);
            commit.writes.push(state);
            commit.ahead.extend(is_kept.then_some(row));
            commit.writes.extend(Self::health(leased, &situation, made));
            let next = attempted.next.or_else(|| self.unsent(leased, &attempted.delivery));
            commit.messages.extend(next.map(|next| retry(&leased.message, next)));
            commit.acknowledge.extend(leased.acknowledged());
            let states = (delivery, &attempted.delivery);
            let told = tell_if_exhausted(&self.backend, &mut commit, event, *planned, states);
            if let Err(why) = told.await {
                patience.spend_on(why).await?;
                continue;
            }
            let told = AttemptMade::of(&leased.message, event, made, &attempted.delivery);
            let after = self.after(leased, &situation, made, &attempted, outcome, took);
            match self.backend.store.commit(commit).await {
                Ok(()) => return after.await.map(|()| Some(told)),
                Err(CommitError::Unavailable(why)) => patience.spend_on(why.into()).await?,
                Err(CommitError::Corrupt(why)) => return Err(why.into()),
                Err(why @ (CommitError::TooLarge { .. } | CommitError::TooManyItems { .. })) => {
                    drop(after);
                    return self.unrecordable(leased, &why).await.map(|()| Some(told));
                }
                Err(_) => {}
            }
            match self.situation(&leased.message).await {
                // The first commit had succeeded, and only its answer was lost.
                Ok(Some(now)) if now.delivery.logs.contains(&made.log) => {
                    self.pass_over(leased, now, vec![]).await?;
                    return after.await.map(|()| Some(told));
                }
                Ok(Some(now)) => {
                    drop(after);
                    situation = now;
                }
                Ok(None) => {
                    return self.finish(leased, Commit::default()).await.map(|()| Some(told));
                }
                Err(why) => patience.spend_on(why).await?,
            }
        }
    }

    /// Ends a delivery whose attempt can never be recorded: it was made, and would be made again for
    /// ever.
    async fn unrecordable(&self, leased: &Leased, why: &CommitError) -> Result<(), Problem> {
        let Message { account, webhook, task, .. } = &leased.message;
        tracing::error!(%account, %webhook, event = %task.event, error = %why,
            "an attempt can't be recorded; its delivery ends");
        self.finish(leased, Commit::default()).await
    }

    /// Returns the write that updates since when every delivery of the webhook has failed; none if
    /// nothing changes.
    fn health(leased: &Leased, situation: &Situation, made: &Made) -> Option<Write> {
        let key = collections::webhook_health(leased.message.account, leased.message.webhook);
        let after = situation.health.after(made);
        if after == situation.health {
            return None;
        }
        let Some(failing_since) = after.failing_since else {
            return Some(Write::Delete { key, condition: Condition::None });
        };
        Some(Write::Put {
            key,
            body: to_body(&Health::failing_since(failing_since)),
            expires_at: None,
            index: vec![collections::failing_webhook(failing_since, leased.message.webhook)],
            condition: Condition::None,
        })
    }

    /// Logs the consequences of an attempt, and disables webhooks that are gone or have failed for
    /// too long.
    async fn after(
        &self,
        leased: &Leased,
        situation: &Situation,
        made: &Made,
        attempted: &Attempted,
        outcome: &Outcome,
        took: Duration,
    ) -> Result<(), Problem> {
        log_attempt(leased, attempted, outcome, took);
        self.tell_if_failing(situation, made).await;
        let Some(reason) = situation.health.disables(made, attempted.consequence) else {
            return Ok(());
        };
        let Standing::Open { generation } = situation.standing else { return Ok(()) };
        let Message { account, webhook, task, .. } = leased.message;
        let work = Work::of_the_system(self.backend.clone());
        webhooks::disable(&work, (account, task.environment, webhook), generation, reason).await
    }

    /// Tells the operator of a webhook that has failed everything for some time. If that is impossible now,
    /// the next attempt does.
    async fn tell_if_failing(&self, situation: &Situation, made: &Made) {
        let Situation { health, webhook, .. } = situation;
        let (Some(since), Some((_, webhook))) = (health.failing_since, webhook) else { return };
        if situation.is_told || !health.has_failed_for(made, self.backend.settings.failing) {
            return;
        }
        let work = Work::of_the_system(self.backend.clone());
        if let Err(why) = tell_if_often(&self.backend, &work, webhook, since).await {
            tracing::warn!(webhook = %webhook.id, why = %why.message, "the operator could not be told that a webhook fails");
        }
    }

    /// Returns the additions that count again the attempt which this very message made, where the
    /// process that counted it died before these were written. If it did not, and the message came
    /// twice for another reason, the attempt is counted twice.
    pub(super) async fn uncounted(
        &self,
        leased: &Leased,
        situation: &Situation,
    ) -> Result<Vec<Addition>, Problem> {
        let Situation { event, delivery, .. } = situation;
        let is_of_message = delivery.last_message == Some(leased.message.id);
        let log = delivery.logs.last().filter(|_| is_of_message);
        let (Some(log), true) = (log, self.backend.store.gathers_additions()) else {
            return Ok(vec![]);
        };
        let store = &*self.backend.store;
        let [succeeded, failed] = collections::attempts(event.account, event.environment);
        let spread = Spread::of(store);
        let row = match spread.find(store, &succeeded, log).await? {
            None => spread.find(store, &failed, log).await?,
            found => found,
        };
        let row: Option<DeliveryRow> = row.map(|row| read(&row.body)).transpose()?;
        let retention = self.backend.settings.log_retention;
        let part = self.part();
        Ok(row.map_or(vec![], |row| counts::additions(event.account, &row, retention, part)))
    }

    /// Returns the number of the partition that this process adds counts to.
    fn part(&self) -> u8 {
        Spread::of(&*self.backend.store).own(self.number)
    }

    /// Acknowledges a message whose attempt is not to be made: it was made already, the delivery is
    /// settled, or it is cancelled now. Commits `additions` as well.
    pub(super) async fn pass_over(
        &self,
        leased: &Leased,
        situation: Situation,
        additions: Vec<Addition>,
    ) -> Result<(), Problem> {
        let Situation { event, planned, delivery, revision, standing, .. } = situation;
        let mut commit = Commit { additions, ..Commit::default() };
        if let Some(next) = self.unsent(leased, &delivery) {
            commit.messages.push(retry(&leased.message, next));
        } else if delivery.status.is_open() && delivery.standing(standing) == Status::Cancelled {
            let cancelled = delivery.cancelled();
            commit.writes.push(put_delivery(&self.backend, &event, planned, &cancelled, revision));
        }
        self.finish(leased, commit).await
    }

    /// Returns the next attempt that another worker of this very message recorded and may have failed to
    /// send. Whoever ends the message sends it.
    pub(super) fn unsent(&self, leased: &Leased, delivery: &Delivery) -> Option<NextAttempt> {
        // Where a commit brings its messages along, the next one was sent with the record.
        let is_sent = self.backend.queue.is_transactional();
        let next = delivery.unsent_after(leased.message.id).filter(|_| !is_sent)?;
        // Use a new identifier. If the first message was sent after all, two messages with one
        // identifier would each take the other for that of a dead worker and send the next one
        // twice, for ever.
        Some(NextAttempt { message: self.backend.new_id(self.backend.now()), ..next })
    }

    /// Makes the last commit for a message: the writes in `commit`, and the acknowledgement. A lost
    /// race means that somebody else has settled the delivery; then only the acknowledgement is
    /// committed.
    pub(crate) async fn finish(&self, leased: &Leased, mut commit: Commit) -> Result<(), Problem> {
        let receipt = leased.acknowledged();
        commit.acknowledge.extend(receipt.clone());
        match (self.backend.store.commit(commit).await, receipt) {
            (Ok(()), _) => Ok(()),
            (Err(CommitError::Unavailable(why)), _) => Err(why.into()),
            (Err(CommitError::Corrupt(why)), _) => Err(why.into()),
            (Err(_), Some(receipt)) => Ok(self.backend.queue.release(&receipt).await?),
            (Err(why), None) => Err(Unavailable::new("ending a part of a message", why).into()),
        }
    }
}

/// Returns the message for the next attempt.
pub(super) fn retry(message: &Message, next: NextAttempt) -> Message {
    let task = Task { slot: next.slot, trigger: Trigger::Schedule, ..message.task };
    Message {
        id: next.message,
        lane: Lane::Retry,
        due: next.due,
        task,
        chore: None,
        ..message.clone()
    }
}

/// Logs an attempt in one line for the operator, without the payload, the URL or a secret.
fn log_attempt(leased: &Leased, attempted: &Attempted, outcome: &Outcome, took: Duration) {
    let Message { account, webhook, task, .. } = &leased.message;
    let (event, attempt, status) =
        (task.event, attempted.delivery.attempts, attempted.delivery.status);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let span = tracing::Span::current();
    match outcome {
        Outcome::Answered(answer) => span.record("status", answer.status),
        Outcome::Failed(failure) => span.record("status", failure.code.as_str()),
    };
    match outcome {
        Outcome::Answered(answer) if status == Status::Delivered => {
            tracing::debug!(%account, %webhook, %event, attempt, answer.status, ms, "delivered");
        }
        Outcome::Answered(answer) => {
            tracing::info!(%account, %webhook, %event, attempt, answer.status, ms, %status, "attempt failed");
        }
        Outcome::Failed(failure) => {
            tracing::info!(%account, %webhook, %event, attempt, error = %failure.code, ms, %status, "attempt failed");
        }
    }
}
