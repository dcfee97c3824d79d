//! Events of the settings as the API shows them.

use domain::{
    Jurisdictions, Timestamp,
    id::{AuditId, RequestId},
};
use ports::store::{Actor, RecordedEvent};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use crate::resources::portal_sessions::SessionActor;

/// An event in the account's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "aud_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: AuditId,
    #[schema(example = "audit_event")]
    object: &'static str,
    #[schema(example = "webhook.created")]
    r#type: String,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    actor: AuditActor,
    ip: Option<String>,
    #[schema(value_type = Option<String>)]
    request_id: Option<RequestId>,
    /// The account, key or webhook that changed.
    #[schema(example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    subject: String,
    /// Content of the event; never a secret.
    #[schema(value_type = Object)]
    data: Value,
}

/// Actor behind an event.
#[derive(Debug, Serialize, ToSchema)]
struct AuditActor {
    /// `operator`, `portal_session`, `api_key` or `system`.
    #[schema(value_type = String, example = "operator")]
    r#type: ports::store::ActorKind,
    /// Identifier of the session, key, operator token or person; `null` for the root token.
    id: Option<String>,
    /// Name of the operator token or person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Person behind a portal session, where the operator told who that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    person: Option<SessionActor>,
}

impl From<Actor> for AuditActor {
    fn from(actor: Actor) -> Self {
        let person = actor.person.map(SessionActor::from);
        Self { r#type: actor.kind, id: actor.id, name: actor.name, person }
    }
}

impl Resource {
    /// Makes the representation of an event; a jurisdiction is in it only `among` several.
    pub(super) fn of(
        RecordedEvent { stream, event, .. }: RecordedEvent,
        among: &Jurisdictions,
    ) -> Self {
        let mut data = without_bookkeeping(&event.payload);
        if let Value::Object(fields) = &mut data
            && among.choices().is_empty()
        {
            fields.remove("jurisdiction");
        }
        Self {
            id: event.id,
            object: "audit_event",
            r#type: event.name.name,
            created_at: event.metadata.at,
            actor: event.metadata.actor.into(),
            ip: event.metadata.ip.map(|ip| ip.to_string()),
            request_id: event.metadata.request_id,
            subject: stream.subject(),
            data,
        }
    }
}

/// Returns the payload without the fields that only Latchhook itself can use: keyed hashes and
/// numbers of secrets. An unreadable payload is not shown at all.
fn without_bookkeeping(payload: &RawValue) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "fingerprint" && name != "secret");
                fields.values_mut().for_each(strip);
            }
            Value::Array(entries) => entries.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(payload.get()).unwrap_or_default();
    // Of a filter every name is its author's.
    let filter = value.get_mut("filter").map(Value::take);
    strip(&mut value);
    if let Some(filter) = filter {
        value["filter"] = filter;
    }
    value
}
