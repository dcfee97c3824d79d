//! Compatibility of the HTTP API with that of another service.

use crate::kinds::vocabulary;

vocabulary! {
    /// Service whose clients the HTTP API answers as they expect.
    #[derive(Default)]
    Compatibility {
        /// No other: the API answers in its own way.
        #[default]
        None = "none",
        /// Checkr, after whose webhooks the API is modelled.
        Checkr = "checkr",
    }
}

impl Compatibility {
    /// Returns whether the API answers as Checkr's does.
    #[must_use]
    pub const fn is_checkr(self) -> bool {
        matches!(self, Self::Checkr)
    }
}
