//! JSON Schemas of event types, compiled once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::event_types::Registered;
use jsonschema::Validator;
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
    work::read,
};

/// The most compiled schemas kept in memory.
const MOST: usize = 1024;

/// Compiled schemas, by event type; each is good for one revision of the type's document.
#[derive(Default)]
pub struct Schemas(Mutex<HashMap<String, Compiled>>);

#[derive(Clone)]
struct Compiled {
    revision: u64,
    /// None: the type has no schema.
    validator: Option<Arc<Validator>>,
}

impl Schemas {
    /// Holds `object` to the schema of the registered type in `document`.
    ///
    /// # Errors
    /// [`Code::InvalidField`] with the first thing that breaks the schema.
    pub(super) fn check(&self, document: &Document, object: &Json) -> Result<(), Problem> {
        let Some(validator) = self.of(document)? else { return Ok(()) };
        let object: Value = serde_json::from_str(object.0.get()).map_err(|_| {
            Problem::invalid("data.object", "must be JSON with numbers within bounds")
        })?;
        let Err(broken) = validator.validate(&object) else { return Ok(()) };
        let path = broken.instance_path().to_string().replace('/', ".");
        let param = format!("data.object{path}");
        // The sentence names the rule, not the value: values can be anybody's personal data.
        let rule = broken.schema_path().to_string();
        let message = format!("{param} breaks the schema of its event type at {rule}.");
        Err(Code::InvalidField.of(param).saying(message))
    }

    fn of(&self, document: &Document) -> Result<Option<Arc<Validator>>, Problem> {
        let name = &document.key.sort;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) =
            known.get(name).filter(|compiled| compiled.revision == document.revision)
        {
            return Ok(compiled.validator.clone());
        }
        let registered: Registered = read(&document.body)?;
        let validator = registered.schema.as_deref().map(compile).transpose();
        let validator =
            validator.map_err(|why| Unavailable::new("compiling a schema", why))?.map(Arc::new);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(
            name.clone(),
            Compiled { revision: document.revision, validator: validator.clone() },
        );
        Ok(validator)
    }
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
fn compile(schema: &str) -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(schema).map_err(|why| why.to_string())?;
    if !schema.is_object() && !schema.is_boolean() {
        return Err("it is neither an object nor a boolean".to_owned());
    }
    jsonschema::validator_for(&schema).map_err(|why| why.to_string())
}
