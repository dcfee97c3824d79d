//! Request of an attempt: opened secrets, the signed body, and the outcome of sending it.

use std::time::Duration;

use domain::{
    Timestamp,
    delivery::{Failure, FailureCode, Made},
    id::LogId,
    redaction::KnownSecrets,
};
use ports::{
    Sender, Unavailable,
    queue::{Leased, Message},
    sender::Outcome,
    vault::VaultError,
};

use super::situation::Situation;
use crate::{
    App, Backend,
    delivery::{AttemptMade, log::DeliveryRow},
    problem::Problem,
};

impl App {
    /// Makes the attempt that `leased` asks for, and records it.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn attempt(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
        situation: Situation,
    ) -> Result<Option<AttemptMade>, Problem> {
        tracing::Span::current().record("attempt", situation.delivery.attempts + 1);
        let now = self.backend.now();
        let began = self.backend.clock.monotonic();
        let message = &leased.message;
        let log: LogId = self.backend.new_id(now);
        let mut row = DeliveryRow::begun(&situation.event, message, now);
        let target = match &situation.webhook {
            None => Err(VaultError::Gone),
            Some((document, webhook)) => {
                self.targets.of(&self.backend, document, webhook, now).await
            }
        };
        let (outcome, target) = match target {
            Ok(target) => {
                let outgoing = self.outgoing(&situation.event, &target, now, &mut row).await?;
                let outcome = match outgoing {
                    // Not an attempt: the message is put back.
                    Ok(outgoing) => sender
                        .send(message.account, &target.url, outgoing)
                        .await
                        .map_err(|why| Unavailable::new("making an attempt", why))?,
                    Err(failure) => Outcome::Failed(failure),
                };
                (outcome, Some(target))
            }
            Err(VaultError::Gone) => {
                let message = "The webhook's secrets are gone.".to_owned();
                (Outcome::Failed(Failure { code: FailureCode::Secrets, message }), None)
            }
            Err(why) => return Err(why.into()),
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
}

fn made(
    backend: &Backend,
    message: &Message,
    outcome: &Outcome,
    began: Timestamp,
    log: LogId,
) -> Made {
    let ended = backend.now();
    let (response_status, is_final, retry_after) = match outcome {
        Outcome::Failed(failure) => (None, failure.code.is_final(), None),
        Outcome::Answered(answer) => {
            let seconds = answer.retry_after_seconds;
            let after = seconds.map(|seconds| Duration::from_secs(seconds.into()));
            (Some(answer.status), false, after)
        }
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
