//! Leftover: the rest of a request's body once the answer is known.
//!
//! Many answers are known before the body was read: a wrong credential, an unknown route. Bytes
//! that arrive after the answer would be taken for the next request on the connection, so the rest
//! is read and dropped first, up to a limit; beyond it the connection is closed.

use std::{
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use ports::Clock;

/// Maximum number of bytes that are read only to be dropped.
const MOST_DROPPED: usize = 8 * 1024 * 1024;
/// Maximum time for reading the rest of a body.
const PATIENCE: Duration = Duration::from_secs(2);

/// Body of a request that another task is answering.
pub(super) struct Leftover {
    /// Body; none if the request has none.
    body: Option<Shared>,
    /// True if the client waits for `100 Continue` before it sends the body. It is not asked to
    /// send one that would only be dropped.
    is_held_back: bool,
}

impl Leftover {
    /// Splits `request` into one with a shared body and the handle that reads it to its end
    /// afterwards.
    pub(super) fn of(request: Request) -> (Request, Self) {
        if request.body().is_end_stream() {
            return (request, Self { body: None, is_held_back: false });
        }
        let is_held_back = request.headers().contains_key(header::EXPECT);
        let (parts, body) = request.into_parts();
        let shared = Shared(Arc::new(Mutex::new(body)));
        let request = Request::from_parts(parts, Body::new(shared.clone()));
        (request, Self { body: Some(shared), is_held_back })
    }

    /// Reads the rest; returns whether the connection can be used again.
    pub(super) async fn drain(self, clock: &dyn Clock) -> bool {
        let Some(body) = self.body.filter(|body| !body.is_end_stream()) else { return true };
        if self.is_held_back || body.declared() > MOST_DROPPED as u64 {
            return false;
        }
        match select(pin!(drop_all(body)), clock.sleep(PATIENCE)).await {
            Either::Left((is_read, _)) => is_read,
            Either::Right(_) => false,
        }
    }
}

async fn drop_all(mut body: Shared) -> bool {
    let mut dropped = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        dropped += frame.data_ref().map_or(0, Bytes::len);
        if dropped > MOST_DROPPED {
            return false;
        }
    }
    true
}

/// Body with two owners, only one of which reads at a time.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    /// Returns the minimum number of bytes still to come.
    fn declared(&self) -> u64 {
        self.size_hint().lower()
    }
}

impl http_body::Body for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
