//! One attempt of a delivery, from receiving its message to recording the outcome.
//!
//! [`situation`] reads what the attempt depends on, [`send`] makes the request, and [`record`] commits
//! the outcome.

mod awaited;
mod erase;
mod fan_out;
mod record;
mod send;
mod situation;
mod together;
mod turn;
mod unfold;

use std::time::Duration;

use ports::{
    Commit, Sender, Unavailable,
    queue::{Chore, Lane, Leased, Message, Recovery},
};

use self::{awaited::Found, situation::Seen};
use super::AttemptMade;
use crate::{App, problem::Problem};

/// Time until an attempt is tried again that found something damaged, whether the server is started anew
/// meanwhile or not: short enough for whoever has repaired it and waits, and long enough for a thousand
/// such attempts to cost nothing.
const DAMAGE_LASTS: Duration = Duration::from_mins(10);

impl App {
    /// Does what one message asks for, and returns the attempts for which `sender` was called. When this
    /// returns `Ok` the message is acknowledged.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged ([`Problem::is_damage`]). The
    /// message is then received again, unless the caller [defers](Self::defer) it.
    pub async fn deliver(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
    ) -> Result<Vec<AttemptMade>, Problem> {
        let done = match &leased.message.chore {
            None | Some(Chore::Wait { .. }) => {
                let made = self.one(sender, leased, None).await;
                return made.map(|made| made.into_iter().collect());
            }
            Some(Chore::Together { webhooks }) => {
                return self.together(sender, leased, webhooks).await;
            }
            Some(Chore::Recover(state)) => self.recover_on(leased, Recovery::clone(state)).await,
            Some(Chore::FanOut { from }) => self.fan_out(leased, *from).await,
            Some(Chore::Unfold { batch }) => self.unfold(leased, *batch).await,
            Some(Chore::Erase { from, is_first }) => self.erase(leased, (*from, *is_first)).await,
        };
        done.map(|()| vec![])
    }

    /// Makes the one attempt that a message asks for, if it is still wanted. What it depends on may have been
    /// `seen` already.
    async fn one(
        &self,
        sender: &dyn Sender,
        leased: &Leased,
        seen: Option<Seen>,
    ) -> Result<Option<AttemptMade>, Problem> {
        let message = &leased.message;
        if self.unrecorded.any() {
            let why = "an earlier attempt can't be recorded";
            return Err(Unavailable::new("making an attempt", why).into());
        }
        let situation = match self.found(message, seen).await? {
            Found::Situation(situation) => situation,
            // The event is no longer stored: nobody can ask for it, and there is nothing to send.
            // Or it was never accepted.
            Found::Nothing => return self.finish(leased, Commit::default()).await.map(|()| None),
            Found::TooEarly => return self.comes_again(leased).await.map(|()| None),
        };
        if !situation.delivery.wants(&message.task, situation.standing) {
            let additions = self.uncounted(leased, &situation).await?;
            return self.pass_over(leased, situation, additions).await.map(|()| None);
        }
        if let Some(later) = self.awaits_its_turn(message, &situation).await? {
            let commit = Commit { messages: vec![later], ..Commit::default() };
            return self.finish(leased, commit).await.map(|()| None);
        }
        self.attempt(sender, leased, situation).await
    }

    /// Puts a message off for `DAMAGE_LASTS`, because what it needs is damaged and trying again at
    /// once would find the same. Nothing is lost: the attempt is made once somebody has repaired
    /// that, and the message ends with its event, which expires.
    ///
    /// For backends without a dead-letter queue.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn defer(&self, leased: &Leased) -> Result<(), Problem> {
        let due = self.backend.now().plus(DAMAGE_LASTS);
        let later = Message { lane: Lane::Retry, due, ..leased.message.clone() };
        self.finish(leased, Commit { messages: vec![later], ..Commit::default() }).await
    }
}
