//! First attempts that one message asks for together, where each message costs: they are made side by
//! side, and the message ends with the last of them.

use std::iter;

use domain::id::WebhookId;
use futures_util::future::join_all;
use ports::{
    Commit, Sender,
    queue::{Leased, Message, Receipt},
};
use tracing::Instrument as _;

use super::{record::retry, situation::Seen};
use crate::{App, delivery::AttemptMade, problem::Problem};

impl App {
    /// Makes the attempts at the message's webhook and at `webhooks`. Those that can't be made or recorded
    /// are then asked for one by one, so that the others are settled.
    ///
    /// # Errors
    /// When that is so of all of them, or the backend is unavailable; the message is then received again.
    pub(super) async fn together(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
        webhooks: &[WebhookId],
    ) -> Result<Vec<AttemptMade>, Problem> {
        let message = &leased.message;
        let webhooks = iter::once(message.webhook).chain(webhooks.iter().copied());
        let part = |webhook| Message { webhook, chore: None, ..message.clone() };
        let parts: Vec<Message> = webhooks.map(part).collect();
        let seen: Vec<Option<Seen>> = match self.glance(&parts).await {
            Ok(seen) => seen.into_iter().map(Some).collect(),
            // Of one of them; each finds out by itself.
            Err(why) if why.is_damage() => parts.iter().map(|_| None).collect(),
            Err(why) => return Err(why),
        };
        let part = |message| Leased { message, receipt: Receipt::of_a_part() };
        let parts: Vec<Leased> = parts.into_iter().map(part).collect();
        let attempts = parts.iter().zip(seen).map(|(part, seen)| async move {
            let span = self.attempt_span(&part.message);
            self.one(sender, part, seen).instrument(span).await
        });
        let (mut made, mut failed, mut problem) = (Vec::new(), Vec::new(), None);
        for (outcome, part) in join_all(attempts).await.into_iter().zip(&parts) {
            match outcome {
                Ok(attempt) => made.extend(attempt),
                Err(why) => {
                    failed.push(part);
                    problem = Some(why);
                }
            }
        }
        if let Some(why) = problem.take_if(|_| failed.len() == parts.len()) {
            return Err(why);
        }
        let mut commit = Commit::default();
        for part in &failed {
            self.ask_alone(part, &mut commit).await?;
        }
        if let Some(why) = problem {
            let (left, of) = (failed.len(), parts.len());
            tracing::warn!(why = %why.message, left, of, "attempts are asked for one by one");
        }
        self.finish(leased, commit).await?;
        Ok(made)
    }

    /// Adds to `commit` what is left of a part that failed: the message that asks for it alone. If the attempt
    /// was recorded all the same, the next one is asked for, and it is counted.
    async fn ask_alone(&self, part: &Leased, commit: &mut Commit) -> Result<(), Problem> {
        let message = &part.message;
        let situation = match self.situation(message).await {
            Ok(None) => return Ok(()),
            Ok(situation) => situation,
            Err(why) if why.is_damage() => None,
            Err(why) => return Err(why),
        };
        if let Some(situation) = &situation {
            commit.additions.extend(self.uncounted(part, situation).await?);
            if let Some(next) = self.unsent(part, &situation.delivery) {
                commit.messages.push(retry(message, next));
                return Ok(());
            }
        }
        let id = self.backend.new_id(message.id.created_at());
        commit.messages.push(Message { id, ..message.clone() });
        Ok(())
    }
}
