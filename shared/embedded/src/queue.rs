//! The [`Queue`] port.

use async_trait::async_trait;
use ports::{
    Commit, Queue, ReadError, Unavailable,
    queue::{Lane, Leased, Message, Receipt},
    store::CommitError,
};

use crate::Embedded;

#[async_trait]
impl Queue for Embedded {
    fn is_transactional(&self) -> bool {
        true
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        let commit = Commit { messages: messages.to_vec(), ..Commit::default() };
        self.inner.writer.commit(commit).await.map_err(without_conditions)
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        let mut received = Vec::new();
        while received.len() < most {
            match self.turn(lane).await? {
                Ok(leased) => received.push(leased),
                Err(_wait) => break,
            }
        }
        Ok(received)
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        let commit = Commit { acknowledge: vec![receipt.clone()], ..Commit::default() };
        self.inner.writer.commit(commit).await.map_err(without_conditions)
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.inner.dispatch.release(receipt, self.moment());
        Ok(())
    }
}

/// Converts the error of a commit that has no preconditions, and so can only be unavailable.
fn without_conditions(why: CommitError) -> Unavailable {
    match why {
        CommitError::Unavailable(why) => why,
        why => Unavailable::new("changing the queue", why),
    }
}
