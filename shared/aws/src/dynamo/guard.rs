//! Condition expressions on items.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use ports::store::Condition;

use super::attributes::number;

/// Condition expression, with the values and names that it refers to.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) expression: &'static str,
    pub(super) values: Vec<(&'static str, AttributeValue)>,
    pub(super) names: &'static [(&'static str, &'static str)],
}

/// Alias for `stream`, which is a reserved word of DynamoDB.
const STREAM: &[(&str, &str)] = &[("#stream", "stream")];

impl Guard {
    /// Returns the expression of the caller's precondition on a document at `now`; `None` if there
    /// is no precondition.
    pub(super) fn of(condition: Condition, now: Timestamp) -> Option<Self> {
        let now = (":now", number(now.as_millis()));
        let (expression, values) = match condition {
            Condition::None => return None,
            Condition::Absent => ("attribute_not_exists(pk) OR expires_ms <= :now", vec![now]),
            Condition::Present => (
                "attribute_exists(pk) AND (attribute_not_exists(expires_ms) OR expires_ms > :now)",
                vec![now],
            ),
            Condition::Revision(revision) => (
                "revision = :revision AND (attribute_not_exists(expires_ms) OR expires_ms > :now)",
                vec![now, (":revision", number(revision))],
            ),
        };
        Some(Self { expression, values, names: &[] })
    }

    /// Requires that there is no item, expired or not.
    pub(super) const fn nothing() -> Self {
        Self { expression: "attribute_not_exists(pk)", values: Vec::new(), names: &[] }
    }

    /// Requires that the item was written by the put of that revision.
    pub(super) fn left_by(revision: u64) -> Self {
        let seen = (":seen", number(revision));
        Self { expression: "revision = :seen", values: vec![seen], names: &[] }
    }

    /// Requires that there is no such event yet.
    pub(super) const fn no_event() -> Self {
        Self { expression: "attribute_not_exists(#stream)", values: Vec::new(), names: STREAM }
    }

    /// Requires that the event exists.
    pub(super) const fn event() -> Self {
        Self { expression: "attribute_exists(#stream)", values: Vec::new(), names: STREAM }
    }

    /// Requires that a counter can change by `by` without going below zero or above `at_most`. A
    /// missing counter is zero.
    pub(super) fn counts(by: i64, at_most: Option<u64>) -> Option<Self> {
        let least = by.min(0).unsigned_abs();
        // Negative room: not even a missing counter may pass, so the condition is an impossible one.
        let room = at_most.map(|most| i128::from(most) - i128::from(by));
        let (expression, values) = match (least, room) {
            (0, None) => return None,
            (0, Some(room)) if room < 0 => ("n < :zero", vec![(":zero", number(0))]),
            (0, Some(room)) => {
                ("attribute_not_exists(n) OR n <= :room", vec![(":room", number(room))])
            }
            (least, None) => ("n >= :least", vec![(":least", number(least))]),
            (least, Some(room)) => (
                "n >= :least AND n <= :room",
                vec![(":least", number(least)), (":room", number(room))],
            ),
        };
        Some(Self { expression, values, names: &[] })
    }
}
