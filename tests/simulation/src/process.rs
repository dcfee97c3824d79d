//! Process of the simulated product: what a crash forgets, and the workers that it runs.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::{App, Backend, OperatorTokenHash, Settings};
use axum::Router;
use contracts::ManualClock;
use domain::Secret;
use embedded::MemoryLimiter;
use futures_util::future::join_all;
use ports::{
    Clock, Limiter, Queue, Unavailable,
    queue::{Lane, Leased},
};
use sealed::{KeyRing, SealedVault};

use crate::{
    Apart, Bug, Faults, Network, OPERATOR_TOKEN, SeededIds,
    apart::ApartVault,
    bug::{Buggy, BuggyVault, Lenient},
    executor::{Executor, Kind, Spawner},
    faulty::Faulty,
    identity::SimulatedProvider,
};

/// Largest number of messages received at a time.
const BATCH: usize = 10;
/// Pause of a worker after an error of the backend.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// Process: everything that a crash forgets.
pub(crate) struct Process {
    pub(crate) app: App,
    /// Router, created on first use because generating the OpenAPI document is slow.
    router: OnceLock<Router>,
    pub(crate) queue: Arc<Faulty<Buggy>>,
    pub(crate) vault: Arc<SealedVault>,
    pub(crate) executor: Executor,
}

impl Process {
    pub(crate) fn router(&self) -> Router {
        // The API and the routes for pages only, as the dashboard calls them.
        let whole = || self.app.router().merge(self.app.page_router());
        self.router.get_or_init(whole).clone()
    }
}

/// Parts that a process is started with.
pub(crate) struct Parts<'a> {
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) bug: Option<Bug>,
    pub(crate) ids: &'a Arc<SeededIds>,
    pub(crate) disk: &'a Arc<Buggy>,
    pub(crate) network: &'a Arc<Network>,
    pub(crate) faults: &'a Arc<Faults>,
    pub(crate) ring: &'a Secret,
    pub(crate) apart: &'a Arc<Apart>,
    pub(crate) settings: &'a Settings,
}

impl Parts<'_> {
    #[expect(clippy::expect_used, reason = "the ring's own text is a ring")]
    pub(crate) fn start(&self) -> Process {
        let ring = KeyRing::parse(self.ring.expose()).expect("a key ring");
        let sealed = Arc::new(SealedVault::new(self.disk.clone(), self.ids.clone(), ring));
        let (faults, apart) = (self.faults.clone(), self.apart.clone());
        let vault = ApartVault { faults, sealed: sealed.clone(), apart };
        let vault = Arc::new(BuggyVault::new(Arc::new(vault), self.bug));
        let limiter: Arc<dyn Limiter> = match self.bug {
            Some(Bug::LimitsNothing) => Arc::new(Lenient::default()),
            _ => Arc::new(MemoryLimiter::new(self.ids.as_ref())),
        };
        let queue = Arc::new(Faulty { faults: self.faults.clone(), port: self.disk.clone() });
        let app = App::new(Backend {
            store: queue.clone(),
            queue: queue.clone(),
            vault: Arc::new(Faulty { faults: self.faults.clone(), port: vault }),
            vetting: self.network.clone(),
            tally: Arc::default(),
            limiter,
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            operator: Arc::new(OperatorTokenHash::of(&Secret::new(OPERATOR_TOKEN))),
            identity: Some(Arc::new(SimulatedProvider)),
            telling: Arc::new(app::Operational),
            traces: None,
            settings: Arc::new(self.settings.clone()),
        });
        let executor = Executor::default();
        Process { app, router: OnceLock::new(), queue, vault: sealed, executor }
    }
}

/// Worker that takes messages from the queue to the application.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) app: App,
    pub(crate) queue: Arc<Faulty<Buggy>>,
    pub(crate) network: Arc<Network>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) spawner: Spawner,
}

impl Worker {
    pub(crate) async fn receive(self, lane: Lane) {
        match self.queue.receive(lane, BATCH).await {
            Err(_) => self.clock.sleep(PAUSE).await,
            Ok(received) if self.faults.functions.are_used() => self.answer_for(received).await,
            Ok(received) => {
                for leased in received {
                    self.spawner.spawn(Kind::Deliver, self.clone().deliver(leased));
                }
            }
        }
    }

    /// Makes the attempts of a batch, writes what they count, and acknowledges those that were recorded.
    async fn answer_for(&self, batch: Vec<Leased>) {
        let functions = &self.faults.functions;
        functions.received(batch.len());
        let made = batch.iter().map(|leased| self.app.deliver(&*self.network, leased));
        let made = join_all(made).await;
        // What can't be written is with the next batch.
        _ = self.app.backend.store.settle().await;
        let recorded = batch.iter().zip(made).filter(|(_, made)| made.is_ok());
        let answer = async {
            for (leased, _) in recorded {
                self.queue.port.acknowledge(&leased.receipt).await?;
            }
            Ok::<_, Unavailable>(())
        };
        // Unless it arrives, all of it comes back.
        _ = self.faults.around("queue.acknowledge", answer).await;
        functions.answered();
    }

    async fn deliver(self, leased: Leased) {
        let Err(problem) = self.app.deliver(&*self.network, &leased).await else { return };
        // Elsewhere a message that fails for long becomes a dead letter.
        let defers = problem.is_damage() && self.queue.is_transactional();
        if defers && self.app.defer(&leased).await.is_ok() {
            return;
        }
        self.faults.excuse(1);
        self.clock.sleep(PAUSE).await;
        // If the release fails too, the lease ends by itself.
        _ = self.queue.release(&leased.receipt).await;
    }
}
