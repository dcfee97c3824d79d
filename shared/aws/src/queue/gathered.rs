//! Sends that are asked for side by side, which go out together: SQS charges by the request.
//!
//! Nobody waits for others to come. Whoever finds a send under way is part of the next one.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use futures_util::lock;
use ports::{Unavailable, queue::Message};

use super::SqsQueue;

/// Outcome of a send, once there is one.
type Outcome = Arc<OnceLock<Result<(), Unavailable>>>;

/// Messages that wait to be sent.
#[derive(Default)]
pub(super) struct Gathered {
    waiting: Mutex<Vec<(Vec<Message>, Outcome)>>,
    turn: lock::Mutex<()>,
}

impl Gathered {
    fn waiting(&self) -> MutexGuard<'_, Vec<(Vec<Message>, Outcome)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SqsQueue {
    /// Sends all of `messages`, or fails; then some may have been sent.
    pub(super) async fn send_gathered(&self, messages: &[Message]) -> Result<(), Unavailable> {
        let outcome = Outcome::default();
        self.gathered.waiting().push((messages.to_vec(), outcome.clone()));
        let turn = self.gathered.turn.lock().await;
        if outcome.get().is_none() {
            let together = mem::take(&mut *self.gathered.waiting());
            self.send_each(&together).await;
        }
        drop(turn);
        let gave_up = || Unavailable::new("sending messages", "whoever sent them gave up");
        outcome.get().cloned().unwrap_or_else(|| Err(gave_up()))
    }

    /// Sends the messages of several callers, and tells each its own outcome.
    async fn send_each(&self, together: &[(Vec<Message>, Outcome)]) {
        let all = together.iter().flat_map(|(messages, _)| messages.iter().cloned());
        let failed = self.relay_all(&all.collect::<Vec<_>>()).await;
        let mut begin = 0;
        for (messages, outcome) in together {
            let own = begin..begin + messages.len();
            begin = own.end;
            let why = failed.iter().find(|(place, _)| own.contains(place));
            _ = outcome.set(why.map_or(Ok(()), |(_, why)| Err(why.clone())));
        }
    }
}
