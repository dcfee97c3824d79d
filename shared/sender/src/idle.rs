//! Number of idle connections of all pools together.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Count of idle connections, at most a fixed number.
#[derive(Debug, Clone)]
pub(crate) struct Idle {
    most: usize,
    number: Arc<AtomicUsize>,
}

/// Idle connection, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct One(Arc<AtomicUsize>);

impl Idle {
    pub(crate) fn at_most(most: usize) -> Self {
        Self { most, number: Arc::default() }
    }

    /// Counts one more; `None` if there are enough.
    pub(crate) fn one(&self) -> Option<One> {
        let one_more = |number| (number < self.most).then_some(number + 1);
        let counted = self.number.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        counted.is_ok().then(|| One(Arc::clone(&self.number)))
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
