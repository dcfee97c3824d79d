//! Payload of a delivery: the body that a receiver gets.

use std::borrow::Cow;

use domain::{
    PayloadFormat, Timestamp,
    delivery::{Failure, FailureCode},
    id::{AccountId, EventId},
    webhook::EventType,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::event::AcceptedEvent;
use crate::http::fields::has_one_meaning;

/// Layout of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Layout of the installation.
    pub format: PayloadFormat,
    /// True if the webhook asks for the whole object.
    pub include_object: bool,
}

/// Body with a related object: compact JSON, with keys in this order.
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
#[serde(untagged)]
enum Data<'a> {
    Related {
        object: Related<'a>,
    },
    /// Data that refers to nothing: it was posted while it did not have to.
    Whole(&'a RawValue),
}

/// Related object: whole, or a reference by which it can be fetched.
#[derive(Serialize)]
#[serde(untagged)]
enum Related<'a> {
    Whole(&'a RawValue),
    Reference(Reference<'a>),
}

/// Reference by which an object can be fetched.
#[derive(Serialize, Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
}

/// Body that Standard Webhooks recommends.
#[derive(Serialize)]
struct Standard<'a> {
    r#type: &'a EventType,
    timestamp: Timestamp,
    data: &'a RawValue,
}

/// Builds the body of `event`'s delivery to the webhook at `webhook_url` (masked).
///
/// # Errors
/// [`FailureCode::Ambiguous`] when the data, of an event accepted by an older release, can't be
/// identified: a name in its reference is duplicated or has an ambiguous value. An object that is
/// ambiguous only elsewhere is sent as a reference, even to webhooks that ask for the whole.
pub fn body(event: &AcceptedEvent, webhook_url: &str, layout: Layout) -> Result<Vec<u8>, Failure> {
    let body = match layout.format {
        PayloadFormat::RelatedObject => {
            let data = related(event, layout.include_object)?;
            serde_json::to_vec(&Body {
                id: event.id,
                object: "event",
                r#type: &event.event_type,
                created_at: event.created_at,
                webhook_url,
                data,
                account_id: event.concerned(),
            })
        }
        PayloadFormat::Standard | PayloadFormat::Raw if !is_unambiguous(event, &event.data) => {
            return Err(ambiguous());
        }
        PayloadFormat::Standard => serde_json::to_vec(&Standard {
            r#type: &event.event_type,
            timestamp: event.created_at,
            data: &event.data,
        }),
        PayloadFormat::Raw => Ok(event.data.get().as_bytes().to_vec()),
    };
    body.map_err(|_| ambiguous())
}

fn related(event: &AcceptedEvent, include_object: bool) -> Result<Data<'_>, Failure> {
    let Some(object) = event.object() else { return Ok(Data::Whole(&event.data)) };
    let object = match serde_json::from_str(object.get()) {
        Ok(_) if include_object && is_unambiguous(event, object) => Related::Whole(object),
        Ok(reference) => Related::Reference(reference),
        Err(_) if is_unambiguous(event, object) => return Ok(Data::Whole(&event.data)),
        Err(_) => return Err(ambiguous()),
    };
    Ok(Data::Related { object })
}

/// Returns whether a part of the event's data has the same meaning to all readers. What was accepted in the form
/// of now was checked then; older events are checked here.
pub(crate) fn is_unambiguous(event: &AcceptedEvent, part: &RawValue) -> bool {
    !event.is_of_former_form || has_one_meaning(part.get())
}

fn ambiguous() -> Failure {
    Failure {
        code: FailureCode::Ambiguous,
        message: "The event's object can be read in more ways than one. It was accepted by a \
                  version that did not refuse that, and is not sent."
            .to_owned(),
    }
}
