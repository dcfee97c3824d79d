//! Seeds, and the threads that live them.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use latchhook_simulation::Bug;

use crate::life::{Life, Lived};

/// Number of lives after which a run says how far it is.
const TELL: u64 = 10_000;
/// Seeds of an ordinary run.
const USUAL: Range<u64> = 0..40;

/// First failure of a range of seeds.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) seed: u64,
    pub(crate) why: String,
}

/// Seeds that were asked for by `LATCHHOOK_SEEDS`, such as `0..10000`; else the usual ones.
#[expect(clippy::disallowed_methods, reason = "a test run is configured by its environment")]
pub(crate) fn wanted() -> Range<u64> {
    let Ok(text) = std::env::var("LATCHHOOK_SEEDS") else { return USUAL };
    let (first, end) = text.split_once("..").unwrap_or((&text, ""));
    let first: u64 = first.trim().parse().unwrap();
    let end = if end.is_empty() { first + 1 } else { end.trim().parse().unwrap() };
    first..end
}

/// Lives every seed on all cores, until one fails; returns what the lives had in all.
pub(crate) fn live(seeds: Range<u64>, bug: Option<Bug>) -> Result<Lived, Failure> {
    silence();
    let run = Run {
        next: AtomicU64::new(seeds.start),
        end: AtomicU64::new(seeds.end),
        lived: Mutex::default(),
        failed: Mutex::default(),
        bug,
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            let builder = thread::Builder::new().name(THREAD.to_owned());
            builder.spawn_scoped(scope, || run.go_on()).unwrap();
        }
    });
    let failed = run.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or_else(|| Ok(run.lived.into_inner().unwrap()), Err)
}

/// Seeds that several threads live.
struct Run {
    next: AtomicU64,
    end: AtomicU64,
    lived: Mutex<Lived>,
    failed: Mutex<Option<Failure>>,
    bug: Option<Bug>,
}

impl Run {
    fn go_on(&self) {
        loop {
            let seed = self.next.fetch_add(1, Ordering::SeqCst);
            if seed >= self.end.load(Ordering::SeqCst) {
                return;
            }
            match one(seed, self.bug) {
                Ok(lived) => self.add(&lived),
                Err(failure) => self.fail(failure),
            }
        }
    }

    fn add(&self, lived: &Lived) {
        let mut all = self.lived.lock().unwrap();
        all.add(lived);
        if all.lives.is_multiple_of(TELL) {
            println!("{} lives", all.lives);
        }
    }

    /// Notes a failure. Seeds below it that others live already can still fail: the first of all is
    /// the one that is told.
    fn fail(&self, failure: Failure) {
        self.end.fetch_min(failure.seed, Ordering::SeqCst);
        let mut failed = self.failed.lock().unwrap();
        if failed.as_ref().is_none_or(|other| failure.seed < other.seed) {
            *failed = Some(failure);
        }
    }
}

fn one(seed: u64, bug: Option<Bug>) -> Result<Lived, Failure> {
    catch_unwind(AssertUnwindSafe(|| Life::of(seed, bug))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let why = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Failure { seed, why: why.unwrap_or_default() }
    })
}

/// Name of the threads that live, whose panics are told by [`Failure`].
const THREAD: &str = "life";

fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                usual(panic);
            }
        }));
    });
}
