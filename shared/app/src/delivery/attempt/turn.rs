//! Turns: attempts at a webhook that has a rate wait for theirs.
//!
//! An attempt for which the rate has no room is given the next free turn, and comes again at its time
//! with the turn in its message: so each comes again once, however many wait, and none asks in vain.

use std::time::Duration;

use ports::{
    limiter::Budget,
    queue::{Chore, Lane, Message},
};

use super::situation::Situation;
use crate::{App, problem::Problem};

/// Longest time until a waiting attempt is looked at again, whose webhook may have another rate by then,
/// or be disabled. Recovery relies on it being less than its own `SETTLED_WITHIN`.
const LOOKED_AT_EVERY: Duration = Duration::from_mins(30);

impl App {
    /// Returns the message with which the attempt comes again, if it has to wait for its turn under the
    /// webhook's rate. Costs nothing where there is no rate.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn awaits_its_turn(
        &self,
        message: &Message,
        situation: &Situation,
    ) -> Result<Option<Message>, Problem> {
        let rate = situation.webhook.as_ref().and_then(|(_, webhook)| webhook.rate_limit);
        let Some(rate) = rate else { return Ok(None) };
        let (limiter, now) = (&self.backend.limiter, self.backend.now());
        let turn = match message.chore {
            Some(Chore::Wait { turn, rate: of }) if of == rate && limiter.knows(turn) => turn,
            _ => {
                let budget = Budget::Attempts(message.account, message.webhook, rate);
                limiter.reserve(budget, rate.rate(), now).await?
            }
        };
        if turn.at <= now {
            return Ok(None);
        }
        Ok(Some(Message {
            // Another message, which is as old as this one.
            id: self.backend.new_id(message.id.created_at()),
            lane: Lane::Retry,
            due: turn.at.min(now.plus(LOOKED_AT_EVERY)),
            chore: Some(Chore::Wait { turn, rate }),
            ..message.clone()
        }))
    }
}
