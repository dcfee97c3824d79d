//! Bodies of requests and answers: one has a time limit and a budget, the other is observed.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use app::http::{BodyOwner, BodyRefused};
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use ports::Clock;

use super::{
    activity,
    budget::{Budget, Held},
    registry::Group,
};
use crate::metrics::Metrics;

/// Body of a request: it has to arrive in time, as a whole, and within the budget of its owner.
pub(super) struct RequestBody {
    body: Incoming,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    /// Time by which it must have arrived.
    end: Duration,
    /// Created when the body is waited for; most are there at once.
    timer: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    held: Held,
    /// Dropped when the body has arrived.
    arriving: Option<activity::Arriving>,
    refused: Option<BodyRefused>,
}

impl RequestBody {
    pub(super) fn new(
        body: Incoming,
        (clock, limit): (Arc<dyn Clock>, Duration),
        metrics: Arc<Metrics>,
        (budget, owner, group): (Arc<Budget>, BodyOwner, Group),
        request: &activity::Request,
    ) -> Self {
        let arriving = (!body.is_end_stream()).then(|| request.body());
        let end = clock.monotonic() + limit;
        let held = Held::new(budget, owner, group);
        Self { body, clock, metrics, end, timer: None, held, arriving, refused: None }
    }

    /// Returns whether the time is over; if not, the task is woken when it is.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        let timer = self.timer.get_or_insert_with(|| {
            let clock = Arc::clone(&self.clock);
            let left = self.end.saturating_sub(clock.monotonic());
            Box::pin(async move { clock.sleep(left).await })
        });
        timer.as_mut().poll(context).is_ready()
    }

    fn refuse(&mut self, why: BodyRefused) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.refused.is_none() {
            self.metrics.body_refused(why);
        }
        self.refused = Some(why);
        Poll::Ready(Some(Err(axum::Error::new(why))))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(why) = self.refused {
            return self.refuse(why);
        }
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending if self.is_late(context) => self.refuse(BodyRefused::Late),
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                if !self.held.add(bytes) {
                    return self.refuse(BodyRefused::Crowded);
                }
                if self.body.is_end_stream() {
                    self.arriving = None;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => {
                self.arriving = None;
                Poll::Ready(end.map(|end| end.map_err(axum::Error::new)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.refused.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Body of an answer, observed until it has been handed on as a whole.
pub(super) struct AnswerBody {
    body: axum::body::Body,
    _answer: activity::Answer,
}

impl AnswerBody {
    pub(super) const fn new(body: axum::body::Body, answer: activity::Answer) -> Self {
        Self { body, _answer: answer }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
