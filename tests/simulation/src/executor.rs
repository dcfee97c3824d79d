//! Executor of tasks in one thread, which draws the next task at random.

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

/// Kind of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Answers a request.
    Request,
    /// Receives messages.
    Receive,
    /// Makes an attempt.
    Deliver,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    kind: Kind,
    work: Work,
    woken: Arc<Woken>,
}

/// Wake flag of a task: true if the task can go on.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Handle with which running tasks start new ones.
#[derive(Clone, Default)]
pub(crate) struct Spawner(Arc<Mutex<Vec<(Kind, Work)>>>);

impl Spawner {
    pub(crate) fn spawn(&self, kind: Kind, work: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((kind, Box::pin(work)));
    }
}

/// Tasks of one process.
#[derive(Default)]
pub(crate) struct Executor {
    tasks: Vec<Task>,
    /// Handle to start tasks.
    pub(crate) spawner: Spawner,
}

impl Executor {
    /// Polls one of the tasks that can go on; false if none can.
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

    /// Number of tasks of `kind` in progress.
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

/// Yields once: another task may run, or the process may die here.
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
