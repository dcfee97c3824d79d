//! Pages of operational webhooks.

mod one;
mod secret;
mod types;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use domain::{MOST_OPERATIONAL_WEBHOOKS, id::AccountId};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::{
    secret::secret_page,
    types::{Choice, asked, choices},
};
use crate::{
    client::{
        Client, Refusal,
        resources::{List, Trouble, Webhook, WebhookSecret},
    },
    html::{OperatorFrame, OperatorSection, Picture, Problems, Shown, page, shown},
    pages::webhooks::picture,
    session::{Fields, Form, Operator},
    state::Page,
};

/// Path of operational webhooks in the API.
const PATH: &str = "/v1/operator_webhooks";
/// Fields of the forms that make and change one.
const FIELDS: &[&str] = &["webhook_url", "event_types", "description"];

/// Adds the routes of operational webhooks.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/operator/webhooks", get(list).post(create))
        .route("/operator/webhooks/{id}", get(one::one).post(one::save))
        .route("/operator/webhooks/{id}/reveal", post(secret::reveal))
        .route("/operator/webhooks/{id}/rotate", post(secret::rotate))
        .route("/operator/webhooks/{id}/delete", post(one::delete))
}

/// Client with which the operator acts on the account of their own, which has the operational webhooks.
fn own(operator: &Operator) -> Client {
    operator.api.on(&AccountId::OPERATOR.to_string())
}

/// Chart of a webhook's attempts; none if the operator may not see it.
async fn chart(operator: &Operator, webhook: &Webhook) -> Option<Picture> {
    picture(&own(operator), operator.now, &format!("webhook_id={}", webhook.id)).await
}

/// Webhook in the list.
struct Row {
    webhook: Webhook,
    picture: Option<Picture>,
}

impl Row {
    fn trouble(&self) -> Option<&Trouble> {
        self.picture.as_ref().and_then(Picture::trouble)
    }
}

#[derive(Template)]
#[template(path = "operator_webhooks.html")]
struct WebhooksPage<'a> {
    frame: OperatorFrame<'a>,
    rows: Vec<Row>,
    most: u32,
    form: &'a Fields,
    choices: Vec<Choice<'a>>,
    problems: Problems,
    once: String,
}

impl WebhooksPage<'_> {
    /// Returns whether there can be no more webhooks.
    fn is_full(&self) -> bool {
        u32::try_from(self.rows.len()).is_ok_and(|count| count >= self.most)
    }
}

async fn list(operator: Operator, query: Fields) -> Shown {
    let form = Fields::default();
    let mut webhooks_page = webhooks_page(&operator, &form, Problems::default()).await?;
    webhooks_page.frame = webhooks_page.frame.after(query.get("done"));
    shown(&webhooks_page)
}

async fn webhooks_page<'a>(
    operator: &'a Operator,
    form: &'a Fields,
    problems: Problems,
) -> Result<WebhooksPage<'a>, Refusal> {
    let say = &operator.page.say().operational;
    let webhooks: List<Webhook> = operator.api.get(PATH).await?;
    let mut rows = Vec::with_capacity(webhooks.data.len());
    for webhook in webhooks.data {
        let picture = chart(operator, &webhook).await;
        rows.push(Row { webhook, picture });
    }
    Ok(WebhooksPage {
        frame: OperatorFrame::new(operator, OperatorSection::Webhooks, say.webhooks()),
        rows,
        most: MOST_OPERATIONAL_WEBHOOKS,
        form,
        choices: choices(&asked(form), say),
        problems,
        once: operator.page.once(),
    })
}

/// Webhook that was made, with what its receiver verifies by.
#[derive(Deserialize)]
struct Made {
    #[serde(flatten)]
    webhook: Webhook,
    #[serde(flatten)]
    secret: WebhookSecret,
}

async fn create(Form { who: operator, fields }: Form<Operator>) -> Shown {
    let refusal = match created(&operator, &fields).await {
        Ok(Made { webhook, secret }) => {
            return Ok(page(StatusCode::OK, &secret_page(&operator, &webhook, &secret)));
        }
        Err(refusal) => refusal,
    };
    let status = refusal.status;
    let refusal = if refusal.code == "quota_limit_exceeded" {
        // About no field: where there can be no more there is no form.
        Refusal::of("", &operator.page.say().operational.full(MOST_OPERATIONAL_WEBHOOKS))
    } else {
        refusal
    };
    let problems = Problems::new(refusal, FIELDS, 0, &operator.page.say().forms);
    Ok(page(status, &webhooks_page(&operator, &fields, problems).await?))
}

async fn created(operator: &Operator, fields: &Fields) -> Result<Made, Refusal> {
    check(operator, fields)?;
    let mut body = Map::new();
    body.insert("webhook_url".to_owned(), json!(fields.get("webhook_url")));
    body.insert("event_types".to_owned(), json!(asked(fields)));
    if let Some(description) = fields.some("description") {
        body.insert("description".to_owned(), json!(description));
    }
    operator.api.post_once(PATH, &Value::Object(body), fields.get("once")).await
}

/// Refuses a form that can't be right, naming each wrong field: the API names the first.
fn check(operator: &Operator, fields: &Fields) -> Result<(), Refusal> {
    let say = operator.page.say();
    let mut wrong = vec![];
    if fields.get("webhook_url").is_empty() {
        wrong.push(Refusal::of("webhook_url", &say.forms.url()));
    }
    if asked(fields).is_empty() {
        wrong.push(Refusal::of("event_types", &say.operator.scopes_none()));
    }
    Refusal::all(wrong)
}
