//! Stored form of a delivery's state.

use std::borrow::Cow;

use domain::{
    Timestamp,
    delivery::{Delivery, NextAttempt, Status},
    id::{LogId, MessageId},
};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// State of a delivery as it is stored. It is written at each attempt, so it borrows the list of
/// rows.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDelivery<'a> {
    format: Number<StoredDelivery<'static>>,
    status: Status,
    run: u32,
    generation: u32,
    attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_attempt_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<StoredNextAttempt>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_response_status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_message: Option<MessageId>,
    logs: Cow<'a, [LogId]>,
}

#[derive(Serialize, Deserialize)]
struct StoredNextAttempt {
    slot: u16,
    due: Timestamp,
    message: MessageId,
}

impl Form for StoredDelivery<'static> {
    const NAME: &'static str = "delivery";
    const NUMBER: u16 = 1;
}

impl Stored for Delivery {
    type Form = StoredDelivery<'static>;
}

impl<'a> From<&'a Delivery> for StoredDelivery<'a> {
    fn from(delivery: &'a Delivery) -> Self {
        let next = |NextAttempt { slot, due, message }| StoredNextAttempt { slot, due, message };
        Self {
            format: Number::default(),
            status: delivery.status,
            run: delivery.run,
            generation: delivery.generation,
            attempts: delivery.attempts,
            first_attempt_at: delivery.first_attempt_at,
            next: delivery.next.map(next),
            last_response_status: delivery.last_response_status,
            last_message: delivery.last_message,
            logs: Cow::Borrowed(&delivery.logs),
        }
    }
}

impl From<StoredDelivery<'_>> for Delivery {
    fn from(stored: StoredDelivery<'_>) -> Self {
        let next = |StoredNextAttempt { slot, due, message }| NextAttempt { slot, due, message };
        Self {
            status: stored.status,
            run: stored.run,
            generation: stored.generation,
            attempts: stored.attempts,
            first_attempt_at: stored.first_attempt_at,
            next: stored.next.map(next),
            last_response_status: stored.last_response_status,
            last_message: stored.last_message,
            logs: stored.logs.into_owned(),
        }
    }
}
