//! OpenAPI document, generated from the routes.

mod answers;
mod compatibility;
mod envelope;
mod fields;
mod jurisdictions;
mod references;
pub(crate) mod vocabulary;

use domain::OperatorScope;
use utoipa::openapi::{
    Components, Content, Info, License, OpenApi, Ref, RefOr, Required, ResponseBuilder,
    content::ContentBuilder,
    example::ExampleBuilder,
    extensions::{Extensions, ExtensionsBuilder},
    path::{Operation, ParameterBuilder, ParameterIn, PathItem},
    schema::{ObjectBuilder, RefBuilder, Schema, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::parts;
use crate::{App, auth::NeededScope, problem::Code, resources::service};

impl App {
    /// Returns the OpenAPI document of the API.
    #[must_use]
    pub fn openapi(&self) -> serde_json::Value {
        document(self)
    }
}

/// Returns the whole document, as it is served.
pub(crate) fn document(app: &App) -> serde_json::Value {
    let mut document = parts::routes(parts::ALL).document();
    complete(&mut document);
    if app.metrics.is_none() {
        document.paths.paths.remove(service::METRICS);
    }
    let mut document = serde_json::to_value(document).unwrap_or_default();
    jurisdictions::complete(&mut document, &app.backend.settings.jurisdictions);
    envelope::complete(&mut document, &app.backend.settings.envelope);
    references::complete(&mut document);
    answers::complete(&mut document);
    compatibility::complete(&mut document, app.backend.settings.compatibility);
    document
}

fn complete(document: &mut OpenApi) {
    let mut info = Info::new("Latchhook", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    let mut license = License::new("Apache License 2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    document.info = info;
    document.security = Some(vec![
        SecurityRequirement::new("bearer", Vec::<String>::new()),
        SecurityRequirement::new("basic", Vec::<String>::new()),
    ]);
    let components = document.components.get_or_insert_with(Default::default);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An operator token, a portal session's token, or an API key. `x-operator-scopes` of a route are the scopes with any of which an operator token is admitted there."));
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("An API key as the user name, with an empty password."));
    components
        .security_schemes
        .insert("bearer".to_owned(), SecurityScheme::Http(bearer.build()).into());
    components
        .security_schemes
        .insert("basic".to_owned(), SecurityScheme::Http(basic.build()).into());
    components.schemas.insert("Error".to_owned(), error_schema());
    components.schemas.insert(ERROR_CODE.to_owned(), error_code_schema());
    fields::describe(components);
    let optional = all_optional(components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_operation(path, method, operation, &optional);
        }
    }
}

const ERROR_CODE: &str = "ErrorCode";

const DESCRIPTION: &str = "Developer settings for any company that has an API: API keys, webhooks, logs. \
Every response carries `X-Request-Id`. Responses to an API key carry `X-Ratelimit-Limit`, \
`X-Ratelimit-Remaining` and `X-Ratelimit-Reset`.";

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    [
        ("get", item.get.as_mut()),
        ("put", item.put.as_mut()),
        ("post", item.post.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
    .collect()
}

/// Returns the names of bodies without required fields, which may therefore be omitted.
fn all_optional(components: &Components) -> Vec<String> {
    let schemas = components.schemas.iter().filter_map(|(name, schema)| match schema {
        RefOr::T(Schema::Object(object)) => Some((name, object)),
        _ => None,
    });
    let optional = schemas.filter(|(_, object)| object.required.is_empty());
    optional.map(|(name, _)| Ref::from_schema_name(name).ref_location).collect()
}

fn complete_operation(
    path: &str,
    method: &'static str,
    operation: &mut Operation,
    optional: &[String],
) {
    let name = operation_id(method, path);
    operation.operation_id = Some(name);
    if path == "/readyz" {
        add_errors(operation, &[503]);
    }
    if path.starts_with("/jwks/") {
        add_errors(operation, &[400, 404, 413, 500, 503]);
    }
    if !path.starts_with("/v1/") {
        return;
    }
    add_body_and_errors(method, operation, optional);
    // A route that is open to everybody has no caller, so there is no account to name and no answer
    // to keep.
    if operation.security.is_some() {
        return;
    }
    operation.extensions = Some(scopes_of(path, method));
    let account = ParameterBuilder::new()
        .name("Latchhook-Account")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The account that the operator acts on."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(RefOr::T(account));
    if method == "post" {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Key by which a repeat within 24 hours gets the first answer."))
            .schema(Some(
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some(255)),
            ))
            .build();
        parameters.push(RefOr::T(key));
    }
}

/// Returns the scopes with any of which an operator token is admitted at a route, as an extension.
fn scopes_of(path: &str, method: &str) -> Extensions {
    let method = method.to_ascii_uppercase().parse().unwrap_or_default();
    let scopes: &[OperatorScope] = match NeededScope::at(&method, path) {
        NeededScope::OneOf(scopes) => scopes,
        NeededScope::Nothing | NeededScope::Root => &[],
    };
    ExtensionsBuilder::new().add("x-operator-scopes", serde_json::json!(scopes)).build()
}

/// Adds the form encoding of the body, and every refusal.
fn add_body_and_errors(method: &'static str, operation: &mut Operation, optional: &[String]) {
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(RefOr::T(json)) = body.content.get("application/json")
    {
        let form = Content::new(json.schema.clone());
        let may_be_absent = match &json.schema {
            Some(RefOr::Ref(reference)) => optional.contains(&reference.ref_location),
            _ => false,
        };
        body.required = Some(if may_be_absent { Required::False } else { Required::True });
        body.content.insert("application/x-www-form-urlencoded".to_owned(), RefOr::T(form));
    }
    let statuses: &[u16] = match method {
        "get" => &[400, 401, 403, 404, 405, 413, 422, 429, 500, 503],
        _ => &[400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503],
    };
    add_errors(operation, statuses);
}

/// Adds every error that any route can answer with: one response for each status, which lists its
/// codes.
fn add_errors(operation: &mut Operation, statuses: &[u16]) {
    for status in statuses {
        let codes: Vec<_> = Code::ALL.iter().filter(|code| code.status() == *status).collect();
        let told: Vec<_> =
            codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.sentence())).collect();
        let response = ResponseBuilder::new()
            .description(told.join("\n\n"))
            .content("application/json", error_content(&codes))
            .build();
        operation.responses.responses.insert(status.to_string(), RefOr::T(response));
    }
}

/// Returns the body of an error, with an example for each code of its status.
fn error_content(codes: &[&Code]) -> Content {
    let examples = codes.iter().map(|code| {
        let body = serde_json::json!({
            "error": code.sentence(),
            "code": code.as_str(),
            "param": null,
            "request_id": "req_01jgz2v6nv6e0w5dj3c5rqm8ta",
        });
        (code.as_str(), RefOr::T(ExampleBuilder::new().value(Some(body)).build()))
    });
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Error")))
        .examples_from_iter(examples)
        .build()
}

fn error_schema() -> RefOr<utoipa::openapi::schema::Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let code = RefBuilder::new()
        .ref_location_from_schema_name(ERROR_CODE)
        .description(Some("Stable error code."));
    let param = ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::SchemaType::from_iter([Type::String, Type::Null]))
        .pattern(Some(r"^[A-Za-z0-9_.\[\]-]{1,100}$"))
        .description(Some("Name of the offending field; null if it has none that can be shown."));
    ObjectBuilder::new()
        .property("error", text().description(Some("Message for people.")))
        .property("code", code)
        .property("param", param)
        .property("request_id", text())
        .required("error")
        .required("code")
        .required("param")
        .required("request_id")
        .into()
}

fn error_code_schema() -> RefOr<utoipa::openapi::schema::Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Stable error code."))
        .enum_values(Some(Code::ALL.iter().map(|code| code.as_str())))
        .into()
}

/// Makes an operation id: `post /v1/api_keys/{id}/roll` → `post_api_keys_id_roll`, unique, and
/// stable when functions move.
fn operation_id(method: &str, path: &str) -> String {
    let words =
        path.trim_start_matches("/v1").split(['/', '{', '}', '.']).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}
