//! Limits of connections and requests.

use std::time::Duration;

/// Limits of connections and requests, which the operator sets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Longest time until the first byte of a connection, and from then on for a request's head.
    pub(crate) head: Duration,
    /// Longest time for a whole body, from its head on.
    pub(crate) body: Duration,
    /// Longest time for an answer to be taken by the client, from its head on.
    pub(crate) answer: Duration,
    /// Longest time without a request.
    pub(crate) idle: Duration,
    /// Number of connections that may be open at once.
    pub(crate) connections: usize,
    /// Number of bytes of all bodies that may be held at once.
    pub(crate) body_bytes: usize,
}

impl Limits {
    /// Returns the shortest time after which a connection can be closed.
    pub(super) fn shortest(&self) -> Duration {
        self.head.min(self.answer).min(self.idle)
    }

    /// Returns the number of bytes of one caller's bodies that may be held at once: a quarter, so
    /// that no caller can take the room of all others.
    pub(super) const fn body_bytes_each(&self) -> usize {
        self.body_bytes / 4
    }
}
