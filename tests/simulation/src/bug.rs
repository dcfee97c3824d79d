//! Deliberate bugs: wrappers of ports that break what the port promises. They are there for the
//! tests of the tests, and the product knows nothing of them.

mod backend;
mod store;
mod vault;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use contracts::ManualClock;
use domain::{Rate, Timestamp};
use embedded::MemoryLimiter;
use ports::{
    Clock, Limiter, Unavailable,
    limiter::{Allowance, Budget, Turn},
};

pub(crate) use self::{backend::Buggy, vault::BuggyVault};

/// Deliberate bug of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A message is acknowledged before what follows from it is committed.
    AcknowledgesFirst,
    /// A commit is answered, and one in many is never made.
    AnswersUnwritten,
    /// Commits since the last flush are gone after a crash.
    FlushesLater,
    /// A commit is two: its events, and then everything else.
    Tears,
    /// Conditions on documents are not looked at.
    ForgetsConditions,
    /// Expected versions of streams are not looked at.
    ForgetsVersions,
    /// The bound of a counter is checked before the commit, not in it.
    ReadsQuotaFirst,
    /// Events are appended, and now and then a document that follows from them is not put.
    ForgetsView,
    /// A counter is now and then not counted.
    ForgetsCount,
    /// Of several messages that are sent together one is now and then dropped.
    DropsBatchEntry,
    /// The messages of a commit are now and then lost.
    LosesMessages,
    /// A retry is handed out half a minute early.
    HandsOutEarly,
    /// A retry is sent with the number of the next slot.
    ShiftsSlot,
    /// A leased message is now and then handed out a second time.
    LeasesTwice,
    /// Some messages are handed out again and again, although they were acknowledged.
    NeverAcknowledges,
    /// A message is gone once it was received.
    ReceivesByRemoving,
    /// Documents are read after they expired.
    ReadsExpired,
    /// A read now and then returns what a document was before.
    ReadsStale,
    /// Documents are cached by a revision that begins again after a deletion.
    CachesByRevision,
    /// The last two rows of a list are in the wrong order.
    BreaksOrder,
    /// A full page of a list is one row short.
    CutsPage,
    /// The first signing secret of a webhook is used for ever.
    IgnoresRotation,
    /// The secrets of a closed account are kept.
    KeepsSecrets,
    /// A secret that is kept apart is destroyed before the commit that lets it go. Callers who insist
    /// until that commit happens never notice, so no life does.
    ForgetsFirst,
    /// Rate limits are counted, not held.
    LimitsNothing,
    /// The time is looked up once in five minutes.
    StopsTheClock,
}

/// Clock whose time stands still for minutes.
pub(crate) struct StoppingClock {
    clock: Arc<ManualClock>,
    seen: Mutex<Timestamp>,
}

/// Time for which a [`StoppingClock`] stands still.
const STANDS: Duration = Duration::from_mins(5);

impl StoppingClock {
    pub(crate) fn new(clock: Arc<ManualClock>) -> Self {
        let seen = Mutex::new(clock.now());
        Self { clock, seen }
    }
}

#[async_trait]
impl Clock for StoppingClock {
    fn now(&self) -> Timestamp {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        if now.since(*seen) > STANDS {
            *seen = now;
        }
        *seen
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }
}

/// Limiter that admits everything.
#[derive(Default)]
pub(crate) struct Lenient(MemoryLimiter);

#[async_trait]
impl Limiter for Lenient {
    async fn take(
        &self,
        budget: Budget,
        rate: Rate,
        amount: u64,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        let allowance = self.0.take(budget, rate, amount, now).await?;
        Ok(Allowance { admitted: true, wait: Duration::ZERO, ..allowance })
    }

    async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn, Unavailable> {
        self.0.reserve(budget, rate, now).await
    }

    fn knows(&self, turn: Turn) -> bool {
        self.0.knows(turn)
    }

    async fn put_back(&self, budget: Budget, rate: Rate, amount: u64) {
        self.0.put_back(budget, rate, amount).await;
    }
}
