//! Receipts, which name leases.

use std::fmt;

use domain::id::MessageId;
use ports::queue::{Lane, Receipt};

/// A lease's name: its number in its lane, and its message, so that no receipt of an earlier
/// process ends a lease of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeaseId {
    pub(super) lane: Lane,
    pub(super) number: u64,
    pub(super) message: MessageId,
}

impl LeaseId {
    pub(super) fn read(receipt: &Receipt) -> Option<Self> {
        let mut parts = receipt.0.split('/');
        let lane = match parts.next()? {
            "first" => Lane::First,
            "retry" => Lane::Retry,
            _ => return None,
        };
        let number = parts.next()?.parse().ok()?;
        let message = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { lane, number, message })
    }

    pub(super) fn receipt(self) -> Receipt {
        Receipt(self.to_string())
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lane = match self.lane {
            Lane::First => "first",
            Lane::Retry => "retry",
        };
        write!(f, "{lane}/{}/{}", self.number, self.message)
    }
}
