//! Signals that end the server.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Error, error::during};

/// Signals that ask the process to end: SIGTERM, and SIGINT (Ctrl-C).
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Watches the signals, which no longer end the process by themselves.
    ///
    /// # Errors
    /// When the operating system does not allow it.
    pub fn watch() -> Result<Self, Error> {
        let watch = |kind| signal(kind).map_err(during("watching for signals"));
        Ok(Self {
            terminate: watch(SignalKind::terminate())?,
            interrupt: watch(SignalKind::interrupt())?,
        })
    }

    /// Returns once a signal has come, also if that was before.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
