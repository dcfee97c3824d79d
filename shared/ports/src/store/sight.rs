//! Sights of documents: how late they may be.

use std::time::Duration;

/// Longest time for which a backend may remember what was seen as [`Sight::Remembered`].
pub const REMEMBERED_FOR: Duration = Duration::from_secs(5);

/// Lateness that a reader of a document puts up with. A backend for which reading is cheap does
/// better, and shows every document as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As every commit that returned before left it.
    Present,
    /// As it was a moment ago, usually less than a second: a replica may not have it yet.
    Recent,
    /// As it was in the [time](REMEMBERED_FOR) before, plus that moment: it may come from memory.
    Remembered,
}
