//! Simulation: a running Latchhook in simulated time.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use app::{App, Settings, resealing::Resealed};
use axum::body::Body;
use contracts::ManualClock;
use domain::{Secret, Timestamp};
use futures_util::FutureExt as _;
use http::Request;
use http_body_util::BodyExt as _;
use ports::{Clock, Ids, queue::Lane};
use sealed::{KeyRing, SealedVault};
use tower::ServiceExt as _;

use crate::{
    Answer, Apart, Bug, Call, Chance, Faults, Held, Memory, Network, SeededIds,
    bug::{Buggy, StoppingClock},
    documented,
    executor::Kind,
    process::{PAUSE, Parts, Process, Worker},
};

/// Number of messages that an ordinary request sends: one for each webhook of the usual quota.
const MESSAGES: u64 = 2;
/// Pause after each commit of resealing.
const RESEAL_PAUSE: Duration = Duration::from_millis(5);
const LANES: [Lane; 2] = [Lane::First, Lane::Retry];

/// Running Latchhook: one process on one disk, with its workers and callers.
pub struct Simulation {
    /// Clock, which moves only when nothing can be done.
    pub clock: Arc<ManualClock>,
    /// Network with the receivers.
    pub network: Arc<Network>,
    /// Fault injection.
    pub faults: Arc<Faults>,
    /// Disk: everything that survives a crash.
    pub disk: Arc<Memory>,
    /// Secrets that are kept apart from the disk, if the test wants that.
    pub apart: Arc<Apart>,
    /// Number of restarts of the process.
    pub restarts: u32,
    /// True if workers leave messages in the queue.
    pub workers_rest: bool,
    settings: Settings,
    ids: Arc<SeededIds>,
    backend: Arc<Buggy>,
    app_clock: Arc<dyn Clock>,
    bug: Option<Bug>,
    ring: Secret,
    chance: Chance,
    process: Process,
}

/// Pending answer to a request.
#[derive(Debug, Clone, Default)]
pub struct Ticket(Arc<Mutex<Option<Answer>>>);

impl Ticket {
    /// Returns the answer, once there is one.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Simulation {
    /// Creates an installation with the usual settings.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with(seed, |_| {})
    }

    /// Creates an installation with settings that `change` changes.
    #[must_use]
    pub fn with(seed: u64, change: impl FnOnce(&mut Settings)) -> Self {
        Self::with_bug(seed, None, change)
    }

    /// Creates an installation whose backend has a bug.
    #[must_use]
    pub fn with_bug(seed: u64, bug: Option<Bug>, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(ManualClock::default());
        let ids = Arc::new(SeededIds::seeded(seed));
        let disk = Arc::new(Memory::new(clock.clone()));
        let backend = Arc::new(Buggy::new(disk.clone(), bug, seed));
        let app_clock: Arc<dyn Clock> = match bug {
            Some(Bug::StopsTheClock) => Arc::new(StoppingClock::new(clock.clone())),
            _ => clock.clone(),
        };
        let network = Arc::new(Network::new(clock.clone()));
        let faults = Arc::new(Faults::seeded(seed, clock.clone()));
        let ring = KeyRing::generate(&*ids).text();
        let apart = Arc::new(Apart::default());
        let mut settings = usual_settings();
        change(&mut settings);
        let parts = Parts {
            clock: &app_clock,
            bug,
            ids: &ids,
            disk: &backend,
            network: &network,
            faults: &faults,
            ring: &ring,
            apart: &apart,
            settings: &settings,
        };
        let process = parts.start();
        Self {
            clock,
            network,
            faults,
            disk,
            apart,
            restarts: 0,
            workers_rest: false,
            settings,
            ids,
            backend,
            app_clock,
            bug,
            ring,
            chance: Chance::seeded(seed),
            process,
        }
    }

    /// Application, for direct calls.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.process.app
    }

    /// Current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sends a request without waiting for its answer.
    pub fn send(&self, call: Call) -> Ticket {
        self.send_request(call.into_request())
    }

    /// Sends a request without the rest of its body, which is held back until
    /// [`Held::let_go`].
    pub fn send_held(&self, call: Call) -> (Ticket, Held) {
        let (request, held) = call.into_held_request();
        (self.send_request(request), held)
    }

    fn send_request(&self, request: Request<Body>) -> Ticket {
        let ticket = Ticket::default();
        let (router, place) = (self.process.router(), ticket.clone());
        self.process.executor.spawner.spawn(Kind::Request, async move {
            let Ok(response) = router.oneshot(request).await;
            let (parts, body) = response.into_parts();
            let Ok(body) = body.collect().await else { return };
            let (status, headers, body) = (parts.status.as_u16(), parts.headers, body.to_bytes());
            let answer = Answer { status, headers, body };
            *place.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        });
        ticket
    }

    /// Sends a request and lets time pass until it is answered.
    ///
    /// # Panics
    /// Fails if the process dies before, or if the answer is none that the OpenAPI document
    /// describes.
    #[expect(clippy::expect_used, reason = "a test that lets the process die uses `try_call`")]
    #[track_caller]
    pub fn call(&mut self, call: Call) -> Answer {
        let (method, path) = call.target();
        let answer = self.try_call(call).expect("the process does not die while it answers");
        documented::check(&self.process.app, &method, &path, &answer);
        answer
    }

    /// Sends a request and lets time pass until it is answered; none if the process died before.
    pub fn try_call(&mut self, call: Call) -> Option<Answer> {
        let ticket = self.send(call);
        let restarts = self.restarts;
        while restarts == self.restarts {
            if let Some(answer) = ticket.answer() {
                return Some(answer);
            }
            self.go_on(Timestamp::MAX);
        }
        None
    }

    /// Rotates the key ring, or retires what an earlier rotation left: `change` is done to the file,
    /// and the process takes it up.
    ///
    /// # Panics
    /// Fails if the process refuses the ring.
    #[expect(clippy::expect_used, reason = "the disk answers at once")]
    pub fn change_ring(&mut self, change: impl FnOnce(&mut KeyRing, &dyn Ids)) {
        let mut ring = KeyRing::parse(self.ring.expose()).expect("a key ring");
        change(&mut ring, &*self.ids);
        self.ring = ring.text();
        let adopted = self.process.vault.adopt(ring).now_or_never().expect("no waiting");
        adopted.expect("it belongs to the store");
    }

    /// Vault without faults.
    #[must_use]
    pub fn vault(&self) -> Arc<SealedVault> {
        Arc::clone(&self.process.vault)
    }

    /// Begins to reseal everything; the result is there once that has ended, and never if the
    /// process dies before.
    pub fn reseal(&self) -> Arc<OnceLock<Option<Resealed>>> {
        let (app, place) = (self.process.app.clone(), Arc::new(OnceLock::new()));
        let ended = Arc::clone(&place);
        self.process.executor.spawner.spawn(Kind::Request, async move {
            _ = ended.set(app.reseal(RESEAL_PAUSE).await.ok());
        });
        place
    }

    /// Has the application do `work`, and lets time pass until it is done; none if the process died
    /// before.
    pub fn ask<T, F>(&mut self, work: impl FnOnce(App) -> F) -> Option<T>
    where
        T: Send + Sync + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let place = Arc::new(OnceLock::new());
        let (work, ended) = (work(self.process.app.clone()), Arc::clone(&place));
        self.process.executor.spawner.spawn(Kind::Request, async move {
            _ = ended.set(work.await);
        });
        let restarts = self.restarts;
        while restarts == self.restarts && place.get().is_none() {
            self.go_on(Timestamp::MAX);
        }
        Arc::into_inner(place)?.into_inner()
    }

    /// Lets time pass until all of `tickets` are answered, or the process died.
    pub fn wait(&mut self, tickets: &[Ticket]) {
        let restarts = self.restarts;
        let is_open = |ticket: &Ticket| ticket.answer().is_none();
        while restarts == self.restarts && tickets.iter().any(is_open) {
            self.go_on(Timestamp::MAX);
        }
    }

    /// Runs one task for one step, or lets time pass until one can run.
    pub fn step(&mut self) {
        self.go_on(Timestamp::MAX);
    }

    /// Waits for the answer to a request that was sent.
    ///
    /// # Panics
    /// Fails if it will never be answered.
    pub fn wait_for(&mut self, ticket: &Ticket) -> Answer {
        loop {
            if let Some(answer) = ticket.answer() {
                return answer;
            }
            self.step();
        }
    }

    /// Does everything that can be done without time passing.
    pub fn settle(&mut self) {
        while self.process.executor.step(&mut self.chance) {}
    }

    /// Lets `duration` pass.
    pub fn run_for(&mut self, duration: Duration) {
        self.run_until(self.now().plus(duration));
    }

    /// Lets time pass until `end`, doing everything that is due by then.
    pub fn run_until(&mut self, end: Timestamp) {
        while self.go_on(end) {}
    }

    /// Lets time pass until no message waits.
    pub fn run_until_quiet(&mut self) {
        while self.disk.waiting() > 0 || self.process.executor.running(Kind::Deliver) > 0 {
            self.go_on(Timestamp::MAX);
        }
    }

    /// Excuses what a request that is repeated can duplicate: where commits and messages are two, its
    /// messages are sent again, because they may not have been.
    pub fn excuse_repeat(&self) {
        if self.faults.are_commits_split() {
            self.faults.excuse(MESSAGES);
        }
    }

    /// Kills the process, and starts it again after `down`.
    pub fn crash(&mut self, down: Duration) {
        let attempts = self.process.executor.running(Kind::Deliver);
        self.faults.excuse(attempts as u64);
        self.restarts += 1;
        self.backend.crash();
        self.faults.functions.die();
        let parts = Parts {
            clock: &self.app_clock,
            bug: self.bug,
            ids: &self.ids,
            disk: &self.backend,
            network: &self.network,
            faults: &self.faults,
            ring: &self.ring,
            apart: &self.apart,
            settings: &self.settings,
        };
        self.process = parts.start();
        // Nobody tells a queue of functions that one has died.
        if !self.faults.functions.are_used() {
            self.disk.end_leases();
        }
        self.clock.advance(down);
    }

    /// Does the next thing: a step of a task; else starts a worker for a due message; else moves
    /// the clock to the next due time. False if there is none until `end`, to which the clock is
    /// moved then.
    fn go_on(&mut self, end: Timestamp) -> bool {
        if self.faults.is_crash() || self.faults.functions.is_death() {
            self.crash(PAUSE);
            return true;
        }
        if self.process.executor.step(&mut self.chance) || self.start_workers() {
            return true;
        }
        let now = self.now();
        // A message that is due already waits for a sleeping worker.
        let due =
            LANES.iter().filter_map(|&lane| self.disk.next_due(lane)).filter(|due| *due > now);
        let due = due.map(|due| due.since(now));
        // Finer than the wall clock, because pauses have fractions of a millisecond.
        let next = due.chain(self.clock.until_next()).min();
        assert!(next.is_some() || end < Timestamp::MAX, "nothing will ever happen again");
        let rest = end.since(now);
        let next = next.filter(|next| *next <= rest);
        self.clock.advance(next.unwrap_or(rest));
        next.is_some()
    }

    fn start_workers(&mut self) -> bool {
        let now = self.now();
        let is_due = |lane: &Lane| self.disk.next_due(*lane).is_some_and(|due| due <= now);
        let lanes: Vec<Lane> = LANES.into_iter().filter(is_due).collect();
        if lanes.is_empty() || self.workers_rest || self.process.executor.running(Kind::Receive) > 0
        {
            return false;
        }
        // Each lane has functions of its own; here they take turns, so that each dies alone.
        let taken = if self.faults.functions.are_used() {
            let turn = self.chance.below(lanes.len());
            lanes.get(turn..=turn).unwrap_or_default()
        } else {
            lanes.as_slice()
        };
        for &lane in taken {
            let worker = Worker {
                app: self.process.app.clone(),
                queue: self.process.queue.clone(),
                network: self.network.clone(),
                clock: self.clock.clone(),
                faults: self.faults.clone(),
                spawner: self.process.executor.spawner.clone(),
            };
            self.process.executor.spawner.spawn(Kind::Receive, worker.receive(lane));
        }
        true
    }
}

fn usual_settings() -> Settings {
    Settings {
        key_prefix: domain::key::token::KeyPrefix::default(),
        schedule: domain::delivery::Schedule::default(),
        log_retention: Duration::from_hours(30 * 24),
        failing: domain::delivery::Failing::default(),
        limits: domain::Limits::default(),
        legacy_signature_header: None,
        compatibility: domain::Compatibility::default(),
        jurisdictions: domain::Jurisdictions::default(),
        envelope: domain::Envelope::default(),
        send_traceparent: false,
        statement_events: app::settings::STATEMENT_EVENTS,
        public_url: "https://hooks.example.com".to_owned(),
    }
}
