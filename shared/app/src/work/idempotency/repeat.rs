//! Repeat of a request whose answer was kept.

use ports::queue::Message;

use super::Slot;
use crate::documents::{KeptData, Shows};

/// Repeat of a request whose answer was kept.
pub struct Repeat {
    pub(in super::super) slot: Slot,
    /// Label under which the answer was sealed.
    pub(in super::super) label: String,
    pub(in super::super) status: u16,
    pub(in super::super) sealed: String,
    pub(in super::super) messages: Vec<Message>,
    pub(in super::super) shows: Option<Shows>,
    pub(in super::super) secret_at: Option<usize>,
    pub(in super::super) data: Vec<KeptData>,
}
