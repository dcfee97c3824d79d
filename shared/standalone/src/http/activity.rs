//! Activity of a connection, and the time at which its client has taken too long.
//!
//! Hyper's own timers can't say this: one runs from the last answer on and can't tell an idle
//! connection from a slow head, and there is none for a client that does not read. So the stream
//! under Hyper and the service above it report here what happens, and [`Activity::late`] keeps the
//! time. At a limit the connection is dropped, over HTTP/2 with all of its streams: Hyper's server does
//! not ask for more of an answer while the client's window for it is closed, and gives nobody the
//! stream, so there is no place from which that one stream could be reset.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ports::Clock;

use super::{limits::Limits, protocol::Protocol};

/// Reason why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Nothing came.
    FirstByte,
    /// A head did not end.
    Head,
    /// The client did not read an answer.
    Answer,
    /// There was no request for a long time.
    Idle,
    /// Another connection needed the room.
    Displaced,
    /// The client sent control frames of HTTP/2 without end.
    Flood,
}

/// Activity of a connection, shared by all who see a part of it.
#[derive(Clone)]
pub(super) struct Activity(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    protocol: Protocol,
    has_spoken: bool,
    /// Number of requests without an answer yet.
    requests: usize,
    /// Number of those whose body is still arriving.
    arriving: usize,
    /// Answers that are being written, oldest first: number, and time of the head.
    answers: VecDeque<(u64, Duration)>,
    answered: u64,
    /// Time of the first byte of an incomplete head.
    head: Option<Duration>,
    /// Time since when the client has taken no byte, or not all that were ready.
    unread: Option<Duration>,
    /// Time of the connection's start, or of the end of its last answer.
    active: Duration,
}

impl Activity {
    /// Creates the activity of a connection that begins now.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = State {
            protocol: Protocol::default(),
            has_spoken: false,
            requests: 0,
            arriving: 0,
            answers: VecDeque::new(),
            answered: 0,
            head: None,
            unread: None,
            active: clock.monotonic(),
        };
        Self(Arc::new(Inner { clock, state: Mutex::new(state) }))
    }

    /// Records received bytes; returns whether the connection may go on.
    pub(super) fn received(&self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return true;
        }
        let mut state = self.state();
        state.has_spoken = true;
        let is_between_requests = state.requests == 0;
        match state.protocol.is_in_a_head(bytes, is_between_requests) {
            false if state.protocol.is_http2() => state.head = None,
            false => {}
            true => _ = state.head.get_or_insert_with(|| self.0.clock.monotonic()),
        }
        !state.protocol.is_flood()
    }

    /// Returns whether the client sent more control frames than it may.
    pub(super) fn is_flood(&self) -> bool {
        self.state().protocol.is_flood()
    }

    /// Records that the client has taken bytes.
    pub(super) fn wrote(&self) {
        let mut state = self.state();
        if !state.protocol.is_http2() {
            state.head = None;
            state.active = self.0.clock.monotonic();
        }
    }

    /// Records that the client takes no byte now.
    pub(super) fn blocked(&self) {
        self.state().unread.get_or_insert_with(|| self.0.clock.monotonic());
    }

    /// Records that the client has taken all bytes that were ready.
    pub(super) fn flushed(&self) {
        self.state().unread = None;
    }

    /// Counts a request, whose head has ended, until the result is dropped.
    pub(super) fn request(&self) -> Request {
        let mut state = self.state();
        state.requests += 1;
        if !state.protocol.is_http2() {
            state.head = None;
        }
        Request(self.clone())
    }

    /// Returns whether there is no request and no answer on the connection.
    pub(super) fn is_idle(&self) -> bool {
        self.state().is_idle()
    }

    /// Returns whether the server has nothing to do for the client, because the bodies of all
    /// requests are still arriving.
    pub(super) fn is_waiting(&self) -> bool {
        let state = self.state();
        state.requests == state.arriving && state.answers.is_empty()
    }

    /// Returns once the client has taken too long.
    pub(super) async fn late(&self, limits: &Limits) -> Closed {
        loop {
            let now = self.0.clock.monotonic();
            let left = match self.state().end(limits) {
                Some((end, why)) if end <= now => return why,
                Some((end, _)) => end.saturating_sub(now),
                None => limits.shortest(),
            };
            // A limit that begins while this sleeps ends no sooner than this wakes, so nobody has
            // to wake it: a busy connection costs a timer every few seconds and none a request.
            self.0.clock.sleep(left.min(limits.shortest())).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.requests == 0 && self.answers.is_empty() && self.unread.is_none()
    }

    /// Returns the time at which the client will have taken too long, with the reason.
    fn end(&self, limits: &Limits) -> Option<(Duration, Closed)> {
        let answer = self.answers.front().map(|(_, since)| *since);
        let unread = [answer, self.unread].into_iter().flatten().min();
        let (limit, why) = if self.has_spoken {
            (limits.idle, Closed::Idle)
        } else {
            (limits.head, Closed::FirstByte)
        };
        let is_quiet = self.is_idle() && self.head.is_none();
        let quiet = is_quiet.then(|| (self.active + limit, why));
        let head = self.head.map(|since| (since + limits.head, Closed::Head));
        let answer = unread.map(|since| (since + limits.answer, Closed::Answer));
        [quiet, head, answer].into_iter().flatten().min_by_key(|(end, _)| *end)
    }
}

/// Request without an answer yet, until this is dropped.
pub(super) struct Request(Activity);

/// Body that is still arriving, until this is dropped.
pub(super) struct Arriving(Activity);

/// Answer that is being written, until this is dropped.
pub(super) struct Answer {
    activity: Activity,
    number: u64,
}

impl Request {
    /// Counts the request's body as arriving.
    pub(super) fn body(&self) -> Arriving {
        self.0.state().arriving += 1;
        Arriving(self.0.clone())
    }

    /// Ends the request: its answer's head is ready.
    pub(super) fn answer(self) -> Answer {
        let mut state = self.0.state();
        state.answered += 1;
        let number = state.answered;
        state.answers.push_back((number, self.0.0.clock.monotonic()));
        drop(state);
        Answer { activity: self.0.clone(), number }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.state().requests -= 1;
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.0.state().arriving -= 1;
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.answers.retain(|(number, _)| *number != self.number);
        state.active = self.activity.0.clock.monotonic();
    }
}
