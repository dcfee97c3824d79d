//! Messages that were sent ahead of their commit, which may still be under way.

use std::{slice, time::Duration};

use domain::delivery::Trigger;
use ports::{
    Commit,
    queue::{Leased, Message},
};

use super::situation::{Seen, Situation};
use crate::{App, problem::Problem, work::may_follow};

/// Pauses after which the commit is looked for again: it is usually milliseconds behind.
pub(super) const PAUSES: [Duration; 3] =
    [Duration::from_millis(20), Duration::from_millis(80), Duration::from_millis(400)];
/// Time after which the message comes again if the commit was not made by then.
const COMES_AGAIN: Duration = Duration::from_secs(5);

/// State in which a message finds its delivery.
#[expect(clippy::large_enum_variant, reason = "one at a time, and the large one is the rule")]
pub(super) enum Found {
    /// Situation, in which it can be worked on.
    Situation(Situation),
    /// There is nothing to deliver.
    Nothing,
    /// The commit that it belongs to was not made, but may still be.
    TooEarly,
}

impl App {
    /// Returns the situation of the delivery that `message` is for, after a short wait if the
    /// message was faster than the commit that it belongs to. It may have been `seen` already.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn found(
        &self,
        message: &Message,
        mut seen: Option<Seen>,
    ) -> Result<Found, Problem> {
        for pause in PAUSES {
            if seen.is_none() {
                seen = self.glance(slice::from_ref(message)).await?.pop();
            }
            let situation = match seen.take() {
                None => None,
                Some(seen) => self.situation_seen(message, seen).await?,
            };
            if !self.is_ahead(message, situation.as_ref()) {
                return Ok(situation.map_or(Found::Nothing, Found::Situation));
            }
            self.backend.clock.sleep(pause).await;
        }
        let situation = self.situation(message).await?;
        if self.is_ahead(message, situation.as_ref()) {
            return Ok(Found::TooEarly);
        }
        Ok(situation.map_or(Found::Nothing, Found::Situation))
    }

    /// Returns whether the commit of `message` was not made by the time of `situation`, and may
    /// still be. Only first attempts of a run are asked for ahead of a commit: of an event that is not
    /// accepted yet, or of a delivery that is not recovered or advanced yet.
    fn is_ahead(&self, message: &Message, situation: Option<&Situation>) -> bool {
        let task = &message.task;
        let lacks = match situation {
            None => task.slot == 0,
            Some(situation) => situation.delivery.run < task.run,
        };
        task.trigger != Trigger::Resend
            && lacks
            && !self.backend.queue.is_transactional()
            && may_follow(message.id.created_at(), self.backend.now())
    }

    /// Puts a message that came too early off for a moment.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn comes_again(&self, leased: &Leased) -> Result<(), Problem> {
        let due = self.backend.now().plus(COMES_AGAIN);
        // Another message, which is as old as this one.
        let id = self.backend.new_id(leased.message.id.created_at());
        let again = Message { id, due, ..leased.message.clone() };
        self.finish(leased, Commit { messages: vec![again], ..Commit::default() }).await
    }
}
