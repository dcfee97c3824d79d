//! Interim answers (1xx), which are passed over, but not without end.

/// Number of interim answers to one request that are passed over, and the number of bytes of all of
/// them together. Receivers send one or two.
const MOST: usize = 256;
const MOST_BYTES: usize = 64 * 1024;

/// Interim answers to one request, as far as they have come.
#[derive(Debug, Default)]
pub(super) struct Interim {
    number: usize,
    bytes: usize,
}

/// Interim answers without end.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("interim answers without end")]
pub(crate) struct Endless;

impl Interim {
    /// Passes over one of that many bytes.
    ///
    /// # Errors
    /// [`Endless`] when there have been too many.
    pub(super) fn pass(&mut self, bytes: usize) -> Result<(), Endless> {
        self.number += 1;
        self.bytes += bytes;
        if self.number > MOST || self.bytes > MOST_BYTES { Err(Endless) } else { Ok(()) }
    }
}
