//! Receipts: which queue a message was received from, and SQS's own receipt handle.

use ports::queue::{Lane, Receipt};

/// The receipt of every message that Lambda received and will end by itself.
const LAMBDAS: &str = "lambda";
const FIRST: &str = "first:";
const RETRY: &str = "retry:";

/// The receipt of a message that Lambda received: to acknowledge it does nothing, because the
/// answer to the batch does; to release it is an error, for the same reason.
#[must_use]
pub fn kept_by_lambda() -> Receipt {
    Receipt(LAMBDAS.to_owned())
}

/// The receipt of a message that was received from `lane`'s queue.
pub(super) fn of(lane: Lane, handle: &str) -> Receipt {
    let prefix = match lane {
        Lane::First => FIRST,
        Lane::Retry => RETRY,
    };
    Receipt(format!("{prefix}{handle}"))
}

/// Whose a lease is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lease<'a> {
    /// Ours, to be ended by SQS's receipt handle.
    Ours { lane: Lane, handle: &'a str },
    /// Lambda's.
    Lambdas,
}

impl<'a> Lease<'a> {
    /// The lease of `receipt`; none when it is no receipt of this backend.
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
    fn a_receipt_says_whose_the_lease_is() {
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
