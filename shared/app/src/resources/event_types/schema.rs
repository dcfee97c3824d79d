//! JSON Schemas of event types, compiled once.

use std::sync::Arc;

use domain::event_types::Registered;
use jsonschema::{
    ValidationError, Validator,
    paths::{Location, LocationSegment},
};
use ports::{Unavailable, store::Document};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

use crate::{
    http::fields::Json,
    problem::{Code, Problem},
    readings::Memo,
    work::read,
};

/// About how many bytes of schemas a generation of compiled ones is of.
const KEPT: usize = 4 << 20;

/// Compiled schemas by the names of their event types. Each is good for the document that it was
/// compiled from, whatever was put under that name before or is put there after.
pub struct Schemas(Memo<String, Option<Validator>>);

impl Default for Schemas {
    fn default() -> Self {
        Self(Memo::of(KEPT))
    }
}

impl Schemas {
    /// Holds `object` to the schema of the registered type in `document`.
    ///
    /// # Errors
    /// [`Code::InvalidField`] with the first thing that breaks the schema.
    pub(super) fn check(&self, document: &Document, object: &Json) -> Result<(), Problem> {
        let schema = self.of(document)?;
        let Some(validator) = &*schema else { return Ok(()) };
        let object: Value = serde_json::from_str(object.0.get()).map_err(|_| {
            Problem::invalid("data.object", "must be JSON with numbers within bounds")
        })?;
        validator.validate(&object).map_err(|broken| broke(&broken))
    }

    fn of(&self, document: &Document) -> Result<Arc<Option<Validator>>, Unavailable> {
        self.0.read(document.key.sort.clone(), document, |document| {
            let registered: Registered = read(&document.body)?;
            let validator = registered.schema.as_deref().map(compile).transpose();
            validator.map_err(|why| Unavailable::new("compiling a schema", why))
        })
    }
}

/// The sentence names the field and the rule, not the value: values can be anybody's personal data.
fn broke(broken: &ValidationError<'_>) -> Problem {
    let rule = broken.schema_path().to_string();
    let breaks = format_args!("breaks the schema of its event type at {rule}").to_string();
    Code::InvalidField.of_which(path("data.object", broken.instance_path()), breaks)
}

/// The path of `location` within the field `root`.
fn path(root: &str, location: &Location) -> String {
    location.into_iter().fold(root.to_owned(), |path, segment| match segment {
        LocationSegment::Property(name) => format!("{path}.{name}"),
        LocationSegment::Index(index) => format!("{path}[{index}]"),
    })
}

/// How the OpenAPI document describes a JSON Schema.
#[derive(Debug)]
pub(super) enum JsonSchema {}

impl PartialSchema for JsonSchema {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Object, Type::Boolean]))
            .description(Some("A JSON Schema, 2020-12 unless it says otherwise."))
            .examples([json!({"type": "object", "required": ["status"]})])
            .into()
    }
}

impl ToSchema for JsonSchema {}

/// Refuses what is no JSON Schema.
pub(super) fn check(schema: &Json) -> Result<(), Problem> {
    compile(schema.0.get())
        .map(drop)
        .map_err(|why| Problem::invalid("schema", format_args!("must be a JSON Schema: {why}")))
}

/// Compiles a schema. It can refer to nothing outside itself: no file and no network is read.
///
/// # Errors
/// What is wrong with it, in words that repeat nothing of it but where that is.
fn compile(schema: &str) -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(schema).map_err(|why| why.to_string())?;
    if !schema.is_object() && !schema.is_boolean() {
        return Err("it is neither an object nor a boolean".to_owned());
    }
    jsonschema::validator_for(&schema).map_err(|why| why.masked_with("what is there").to_string())
}
