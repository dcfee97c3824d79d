//! Pages of event types and their schemas.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use http::Method;
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use crate::{
    client::{
        Refusal, encoded,
        resources::{EventType, List},
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, readable, shown, told},
    session::{Fields, Form, Operator},
    state::Page,
    words::Words,
};

/// Fields of the form.
const FIELDS: &[&str] = &["name", "description", "schema"];

/// Adds the routes of event types.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/operator/event-types", get(list).post(put))
        .route("/operator/event-types/{name}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "operator_event_types.html")]
struct EventTypesPage<'a> {
    frame: OperatorFrame<'a>,
    types: List<EventType>,
    query: &'a Fields,
    /// Name of the type that is being changed.
    known: Option<String>,
    form: Fields,
    problems: Problems,
}

impl EventTypesPage<'_> {
    fn next(&self) -> Option<String> {
        let cursor = self.types.next()?;
        Some(self.query.query(&["cursor", "done", "edit"], &[("cursor", &cursor)]))
    }
}

async fn list(operator: Operator, query: Fields) -> Shown {
    let mut types_page = types_page(&operator, &query, Problems::default()).await?;
    let edited = query.get("edit");
    if let Some(known) = types_page.types.data.iter().find(|known| known.name == edited) {
        let schema = known.schema.as_ref().map(|schema| readable(schema.get()));
        let (name, description) = (&known.name, known.description.as_deref());
        types_page.known = Some(name.clone());
        types_page.form = Fields::parse(
            format!(
                "name={}&description={}&schema={}",
                encoded(name),
                encoded(description.unwrap_or_default()),
                encoded(schema.as_deref().unwrap_or_default())
            )
            .as_bytes(),
        );
    }
    shown(&types_page)
}

async fn types_page<'a>(
    operator: &'a Operator,
    query: &'a Fields,
    problems: Problems,
) -> Result<EventTypesPage<'a>, Refusal> {
    let cursor = query.some("cursor").map(|cursor| format!("&cursor={}", encoded(cursor)));
    let path = format!("/v1/event_types?per_page=100{}", cursor.unwrap_or_default());
    let mut types: List<EventType> = operator.api.get(&path).await?;
    types.data.reverse();
    let frame = OperatorFrame::new(
        operator,
        OperatorSection::EventTypes,
        operator.page.say().operator.event_types(),
    );
    let frame = frame.after(query.get("done"));
    Ok(EventTypesPage { frame, types, query, known: None, form: Fields::default(), problems })
}

async fn put(Form { who: operator, fields }: Form<Operator>) -> Shown {
    let say = operator.page.say();
    let saved = match PutEventType::of(&fields, say) {
        Err(refusal) => Err(refusal),
        Ok(body) => {
            let path = format!("/v1/event_types/{}", encoded(fields.get("name")));
            operator
                .api
                .send::<EventType>(Method::PUT, &path, &body)
                .await
                .map_err(|why| named(why, say))
        }
    };
    match saved {
        Ok(_) => Ok(told("/operator/event-types", "type-saved")),
        Err(refusal) => {
            let status = refusal.status;
            let problems = Problems::new(refusal, FIELDS, 0, &operator.page.say().forms);
            let nothing = Fields::default();
            let mut types_page = types_page(&operator, &nothing, problems).await?;
            types_page.form = fields;
            Ok(page(status, &types_page))
        }
    }
}

/// Event type as the form describes it. The schema is passed on as text: parsing it would change
/// numbers, and would drop duplicate names, which the API refuses.
#[derive(Debug, Serialize)]
struct PutEventType<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a RawValue>,
}

impl<'a> PutEventType<'a> {
    fn of(fields: &'a Fields, say: &Words) -> Result<Self, Refusal> {
        let wrong = |why| Refusal::of("schema", &say.operator.schema_wrong(why));
        let schema = fields.some("schema").map(serde_json::from_str).transpose().map_err(wrong)?;
        Ok(Self { description: fields.some("description"), schema })
    }
}

/// Words what the API says of a name that is none; one that is empty, or has a slash, leads nowhere.
fn named(refusal: Refusal, say: &Words) -> Refusal {
    let is_malformed =
        refusal.code == "invalid_field" && refusal.message.starts_with("name must be words");
    if is_malformed || refusal.code == "not_found" || refusal.code == "method_not_allowed" {
        Refusal::of("name", &say.operator.type_name_wrong())
    } else {
        refusal
    }
}

async fn remove(Path(name): Path<String>, form: Form<Operator>) -> Shown {
    let path = format!("/v1/event_types/{}", encoded(&name));
    let removed = form.who.api.send::<EventType>(Method::DELETE, &path, &Value::Null).await;
    removed?;
    Ok(told("/operator/event-types", "type-removed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_reaches_the_api_as_it_was_written() {
        let schema = r#"{"z":1.10,"minimum":12345678901234567890123,"z":"\u0041"}"#;
        let form = Fields::parse(format!("schema={}", encoded(schema)).as_bytes());
        let body =
            serde_json::to_string(&PutEventType::of(&form, &Words::default()).unwrap()).unwrap();
        assert_eq!(body, format!(r#"{{"schema":{schema}}}"#));
    }

    #[test]
    fn a_schema_that_is_no_json_is_refused_at_its_field() {
        let form = Fields::parse(b"schema={");
        assert_eq!(
            PutEventType::of(&form, &Words::default()).unwrap_err().param.as_deref(),
            Some("schema")
        );
    }
}
