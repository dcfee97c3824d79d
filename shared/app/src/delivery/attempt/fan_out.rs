//! Fan-out of an event to more webhooks than one commit asks for: the messages of its first attempts
//! are sent a part at a time.

use ports::{
    Commit,
    queue::{Chore, Leased, Message},
};

use super::awaited::Found;
use crate::{App, problem::Problem};

/// Number of first attempts that one message asks for.
const A_PART: usize = 500;

impl App {
    /// Asks for the first attempts of the event's deliveries from that number on, and for the next
    /// part. A part that is asked for twice finds its attempts made, and they are not made again.
    ///
    /// # Errors
    /// When the backend is unavailable; the message is then received again.
    pub(super) async fn fan_out(&self, leased: &Leased, from: usize) -> Result<(), Problem> {
        let message = &leased.message;
        let event = match self.found(message, None).await? {
            Found::Situation(situation) => situation.event,
            Found::Nothing => return self.finish(leased, Commit::default()).await,
            Found::TooEarly => return self.comes_again(leased).await,
        };
        let sent = event.deliveries.iter().skip(from).take(A_PART);
        let made_at = message.id.created_at();
        let one = |webhook, chore| Message {
            id: self.backend.new_id(made_at),
            webhook,
            chore,
            ..message.clone()
        };
        let mut messages: Vec<Message> = sent.map(|planned| one(planned.webhook, None)).collect();
        let next = from.saturating_add(A_PART);
        if next < event.deliveries.len() {
            messages.push(one(message.webhook, Some(Chore::FanOut { from: next })));
        }
        tracing::debug!(event = %event.id, from, sent = messages.len(), "fanned out");
        self.finish(leased, Commit { messages, ..Commit::default() }).await
    }
}
