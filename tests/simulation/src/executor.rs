//! Tasks in one thread, the next one drawn by chance.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::Chance;

/// What a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It answers a request.
    Request,
    /// It receives messages.
    Receive,
    /// It makes an attempt.
    Deliver,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    kind: Kind,
    work: Work,
    woken: Arc<Woken>,
}

/// Whether a task can go on.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Where running tasks leave new ones.
#[derive(Clone, Default)]
pub(crate) struct Spawner(Arc<Mutex<Vec<(Kind, Work)>>>);

impl Spawner {
    pub(crate) fn spawn(&self, kind: Kind, work: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((kind, Box::pin(work)));
    }
}

/// The tasks of one process.
#[derive(Default)]
pub(crate) struct Executor {
    tasks: Vec<Task>,
    /// For whoever starts a task.
    pub(crate) spawner: Spawner,
}

impl Executor {
    /// Lets one of the tasks that can go on do so; false when none can.
    pub(crate) fn step(&mut self, chance: &mut Chance) -> bool {
        self.take_in();
        let ready: Vec<usize> = (0..self.tasks.len())
            .filter(|&index| self.tasks[index].woken.0.load(Ordering::Relaxed))
            .collect();
        let Some(&index) = ready.get(chance.below(ready.len())) else { return false };
        let task = &mut self.tasks[index];
        task.woken.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&task.woken));
        if task.work.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            drop(self.tasks.swap_remove(index));
        }
        true
    }

    /// How many tasks of `kind` are under way.
    pub(crate) fn running(&mut self, kind: Kind) -> usize {
        self.take_in();
        self.tasks.iter().filter(|task| task.kind == kind).count()
    }

    fn take_in(&mut self) {
        let new =
            std::mem::take(&mut *self.spawner.0.lock().unwrap_or_else(PoisonError::into_inner));
        self.tasks.extend(new.into_iter().map(|(kind, work)| Task {
            kind,
            work,
            woken: Arc::new(Woken(AtomicBool::new(true))),
        }));
    }
}

/// Lets others go first: wherever a task awaits this, another may go on, or the process may die.
pub(crate) async fn step_aside() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
