//! Payload of a delivery: the body that a receiver gets.

use domain::{
    Timestamp,
    delivery::{Failure, FailureCode},
    id::{AccountId, EventId},
    webhook::EventType,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::event::AcceptedEvent;
use crate::http::fields::has_one_meaning;

/// Body of a delivery: compact JSON, with keys in this order.
#[derive(Serialize)]
struct Body<'a> {
    id: EventId,
    object: &'static str,
    r#type: &'a EventType,
    created_at: Timestamp,
    webhook_url: &'a str,
    data: Data<'a>,
    account_id: AccountId,
}

#[derive(Serialize)]
struct Data<'a> {
    object: Related<'a>,
}

/// Related object: whole, or a reference by which it can be fetched.
#[derive(Serialize)]
#[serde(untagged)]
enum Related<'a> {
    Whole(&'a RawValue),
    Reference(Reference),
}

/// Reference by which an object can be fetched.
#[derive(Serialize, serde::Deserialize)]
struct Reference {
    id: String,
    object: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

/// Builds the body of `event`'s delivery to the webhook at `webhook_url` (masked).
///
/// # Errors
/// [`FailureCode::Ambiguous`] when the object, of an event accepted by an older release, can't be
/// identified: a name in its reference is duplicated or has an ambiguous value. An object that is
/// ambiguous only elsewhere is sent as a reference, even to webhooks that ask for the whole.
pub fn body(
    event: &AcceptedEvent,
    webhook_url: &str,
    include_object: bool,
) -> Result<Vec<u8>, Failure> {
    let object = if include_object && has_one_meaning(event.object.get()) {
        Related::Whole(&event.object)
    } else {
        let reference = serde_json::from_str(event.object.get());
        Related::Reference(reference.map_err(|_| ambiguous())?)
    };
    let body = Body {
        id: event.id,
        object: "event",
        r#type: &event.event_type,
        created_at: event.created_at,
        webhook_url,
        data: Data { object },
        account_id: event.account,
    };
    serde_json::to_vec(&body).map_err(|_| ambiguous())
}

fn ambiguous() -> Failure {
    Failure {
        code: FailureCode::Ambiguous,
        message: "The event's object can be read in more ways than one. It was accepted by a \
                  version that did not refuse that, and is not sent."
            .to_owned(),
    }
}
