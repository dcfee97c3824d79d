//! The key itself: being written.
