//! One attempt of a delivery, from receiving its message to recording the outcome.
//!
//! [`situation`] reads what the attempt depends on, [`send`] makes the request, and [`record`] commits
//! the outcome.

mod record;
mod send;
mod situation;

use ports::{Commit, Sender, Unavailable, queue::Leased};

use super::AttemptMade;
use crate::{App, problem::Problem};

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
}
