//! Receipts: the lane of a message, and SQS's own receipt handle.

use ports::queue::{Lane, Receipt};

/// Receipt of every message that Lambda received and deletes by itself.
const LAMBDAS: &str = "lambda";
const FIRST: &str = "first:";
const RETRY: &str = "retry:";

/// Returns the receipt of a message that Lambda received: acknowledging it does nothing, because
/// the answer to the batch does; releasing it is an error, for the same reason.
#[must_use]
pub fn kept_by_lambda() -> Receipt {
    Receipt(LAMBDAS.to_owned())
}

/// Returns the receipt of a message that was received from `lane`'s queue.
pub(super) fn of(lane: Lane, handle: &str) -> Receipt {
    let prefix = match lane {
        Lane::First => FIRST,
        Lane::Retry => RETRY,
    };
    Receipt(format!("{prefix}{handle}"))
}

/// Holder of a lease.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lease<'a> {
    /// This program, which ends it with SQS's receipt handle.
    Ours { lane: Lane, handle: &'a str },
    /// Lambda.
    Lambdas,
}

impl<'a> Lease<'a> {
    /// Parses `receipt`; `None` if it is not a receipt of this backend.
    pub(super) fn of(receipt: &'a Receipt) -> Option<Self> {
        let text = receipt.0.as_str();
        if text == LAMBDAS {
            return Some(Self::Lambdas);
        }
        let ours = |lane| move |handle| Self::Ours { lane, handle };
        let first = text.strip_prefix(FIRST).map(ours(Lane::First));
        first.or_else(|| text.strip_prefix(RETRY).map(ours(Lane::Retry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_names_the_holder_of_the_lease() {
        for lane in [Lane::First, Lane::Retry] {
            let receipt = of(lane, "AQEB/+=:x");
            assert_eq!(Lease::of(&receipt), Some(Lease::Ours { lane, handle: "AQEB/+=:x" }));
        }
        assert_eq!(Lease::of(&kept_by_lambda()), Some(Lease::Lambdas));
        for foreign in ["", "first/0/nothing", "lambda:x"] {
            assert_eq!(Lease::of(&Receipt(foreign.to_owned())), None);
        }
    }
}
