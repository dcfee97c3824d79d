//! What the product is started with.

use std::time::Duration;

/// The settings of a backend: what every scenario shares, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settings {
    variables: Vec<(&'static str, String)>,
}

/// The operator token of every backend that is started here.
pub(crate) const OPERATOR_TOKEN: &str = "lhop_Scenarios0123456789ABCDEFGHIJabcdefghij";

impl Settings {
    /// How long the schedule of [`Settings::default`] lasts. It has six attempts, but fewer on a
    /// machine so busy that slots are missed.
    pub const LASTS: Duration = Duration::from_millis(1250);
    /// How long an attempt may take under [`Settings::default`].
    pub const TIMEOUT: Duration = Duration::from_secs(3);

    /// With another retry schedule, such as `10x100ms,24x150ms`.
    #[must_use]
    pub fn schedule(self, schedule: &str) -> Self {
        self.with("LATCHHOOK_RETRY_SCHEDULE", schedule)
    }

    /// With another time-out of attempts.
    #[must_use]
    pub fn timeout(self, timeout: &str) -> Self {
        self.with("LATCHHOOK_DELIVERY_TIMEOUT", timeout)
    }

    /// With one more environment variable, or another value for one.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Without one of the environment variables.
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
    /// Receivers on loopback, and a schedule that is over in [`Settings::LASTS`].
    fn default() -> Self {
        Self { variables: vec![] }
            .with("LATCHHOOK_OPERATOR_TOKEN", OPERATOR_TOKEN)
            .with("LATCHHOOK_ALLOW_NETWORKS", "127.0.0.0/8")
            .schedule("5x250ms")
            .timeout("3s")
    }
}
