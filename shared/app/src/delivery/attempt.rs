//! One attempt of a delivery, from receiving its message to recording the outcome.

use std::{sync::Arc, time::Duration};

use domain::{
    Timestamp,
    delivery::{
        Attempted, Consequence, Delivery, Failure, FailureCode, Made, NextAttempt, Standing,
        Status, Task, Trigger,
    },
    id::LogId,
    redaction::KnownSecrets,
    webhook::DisabledReason,
};
use ports::{
    Commit, Sender, Unavailable,
    queue::{Lane, Leased, Message},
    sender::Outcome,
    store::{CommitError, Condition, Document, Write},
    vault::VaultError,
};
use serde::{Deserialize, Serialize};

use super::{
    accept::put_delivery,
    event::{AcceptedEvent, Planned, standing},
    log::DeliveryRow,
    made::AttemptMade,
    unrecorded::Patience,
};
use crate::{
    App,
    problem::Problem,
    resources::webhooks,
    views::{collections, to_body},
    work::{Work, read},
};

/// Period of failing every delivery after which a webhook is disabled.
const FAILING_TOO_LONG: Duration = Duration::from_hours(60 * 24);

/// Document with the time since when every delivery of a webhook has failed; absent while it works.
#[derive(Serialize, Deserialize)]
pub(crate) struct Health {
    pub(crate) failing_since: Timestamp,
}

/// State that an attempt depends on, read in one call.
struct Situation {
    event: Arc<AcceptedEvent>,
    planned: Planned,
    delivery: Delivery,
    /// Revision of the delivery's document; none if there is none yet.
    revision: Option<u64>,
    standing: Standing,
    webhook: Option<Document>,
    failing_since: Option<Timestamp>,
}

impl App {
    /// Does what one message asks for, and returns the attempt if `sender` was called. When this
    /// returns `Ok` the message is acknowledged.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then received again.
    pub async fn deliver(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
    ) -> Result<Option<AttemptMade>, Problem> {
        let message = &leased.message;
        if self.unrecorded.any() {
            let why = "an earlier attempt can't be recorded";
            return Err(Unavailable::new("making an attempt", why).into());
        }
        let Some(situation) = self.situation(message).await? else {
            // The event is no longer stored: nobody can ask for it, and there is nothing to send.
            return self.finish(leased, Commit::default()).await.map(|()| None);
        };
        if !situation.delivery.wants(&message.task, situation.standing) {
            return self.pass_over(leased, situation).await.map(|()| None);
        }
        self.attempt(sender, leased, situation).await
    }

    async fn situation(&self, message: &Message) -> Result<Option<Situation>, Problem> {
        let Message { account, webhook, task, .. } = *message;
        let keys = [
            collections::events(account, task.environment).key(task.event),
            collections::deliveries(account, task.event).key(webhook),
            collections::webhooks(account, task.environment).key(webhook),
            collections::accounts().key(account),
            collections::webhook_health(account, webhook),
        ];
        let documents = self.backend.store.get(&keys).await?;
        let [event, delivery, webhook_document, account, health] = <[_; 5]>::try_from(documents)
            .map_err(|_| {
                Unavailable::new("reading a delivery", "some documents are not answered for")
            })?;
        let Some(event) = event else { return Ok(None) };
        let event = self.readings.event(task.event, &event)?;
        let Some(planned) =
            event.deliveries.iter().find(|planned| planned.webhook == webhook).copied()
        else {
            return Ok(None);
        };
        let standing = self.standing(message, account.as_ref(), webhook_document.as_ref())?;
        let revision = delivery.as_ref().map(|document| document.revision);
        let delivery = match delivery {
            None => Delivery::accepted(planned.generation),
            Some(document) => read(&document.body)?,
        };
        let health: Option<Health> = health.map(|document| read(&document.body)).transpose()?;
        Ok(Some(Situation {
            event,
            planned,
            delivery,
            revision,
            standing,
            webhook: webhook_document,
            failing_since: health.map(|health| health.failing_since),
        }))
    }

    /// Returns the standing of the webhook of `message`, from the account and webhook if they
    /// exist.
    fn standing(
        &self,
        message: &Message,
        account: Option<&Document>,
        webhook: Option<&Document>,
    ) -> Result<Standing, Problem> {
        let (Some(account), Some(webhook)) = (account, webhook) else {
            return Ok(Standing::Closed);
        };
        let account = self.readings.account(message.account, account)?;
        let webhook = self.readings.webhook(message.webhook, webhook)?;
        Ok(standing(&account.state, &webhook))
    }

    /// Acknowledges a message whose attempt is not to be made: it was made already, the delivery is
    /// settled, or it is cancelled now.
    async fn pass_over(&self, leased: &Leased, situation: Situation) -> Result<(), Problem> {
        let Situation { event, planned, delivery, revision, standing, .. } = situation;
        let mut commit = Commit::default();
        if let Some(next) = delivery.unsent_after(leased.message.id) {
            // Use a new identifier. If the first message was sent after all, two messages with one
            // identifier would each take the other for that of a dead worker and send the next one
            // twice, for ever.
            let message = self.backend.new_id(self.backend.now());
            commit.messages.push(retry(&leased.message, NextAttempt { message, ..next }));
        } else if delivery.status.is_open() && delivery.standing(standing) == Status::Cancelled {
            let cancelled = delivery.cancelled();
            commit.writes.push(put_delivery(&self.backend, &event, planned, &cancelled, revision));
        }
        self.finish(leased, commit).await
    }

    async fn attempt(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
        situation: Situation,
    ) -> Result<Option<AttemptMade>, Problem> {
        let now = self.backend.now();
        let began = self.backend.clock.monotonic();
        let message = &leased.message;
        let log: LogId = self.backend.new_id(now);
        let mut row = DeliveryRow::begun(&situation.event, message, now);
        let target = match &situation.webhook {
            None => Err(VaultError::Gone),
            Some(document) => self.targets.of(&self.backend, document, message.webhook, now).await,
        };
        let (outcome, target) = match target {
            Ok(target) => {
                let outgoing = self.outgoing(&situation.event, &target, now, &mut row).await?;
                let outcome = match outgoing {
                    Ok(outgoing) => sender.send(message.account, &target.url, outgoing).await,
                    Err(failure) => Outcome::Failed(failure),
                };
                (outcome, Some(target))
            }
            Err(VaultError::Unavailable(why)) => return Err(why.into()),
            Err(VaultError::Gone) => {
                let message = "The webhook's secrets are gone.".to_owned();
                (Outcome::Failed(Failure { code: FailureCode::Secrets, message }), None)
            }
        };
        let took = self.backend.clock.monotonic().saturating_sub(began);
        row.add_outcome(
            &outcome,
            took,
            target.as_ref().map_or(&KnownSecrets::default(), |t| &t.known),
        );
        let made = made(&self.backend, message, &outcome, now, log);
        self.record(leased, situation, &made, &outcome, took, row).await
    }

    /// Records the attempt, schedules the next one and acknowledges the message, in one commit.
    /// After a lost race (with a resend, say) the outcome is applied again to the state that won.
    /// While the backend rejects commits (a full disk, say) the outcome is held in memory, and no
    /// other attempt is begun.
    async fn record(
        &self,
        leased: &Leased,
        mut situation: Situation,
        made: &Made,
        outcome: &Outcome,
        took: Duration,
        mut row: DeliveryRow,
    ) -> Result<Option<AttemptMade>, Problem> {
        let mut patience = Patience::new(self);
        loop {
            let Situation { event, planned, delivery, revision, standing, .. } = &situation;
            let attempted =
                delivery.clone().attempted(made, &self.backend.settings.schedule, *standing);
            row.attempt = attempted.delivery.attempts;
            row.next_attempt_at = attempted.delivery.next.map(|next| next.due);
            let mut commit = Commit::default();
            let state =
                put_delivery(&self.backend, event, *planned, &attempted.delivery, *revision);
            commit.writes.extend([state, row.put(&self.backend, event, made.log)]);
            commit.writes.extend(Self::health(leased, &situation, made));
            commit.messages.extend(attempted.next.map(|next| retry(&leased.message, next)));
            commit.acknowledge.push(leased.receipt.clone());
            let told = AttemptMade::of(&leased.message, event, made, &attempted.delivery);
            let after = self.after(leased, &situation, made, &attempted, outcome, took);
            match self.backend.store.commit(commit).await {
                Ok(()) => return after.await.map(|()| Some(told)),
                Err(CommitError::Unavailable(why)) => patience.spend_on(why.into()).await?,
                Err(why @ (CommitError::TooLarge { .. } | CommitError::TooManyItems { .. })) => {
                    return Err(Unavailable::new("recording an attempt", why).into());
                }
                Err(_) => {}
            }
            match self.situation(&leased.message).await {
                // The first commit had succeeded, and only its answer was lost.
                Ok(Some(now)) if now.delivery.logs.contains(&made.log) => {
                    self.pass_over(leased, now).await?;
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

    /// Returns the write that updates since when every delivery of the webhook has failed; none if
    /// nothing changes.
    fn health(leased: &Leased, situation: &Situation, made: &Made) -> Option<Write> {
        let key = collections::webhook_health(leased.message.account, leased.message.webhook);
        match (made.succeeded(), situation.failing_since) {
            (true, None) | (false, Some(_)) => None,
            // An attempt that was not sent says nothing about the receiver.
            (false, None) if made.is_final => None,
            (true, Some(_)) => Some(Write::Delete { key, condition: Condition::None }),
            (false, None) => Some(Write::Put {
                key,
                body: to_body(&Health { failing_since: made.began }),
                expires_at: None,
                index: vec![collections::failing_webhook(made.began, leased.message.webhook)],
                condition: Condition::None,
            }),
        }
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
        let failing_for = situation.failing_since.map(|since| made.began.since(since));
        let reason = match attempted.consequence {
            Consequence::WebhookGone => DisabledReason::Gone,
            Consequence::None
                if !made.succeeded()
                    && failing_for.is_some_and(|long| long >= FAILING_TOO_LONG) =>
            {
                DisabledReason::Failing
            }
            Consequence::None => return Ok(()),
        };
        let Standing::Open { generation } = situation.standing else { return Ok(()) };
        let Message { account, webhook, task, .. } = leased.message;
        let work = Work::of_the_system(self.backend.clone());
        webhooks::disable(&work, (account, task.environment, webhook), generation, reason).await
    }

    /// Makes the last commit for a message: the writes in `commit`, and the acknowledgement. A lost
    /// race means that somebody else has settled the delivery; then only the acknowledgement is
    /// committed.
    async fn finish(&self, leased: &Leased, mut commit: Commit) -> Result<(), Problem> {
        commit.acknowledge.push(leased.receipt.clone());
        match self.backend.store.commit(commit).await {
            Ok(()) => Ok(()),
            Err(CommitError::Unavailable(why)) => Err(why.into()),
            Err(_) => Ok(self.backend.queue.release(&leased.receipt).await?),
        }
    }
}

fn made(
    backend: &crate::Backend,
    message: &Message,
    outcome: &Outcome,
    began: Timestamp,
    log: LogId,
) -> Made {
    let ended = backend.now();
    let (response_status, is_final, retry_after) = match outcome {
        Outcome::Failed(failure) => (None, failure.code.is_final(), None),
        Outcome::Answered(answer) => (Some(answer.status), false, retry_after(answer)),
    };
    Made {
        message: message.id,
        task: message.task,
        began,
        ended,
        response_status,
        is_final,
        retry_after,
        log,
        next_message: backend.new_id(ended),
    }
}

/// Returns the delay in `Retry-After`, which counts on 429 and 503 only (Standard Webhooks 1.0.0).
fn retry_after(answer: &ports::sender::Answer) -> Option<Duration> {
    let counts = matches!(answer.status, 429 | 503);
    answer.retry_after_seconds.filter(|_| counts).map(|seconds| Duration::from_secs(seconds.into()))
}

/// Returns the message for the next attempt.
fn retry(message: &Message, next: NextAttempt) -> Message {
    let task = Task { slot: next.slot, trigger: Trigger::Schedule, ..message.task };
    Message { id: next.message, lane: Lane::Retry, due: next.due, task, ..message.clone() }
}

/// Logs an attempt in one line for the operator, without the payload, the URL or a secret.
fn log_attempt(leased: &Leased, attempted: &Attempted, outcome: &Outcome, took: Duration) {
    let Message { account, webhook, task, .. } = &leased.message;
    let (event, attempt, status) =
        (task.event, attempted.delivery.attempts, attempted.delivery.status);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
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
