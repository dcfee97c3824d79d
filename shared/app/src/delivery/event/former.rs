//! Event in its former forms: 1 had the related object alone, and of 1 and 2 no data was erased.

use domain::{
    Environment, Jurisdiction, Timestamp,
    id::{AccountId, EventId},
    webhook::EventType,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{AcceptedEvent, Planned, receivers};
use crate::documents::Number;

#[derive(Deserialize)]
struct Former {
    id: EventId,
    account: AccountId,
    event_type: EventType,
    environment: Environment,
    jurisdiction: Jurisdiction,
    created_at: Timestamp,
    accepted_at: Timestamp,
    /// Related object, of form 1.
    #[serde(default)]
    object: Option<Box<RawValue>>,
    /// Data, of form 2.
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    is_test: bool,
    #[serde(with = "receivers")]
    deliveries: Vec<Planned>,
}

/// Reads a document of form 1 or 2.
///
/// # Errors
/// When it is neither.
pub(super) fn read(body: &[u8]) -> serde_json::Result<AcceptedEvent> {
    let former: Former = serde_json::from_slice(body)?;
    let data = match (former.object, former.data) {
        (Some(object), _) => RawValue::from_string(format!("{{\"object\":{}}}", object.get()))?,
        (None, Some(data)) => data,
        (None, None) => RawValue::NULL.to_owned(),
    };
    Ok(AcceptedEvent {
        format: Number::default(),
        id: former.id,
        account: former.account,
        event_type: former.event_type,
        environment: former.environment,
        jurisdiction: former.jurisdiction,
        created_at: former.created_at,
        accepted_at: former.accepted_at,
        data,
        erased_at: None,
        is_test: former.is_test,
        about: None,
        is_of_former_form: true,
        deliveries: former.deliveries,
    })
}
