//! Workers: they make an attempt for every message that is due.
//!
//! The queue ensures fairness among endpoints and bounds concurrency: it hands out no more messages
//! than may run.

use std::{sync::Arc, time::Duration};

use app::App;
use embedded::Embedded;
use ports::{
    Chain, Clock, Queue as _, Sender,
    queue::{Lane, Leased},
};
use tokio::{sync::watch, task::JoinSet};
use tracing::Instrument as _;

/// Time limit of attempts under way once the server is ending.
const LAST_ATTEMPTS: Duration = Duration::from_secs(15);
/// Pause before a message is released that could not be worked on: the backend is unavailable, and
/// calling it again at once would keep it so.
const UNAVAILABLE: Duration = Duration::from_secs(1);

/// Makes attempts, first ones and retries separately, until `ending` completes; then lets those
/// under way finish.
pub(crate) async fn work(
    app: Arc<App>,
    sender: Arc<dyn Sender>,
    store: Embedded,
    clock: Arc<dyn Clock>,
    ending: watch::Receiver<bool>,
) {
    let worker = Worker { app, sender, store, clock };
    tokio::join!(
        worker.clone().serve(Lane::First, ending.clone()),
        worker.serve(Lane::Retry, ending)
    );
}

#[derive(Clone)]
struct Worker {
    app: Arc<App>,
    sender: Arc<dyn Sender>,
    store: Embedded,
    clock: Arc<dyn Clock>,
}

impl Worker {
    async fn serve(self, lane: Lane, mut ending: watch::Receiver<bool>) {
        let mut attempts = JoinSet::new();
        loop {
            let leased = tokio::select! {
                biased;
                _ = ending.wait_for(|ending| *ending) => break,
                leased = self.store.next(lane) => leased,
            };
            while attempts.try_join_next().is_some() {}
            let span = self.app.attempt_span(&leased.message);
            attempts.spawn(self.clone().attempt(leased).instrument(span));
            // Whoever else is ready comes first: a thousand attempts that begin at once would otherwise
            // stand before every request.
            tokio::task::yield_now().await;
        }
        let finish = async { while attempts.join_next().await.is_some() {} };
        let finished = tokio::select! {
            () = finish => true,
            () = self.clock.sleep(LAST_ATTEMPTS) => false,
        };
        if !finished {
            tracing::warn!(
                attempts = attempts.len(),
                ?lane,
                "released messages whose attempts did not finish"
            );
            attempts.shutdown().await;
        }
    }

    async fn attempt(self, leased: Leased) {
        // Boxed, so that a task that is begun is not copied several times over.
        let Err(problem) = Box::pin(self.app.deliver(&*self.sender, &leased)).await else { return };
        let message = &leased.message;
        tracing::error!(
            message = %message.id,
            account = %message.account,
            webhook = %message.webhook,
            why = %problem.message,
            "a message could not be worked on"
        );
        if problem.is_damage() && self.app.defer(&leased).await.is_ok() {
            return;
        }
        self.clock.sleep(UNAVAILABLE).await;
        if let Err(why) = self.store.release(&leased.receipt).await {
            tracing::error!(error = %Chain(&why), "a message could not be released");
        }
    }
}
