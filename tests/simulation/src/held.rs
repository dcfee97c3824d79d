//! Bodies of requests that are held back after their first byte.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};

/// Rest of a request's body, which arrives when a test says so.
#[derive(Clone, Default)]
pub struct Held(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_let_go: bool,
    waiting: Option<Waker>,
}

impl Held {
    /// Lets the rest arrive.
    pub fn let_go(&self) {
        let mut state = self.state();
        state.is_let_go = true;
        if let Some(waiting) = state.waiting.take() {
            waiting.wake();
        }
    }

    async fn arrived(&self) {
        poll_fn(|context| {
            let mut state = self.state();
            if state.is_let_go {
                return Poll::Ready(());
            }
            state.waiting = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a body of `bytes` whose first byte is there already.
pub(crate) fn body(mut bytes: Bytes) -> (Body, Held) {
    let held = Held::default();
    let (first, waits) = (bytes.split_to(bytes.len().min(1)), held.clone());
    let rest = stream::once(async move {
        waits.arrived().await;
        bytes
    });
    let parts = stream::iter([first]).chain(rest).map(Ok::<_, std::convert::Infallible>);
    (Body::from_stream(parts), held)
}
