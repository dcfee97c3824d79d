//! JSON Schemas of event types, compiled once.

use std::sync::Arc;

use domain::event_types::Registered;
use jsonschema::{
    ValidationError, Validator,
    error::ValidationErrorKind,
    paths::{Location, LocationSegment},
};
use ports::{Store, store::Document};
use serde_json::{Value, value::RawValue};

use crate::{
    documents::{StoredRegistered, Unreadable, read, registered},
    problem::{Code, Param, Problem},
    readings::Memo,
};

/// Approximate total size in bytes of the schemas whose compiled form is cached.
const KEPT: usize = 4 << 20;

/// Cache of compiled schemas, by the names of their event types. Each is valid only for the
/// document that it was compiled from, whatever else was or will be registered under that name.
pub struct Schemas(Memo<String, Option<Validator>>);

impl Default for Schemas {
    fn default() -> Self {
        Self(Memo::of(KEPT))
    }
}

impl Schemas {
    /// Checks what the schema of the registered type in `document` describes: the value of a field.
    ///
    /// # Errors
    /// [`Code::InvalidField`] with the first violation of the schema; when the document can't be
    /// read.
    pub(super) async fn check(
        &self,
        store: &dyn Store,
        document: &Document,
        described: (&'static str, &RawValue),
    ) -> Result<(), Problem> {
        let schema = match self.of(document) {
            Ok(schema) => schema,
            Err(_) => match registered(store, document).await? {
                Some(registered) => Arc::new(compiled(&registered)?),
                None => return Ok(()),
            },
        };
        holds(schema.as_ref().as_ref(), described)
    }

    fn of(&self, document: &Document) -> Result<Arc<Option<Validator>>, Unreadable> {
        let name = document.key.sort.clone();
        self.0.read(name, document, |document| compiled(&read(&document.body)?))
    }
}

/// Compiles the schema of a registered type, if it has one.
fn compiled(registered: &Registered) -> Result<Option<Validator>, Unreadable> {
    let validator = registered.schema.as_deref().map(compile).transpose();
    validator.map_err(Unreadable::damaged::<StoredRegistered>)
}

/// Refuses a field whose value breaks `schema`.
fn holds(
    schema: Option<&Validator>,
    (field, value): (&'static str, &RawValue),
) -> Result<(), Problem> {
    let Some(validator) = schema else { return Ok(()) };
    let value: Value = serde_json::from_str(value.get())
        .map_err(|_| Problem::invalid(field, "must be JSON with numbers within bounds"))?;
    validator.validate(&value).map_err(|broken| broke(field, &broken))
}

/// Makes the problem of a violation. The sentence names the field and the rule but not the value,
/// which can be personal data.
fn broke(field: &str, broken: &ValidationError<'_>) -> Problem {
    let rule = broken.schema_path().to_string();
    let breaks = format_args!("breaks the schema of its event type at {rule}").to_string();
    Code::InvalidField.of_which(path(field, broken.instance_path()), breaks)
}

/// Returns the path of `location` within the field `root`.
fn path(root: &str, location: &Location) -> String {
    location.into_iter().fold(root.to_owned(), |path, segment| match segment {
        LocationSegment::Property(name) => format!("{path}.{}", Param::part(&name)),
        LocationSegment::Index(index) => format!("{path}[{index}]"),
    })
}

/// Refuses a text that is not a JSON Schema.
pub(super) fn check(schema: &str) -> Result<(), Problem> {
    compile(schema)
        .map(drop)
        .map_err(|why| Problem::invalid("schema", format_args!("must be a JSON Schema: {why}")))
}

/// Compiles a schema. It can't refer to anything outside itself: no file and no network is read.
///
/// # Errors
/// The fault, in words that repeat nothing of the schema but the location.
fn compile(schema: &str) -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(schema).map_err(|why| why.to_string())?;
    if !schema.is_object() && !schema.is_boolean() {
        return Err("it is neither an object nor a boolean".to_owned());
    }
    jsonschema::validator_for(&schema).map_err(|why| {
        if let ValidationErrorKind::Referencing(_) = why.kind() {
            return "it refers to what is not within it".to_owned();
        }
        let place = Param::named(path("schema", why.instance_path()));
        let place = place.map_or_else(|| "a value".to_owned(), |place| place.to_string());
        why.masked_with(place).to_string()
    })
}

#[cfg(test)]
mod tests {
    use ports::store::{Collection, Partition, Scope};
    use serde_json::{json, value::to_raw_value};

    use super::*;

    /// The document of a type, always of one revision.
    fn document(schema: Option<&str>) -> Document {
        let registered = json!({
            "name": "report.completed",
            "description": null,
            "schema": schema,
            "created_at": "2026-01-31T09:30:00.000Z",
            "updated_at": "2026-01-31T09:30:00.000Z",
        });
        let key = Partition::new(Scope::Installation, Collection("event_types"), "");
        let key = key.key("report.completed");
        Document { key, revision: 1, expires_at: None, body: registered.to_string().into() }
    }

    #[test]
    fn a_compiled_schema_is_used_only_for_its_own_document() {
        let schemas = Schemas::default();
        let object = to_raw_value(&json!({ "id": "1" })).unwrap();
        for _ in 0..2 {
            for (schema, keeps) in [
                (None, true),
                (Some(r#"{"required":["status"]}"#), false),
                (Some(r#"{"required":["id"]}"#), true),
                (Some("false"), false),
            ] {
                let compiled = schemas.of(&document(schema)).unwrap();
                let kept = holds(compiled.as_ref().as_ref(), ("data.object", &object)).is_ok();
                assert_eq!(kept, keeps, "{schema:?}");
            }
        }
    }

    #[test]
    fn nothing_is_repeated_of_a_name_that_is_not_shown() {
        let schema = r#"{"additionalProperties":{"additionalProperties":{"type":"integer"}}}"#;
        let object = json!({ "maria.lopez@example.com": { "x": "y" } });
        let object = to_raw_value(&object).unwrap();
        let compiled = Schemas::default().of(&document(Some(schema))).unwrap();
        let refused = holds(compiled.as_ref().as_ref(), ("data.object", &object)).unwrap_err();
        assert_eq!(refused.param, None);
        assert!(
            refused.message.starts_with("A field in data.object breaks"),
            "{}",
            refused.message
        );
    }

    #[test]
    fn a_schema_that_is_none_is_refused_without_repeating_what_is_in_it() {
        for schema in [
            r#"{"type":"hunter2"}"#,
            r#"{"properties":{"a":{"minimum":"hunter2"}}}"#,
            r#"{"pattern":"(hunter2"}"#,
            r#"{"$ref":"https://hunter2.example/schema"}"#,
            r#""hunter2""#,
        ] {
            let refused = check(schema).unwrap_err();
            assert_eq!(refused.code, Code::InvalidField);
            assert!(!refused.message.contains("hunter2"), "{}", refused.message);
        }
    }
}
