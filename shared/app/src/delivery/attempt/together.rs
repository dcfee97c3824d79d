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

use crate::{App, delivery::AttemptMade, problem::Problem};

impl App {
    /// Makes the attempts at the message's webhook and at `webhooks`. If one can't be recorded, all are
    /// asked for again, and those that were are not made again.
    ///
    /// # Errors
    /// When the backend is unavailable, or what one of them needs is damaged; the message is then received
    /// again.
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
        let seen = self.glance(&parts).await?;
        let attempts = parts.into_iter().zip(seen).map(|(message, seen)| async move {
            let span = self.attempt_span(&message);
            let part = Leased { message, receipt: Receipt::of_a_part() };
            self.one(sender, &part, Some(seen)).instrument(span).await
        });
        let made: Vec<Option<AttemptMade>> =
            join_all(attempts).await.into_iter().collect::<Result<_, _>>()?;
        self.finish(leased, Commit::default()).await?;
        Ok(made.into_iter().flatten().collect())
    }
}
