//! Sample of an event type's object, for test events: that of the last real event, or one made from the
//! schema. Where events need no object, it is one of the whole data.

mod schema;

use domain::{Environment, Timestamp, id::EventId, webhook::EventType};
use ports::store::Range;
use serde::Serialize;
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};

use crate::{
    Backend,
    auth::Access,
    delivery::{event::AcceptedEvent, payload::is_unambiguous},
    documents::{read, registered},
    paging::Source,
    problem::{Code, Problem},
    views::{Spread, collections},
};

/// Number of the newest events among which one of the type is looked for.
const MOST: usize = 100;

/// Sample of an object or of data, and its origin.
#[derive(Serialize)]
pub(super) struct Sample {
    #[serde(rename = "object")]
    value: Box<RawValue>,
    from: Origin,
    /// True if the value is that of `data.object`.
    #[serde(skip)]
    is_object: bool,
}

impl Sample {
    /// Returns the data of a test event.
    pub(super) fn data(self) -> Result<Box<RawValue>, Problem> {
        if !self.is_object {
            return Ok(self.value);
        }
        let data = RawValue::from_string(format!("{{\"object\":{}}}", self.value.get()));
        Ok(data.map_err(|_| Code::Unavailable)?)
    }
}

/// Origin of a sample.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Origin {
    /// An event of the account.
    Event { id: EventId, created_at: Timestamp },
    /// The schema of the type.
    Schema,
    /// Only the name of the type: it has neither an event nor a schema.
    Name,
}

/// Makes a sample of `event_type`.
pub(super) async fn sample_of(
    backend: &Backend,
    access: &Access,
    environment: Environment,
    event_type: &EventType,
) -> Result<Sample, Problem> {
    let is_object = backend.settings.envelope.format.needs_object();
    if let Some(event) = last(backend, access, environment, event_type).await? {
        let from = Origin::Event { id: event.id, created_at: event.created_at };
        let object = event.object().filter(|_| is_object).map(ToOwned::to_owned);
        let value = if is_object { object } else { Some(event.data) };
        if let Some(value) = value {
            return Ok(Sample { value, from, is_object });
        }
    }
    let key = collections::event_types().key(event_type);
    let document = backend.store.get(&[key]).await?.into_iter().flatten().next();
    let found = match document {
        Some(document) => registered(&*backend.store, &document).await?,
        None => None,
    };
    let schema: Option<Value> =
        found.and_then(|found| found.schema).and_then(|schema| serde_json::from_str(&schema).ok());
    let (value, from) = match schema {
        Some(schema) => (schema::sample(&schema), Origin::Schema),
        None => (json!({}), Origin::Name),
    };
    let value = if is_object { related(value, event_type) } else { value };
    let value = to_raw_value(&value).map_err(|_| Code::Unavailable)?;
    Ok(Sample { value, from, is_object })
}

/// Finds the last real event of the type among the newest.
async fn last(
    backend: &Backend,
    access: &Access,
    environment: Environment,
    event_type: &EventType,
) -> Result<Option<AcceptedEvent>, Problem> {
    let partitions =
        Spread::of(&*backend.store).all(&collections::events(access.id(), environment));
    let source = Source { partitions, index: false, range: Range::default() };
    for row in source.newest(backend, None, MOST).await? {
        let event: AcceptedEvent = read(&row.document.body)?;
        let is_real = !event.is_test && event.erased_at.is_none();
        if event.event_type == *event_type && is_real && is_unambiguous(&event, &event.data) {
            return Ok(Some(event));
        }
    }
    Ok(None)
}

/// Adds the members that every related object has.
fn related(mut object: Value, event_type: &EventType) -> Value {
    let name = event_type.as_str().split('.').next().unwrap_or_default();
    if !object.is_object() {
        object = json!({});
    }
    for (member, text) in [("id", format!("{name}_test")), ("object", name.to_owned())] {
        if object[member].as_str().is_none_or(|text| text.trim().is_empty()) {
            object[member] = Value::String(text);
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_sample_is_it_names_an_object() {
        let of = |object| related(object, &"report.completed".parse().unwrap());
        assert_eq!(of(json!([])), json!({ "id": "report_test", "object": "report" }));
        let whole = json!({ "id": "rep_1", "object": "report", "status": "clear" });
        assert_eq!(of(whole.clone()), whole);
    }
}
