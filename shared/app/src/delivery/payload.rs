//! What a receiver gets.

use domain::Timestamp;
use domain::{
    id::{AccountId, EventId},
    webhook::EventType,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::event::AcceptedEvent;

/// The body of a delivery: compact JSON, its keys in this order.
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

/// The related object: whole, or only what it takes to fetch it.
#[derive(Serialize)]
#[serde(untagged)]
enum Related<'a> {
    Whole(&'a RawValue),
    Reference(Reference),
}

/// What it takes to fetch an object.
#[derive(Serialize, serde::Deserialize)]
struct Reference {
    id: String,
    object: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

/// The body of `event`'s delivery to the webhook at `webhook_url` (masked).
#[must_use]
pub fn body(event: &AcceptedEvent, webhook_url: &str, include_object: bool) -> Vec<u8> {
    let object = match serde_json::from_str(event.object.get()) {
        Ok(reference) if !include_object => Related::Reference(reference),
        _ => Related::Whole(&event.object),
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
    // Texts and JSON that was read from text: writing them can't fail.
    serde_json::to_vec(&body).unwrap_or_default()
}
