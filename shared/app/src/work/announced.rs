//! Announcement of messages, where sending them is not part of a commit.
//!
//! The messages of an acceptance are sent before its commit, and mean nothing without it: a worker
//! that receives one finds the commit made, waits for it, or drops the message. So whatever was
//! accepted is on its way, whichever process dies in between, and nothing was accepted of which
//! the messages could not be sent. The queue is the outbox, at no further write or read; a
//! document beside the event would be a quarter of what accepting one costs.
//!
//! The message of a retry is sent after the commit of the attempt before it: until both are done, that
//! attempt's own message comes back.

use std::time::Duration;

use domain::Timestamp;
use ports::{Commit, Unavailable, queue::Message};

use super::Work;
use crate::{Backend, problem::Problem};

/// Time after the naming of messages within which the commit follows that they were sent ahead of; no
/// later one happens.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(30);
/// Time for which messages are worth keeping without their commit: it may be under way until the
/// end of [`FOLLOWS_WITHIN`], by another machine's clock.
const AWAITED_FOR: Duration = Duration::from_mins(2);

impl Work {
    /// Sends the messages of `commit` ahead of it, if sending is not part of a commit and there is
    /// something by which a worker can tell that the commit was made.
    ///
    /// # Errors
    /// When the queue is unavailable: nothing is to be committed then.
    pub async fn announce(&self, commit: &mut Commit) -> Result<(), Problem> {
        let nothing_follows = commit.messages.is_empty() || commit.writes.is_empty();
        if nothing_follows || self.backend.queue.is_transactional() {
            return Ok(());
        }
        let messages = std::mem::take(&mut commit.messages);
        Ok(send_with(&self.backend, commit, messages).await?)
    }
}

/// Sends `messages` as a part of `commit`: with it, or ahead of it if sending is not part of a commit.
///
/// # Errors
/// When the queue is unavailable: nothing is to be committed then.
pub(crate) async fn send_with(
    backend: &Backend,
    commit: &mut Commit,
    messages: Vec<Message>,
) -> Result<(), Unavailable> {
    if backend.queue.is_transactional() {
        commit.messages.extend(messages);
        return Ok(());
    }
    // By the time that a worker goes by, however long it took to get here.
    let named = messages.iter().map(|message| message.id.created_at()).min();
    let until = named.unwrap_or_else(|| backend.now()).plus(FOLLOWS_WITHIN);
    backend.queue.send(&messages).await?;
    commit.until = Some(commit.until.map_or(until, |earlier| earlier.min(until)));
    Ok(())
}

/// Returns whether the commit of a message that was named at `named` may still be under way at `now`.
pub(crate) fn may_follow(named: Timestamp, now: Timestamp) -> bool {
    now.since(named) < AWAITED_FOR
}
