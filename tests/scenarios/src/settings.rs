//! Settings that the product is started with.

use std::time::Duration;

/// Settings of a backend, which scenarios share unless they need others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settings {
    variables: Vec<(&'static str, String)>,
    /// Number of file descriptors that the process may have, if not the usual one.
    pub(crate) descriptors: Option<u32>,
}

/// Operator token of every backend that is started here.
pub(crate) const OPERATOR_TOKEN: &str = "lhop_Scenarios0123456789ABCDEFGHIJabcdefghij";

impl Settings {
    /// Length of the schedule of [`Settings::default`]. It has six attempts, but fewer on a machine
    /// so busy that slots are missed.
    pub const LASTS: Duration = Duration::from_millis(1250);
    /// Time-out of an attempt under [`Settings::default`].
    pub const TIMEOUT: Duration = Duration::from_secs(3);

    /// Sets the retry schedule, such as `10x100ms,24x150ms`.
    #[must_use]
    pub fn schedule(self, schedule: &str) -> Self {
        self.with("LATCHHOOK_RETRY_SCHEDULE", schedule)
    }

    /// Sets the time-out of attempts.
    #[must_use]
    pub fn timeout(self, timeout: &str) -> Self {
        self.with("LATCHHOOK_DELIVERY_TIMEOUT", timeout)
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Sets the number of file descriptors that the process may have.
    #[must_use]
    pub fn descriptors(self, most: u32) -> Self {
        Self { descriptors: Some(most), ..self }
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl Default for Settings {
    /// Settings that allow receivers on loopback, with a schedule that is over in
    /// [`Settings::LASTS`].
    fn default() -> Self {
        Self { variables: vec![], descriptors: None }
            .with("LATCHHOOK_OPERATOR_TOKEN", OPERATOR_TOKEN)
            .with("LATCHHOOK_ALLOW_NETWORKS", "127.0.0.0/8")
            .schedule("5x250ms")
            .timeout("3s")
    }
}
