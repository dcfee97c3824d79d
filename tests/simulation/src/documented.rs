//! Check that an answer is one that the OpenAPI document describes.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use app::App;
use http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::Answer;

/// OpenAPI documents by jurisdictions, payload format and compatibility: the same in every simulation of those.
static DOCUMENTS: LazyLock<Mutex<HashMap<String, Arc<Value>>>> = LazyLock::new(Mutex::default);
/// Validators of answers by the same, and their place in the document.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Checks the answer to a call of `path`; the answer to a path that is none of the API's may be
/// anything.
///
/// # Panics
/// Fails if the document has no such status for the route, or describes another body.
#[track_caller]
pub(crate) fn check(app: &App, method: &Method, path: &str, answer: &Answer) {
    let settings = &app.backend.settings;
    let choices = format!(
        "{:?} {} {}",
        settings.jurisdictions.choices(),
        settings.envelope.format,
        settings.compatibility
    );
    let mut documents = DOCUMENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let document = documents.entry(choices.clone()).or_insert_with(|| Arc::new(app.openapi()));
    let document = Arc::clone(document);
    drop(documents);
    let Some(template) = template(&document, path) else { return };
    let method = method.as_str().to_lowercase();
    let Some(operation) = document["paths"][&template].get(&method) else { return };
    let described = &operation["responses"][answer.status.to_string()];
    assert!(described.is_object(), "{method} {template}: {} is not documented", answer.status);
    if !described["content"]["application/json"].is_object() {
        return;
    }
    let place = format!(
        "#/paths/{}/{method}/responses/{}/content/application~1json/schema",
        template.replace('/', "~1").replace('{', "%7B").replace('}', "%7D"),
        answer.status
    );
    let validator = validator(&document, &choices, &place);
    let body = answer.json();
    let faults: Vec<String> = validator.iter_errors(&body).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{method} {path}: {faults:?} in {body}");
}

/// Returns the path of the document that `path`, which may have a query, is an instance of.
fn template(document: &Value, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or_default();
    let mut templates = document["paths"].as_object()?.keys();
    let is_same = |template: &&String| {
        let (mut parts, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (parts.next(), given.next()) {
                (None, None) => return true,
                (Some(part), Some(given)) if part == given || part.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    // A name stands before a parameter: "{" sorts behind every letter.
    templates.find(is_same).cloned()
}

#[track_caller]
#[expect(clippy::expect_used, reason = "a test of a document that is no schema should fail")]
fn validator(document: &Value, choices: &str, place: &str) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut schema = document.clone();
        schema["$ref"] = json!(place);
        Arc::new(jsonschema::validator_for(&schema).expect("a schema"))
    };
    Arc::clone(validators.entry(format!("{choices}{place}")).or_insert_with(make))
}
