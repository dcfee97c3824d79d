//! One request on an HTTP/2 connection.

use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use h2::{
    Reason, RecvStream, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::{Request, Response, Version, header::CONTENT_LENGTH};

use super::Usage;
use crate::http::{
    error::SendError,
    http1::MISDIRECTED,
    interim::{Endless, Interim},
};

/// Answer of 421 on a connection that had answered before.
#[derive(Debug, thiserror::Error)]
#[error("the connection does not serve this host any more")]
struct Misdirected;

/// Stream that a request can be sent on. Dropping it before there is a status or an error counts
/// against the connection if nothing came back meanwhile: the connection may be dead.
pub(crate) struct Stream {
    sender: SendRequest<Bytes>,
    usage: Arc<Usage>,
    /// Value of the connection's counter of received answers when the stream was opened.
    heard: u64,
    is_settled: bool,
}

impl Stream {
    pub(super) fn new(sender: SendRequest<Bytes>, usage: Arc<Usage>) -> Self {
        let heard = {
            let mut state = usage.state();
            state.streams += 1;
            state.heard
        };
        Self { sender, usage, heard, is_settled: false }
    }

    /// Sends `request` and waits for the head of its answer.
    pub(super) async fn send(
        mut self,
        request: &Request<Bytes>,
    ) -> Result<(Response<RecvStream>, Sending, Self), SendError> {
        let body = request.body().clone();
        let answered = match self.sender.send_request(head(request), body.is_empty()) {
            Ok((mut response, stream)) => {
                let mut sending = Sending { stream, unsent: body };
                let mut interim = Interim::default();
                let answered = poll_fn(|cx| {
                    let _ = sending.poll(cx);
                    if let Err(endless) = pass_over(&mut interim, &mut response, cx) {
                        return Poll::Ready(Err(endless));
                    }
                    pin!(&mut response).poll(cx).map(Ok)
                });
                match answered.await {
                    Ok(answered) => answered.map(|response| (response, sending)),
                    Err(endless) => return Err(SendError::Unanswered(endless.into())),
                }
            }
            Err(error) => Err(error),
        };
        self.is_settled = true;
        match answered {
            Ok((response, _)) if self.heard > 0 && response.status() == MISDIRECTED => {
                self.usage.state().is_retired = true;
                Err(SendError::Unprocessed(Misdirected.into()))
            }
            Ok((response, sending)) => {
                self.usage.state().heard += 1;
                Ok((response, sending, self))
            }
            Err(error) if wants_http1(&error) => {
                self.usage.state().is_retired = true;
                Err(SendError::OnlyHttp1(error.into()))
            }
            Err(error) if self.is_unprocessed(&error) => Err(SendError::Unprocessed(error.into())),
            Err(error) => Err(SendError::Unanswered(error.into())),
        }
    }

    /// Returns whether the receiver refused the request before processing it (RFC 9113, sections
    /// 6.8 and 8.7), or closed a connection kept from earlier requests before anything came back.
    fn is_unprocessed(&mut self, error: &h2::Error) -> bool {
        let is_refused = error.is_go_away() || error.reason() == Some(Reason::REFUSED_STREAM);
        if error.is_remote() && is_refused {
            self.usage.state().is_retired = true;
            return true;
        }
        let is_kept = self.heard > 0 && self.usage.state().heard == self.heard;
        error.is_io() && is_kept && !self.was_told_to_go()
    }

    /// Returns whether the receiver announced which streams it would still answer. This one is
    /// among them if it did not end with that.
    fn was_told_to_go(&mut self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        match self.sender.poll_ready(&mut cx) {
            Poll::Ready(Err(error)) => error.is_go_away() && error.is_remote(),
            _ => false,
        }
    }
}

/// Returns whether the receiver asks for HTTP/1.1 (RFC 9113, section 7), or has answered what HTTP/2
/// does not allow, such as `Connection: close` or an odd byte in a header. HTTP/1.1 is read more
/// leniently.
fn wants_http1(error: &h2::Error) -> bool {
    let is_asked = error.is_remote() && error.reason() == Some(Reason::HTTP_1_1_REQUIRED);
    is_asked || error.is_library()
}

impl Drop for Stream {
    fn drop(&mut self) {
        let now = self.usage.clock.monotonic();
        let mut state = self.usage.state();
        state.streams -= 1;
        state.idle_since = now;
        state.is_retired |= !self.is_settled && state.heard == self.heard;
    }
}

/// Passes over the interim answers that have come: h2 keeps those that nobody asks for.
fn pass_over(
    interim: &mut Interim,
    response: &mut ResponseFuture,
    cx: &mut Context<'_>,
) -> Result<(), Endless> {
    while let Poll::Ready(Some(Ok(answer))) = response.poll_informational(cx) {
        let headers = answer.headers().iter();
        interim.pass(headers.map(|(name, value)| name.as_str().len() + value.len()).sum())?;
    }
    Ok(())
}

fn head(request: &Request<Bytes>) -> Request<()> {
    let mut head = Request::new(());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.version_mut() = Version::HTTP_2;
    *head.headers_mut() = request.headers().clone();
    head.headers_mut().insert(CONTENT_LENGTH, request.body().len().into());
    head
}

/// Sending of a body as fast as the receiver takes it.
pub(super) struct Sending {
    stream: SendStream<Bytes>,
    unsent: Bytes,
}

impl Sending {
    /// Sends as much as possible; ready when everything is sent, or the receiver wants no more of
    /// it.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.unsent.is_empty() {
            self.stream.reserve_capacity(self.unsent.len());
            let Some(Ok(capacity)) = ready!(self.stream.poll_capacity(cx)) else {
                return Poll::Ready(());
            };
            let piece = self.unsent.split_to(capacity.min(self.unsent.len()));
            if self.stream.send_data(piece, self.unsent.is_empty()).is_err() {
                return Poll::Ready(());
            }
        }
        Poll::Ready(())
    }
}
