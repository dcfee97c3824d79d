//! Simulated death of a process at one of its steps: a call to AWS, or an attempt at a receiver.

use std::{
    fmt,
    future::pending,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{id::AccountId, webhook::WebhookUrl};
use ports::{
    Sender,
    sender::{OutOfSockets, Outcome, Outgoing},
};
use tokio::sync::Notify;

/// Name of the step that is not a call to AWS: the attempt.
pub const SEND: &str = "send";

/// Side of a step on which a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before: the step has no effect.
    Before,
    /// After: the step took effect, but its result is lost.
    After,
}

/// Plan of a process's death, if it is to die.
#[derive(Default)]
pub struct Death {
    state: Mutex<State>,
    died: Notify,
}

#[derive(Default)]
struct State {
    planned: Option<(usize, Side)>,
    steps: Vec<String>,
}

impl Death {
    /// Runs `work` in a process that dies before or after the step with that index (from 0).
    /// Returns its result, none if it died, and the steps that were begun.
    pub async fn amid<T>(
        &self,
        at: (usize, Side),
        work: impl Future<Output = T>,
    ) -> (Option<T>, Vec<String>) {
        *self.state.lock().unwrap() = State { planned: Some(at), steps: vec![] };
        let done = tokio::select! {
            done = work => Some(done),
            () = self.died.notified() => None,
        };
        // The next process is not to die.
        (done, std::mem::take(&mut *self.state.lock().unwrap()).steps)
    }

    pub(crate) async fn around<T>(&self, name: &str, step: impl Future<Output = T>) -> T {
        let (planned, place) = {
            let mut state = self.state.lock().unwrap();
            state.steps.push(name.to_owned());
            (state.planned, state.steps.len() - 1)
        };
        if planned == Some((place, Side::Before)) {
            self.come().await;
        }
        let done = step.await;
        if planned == Some((place, Side::After)) {
            self.come().await;
        }
        done
    }

    async fn come(&self) {
        self.died.notify_one();
        pending::<()>().await;
    }
}

impl fmt::Debug for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Death")
    }
}

/// Sender of a process that can die.
pub(crate) struct Mortal<S> {
    pub(crate) sender: Arc<S>,
    pub(crate) death: Arc<Death>,
}

#[async_trait]
impl<S: Sender> Sender for Mortal<S> {
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        self.death.around(SEND, self.sender.send(account, url, outgoing)).await
    }
}
