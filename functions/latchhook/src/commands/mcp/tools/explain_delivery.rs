//! `explain_delivery`: why a delivery failed, what the receiver said, and what follows.

mod told;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{Delivery, Event, ListedDelivery, Tool, Untrusted, event_id, webhook_id};
use crate::{
    client::{Document, Query},
    commands::mcp::{
        api::{Api, OnAccount, Page},
        refusal::{Refusal, Scopes},
        untrusted::{BODY, NAME, SENTENCE},
    },
};

const SCOPES: Scopes =
    &["events:read", "webhooks:read", "logs:read", "accounts:read (if no account is passed)"];

/// Attempts that are shown.
const ATTEMPTS: usize = 5;
/// Headers of a receiver's answer that say why; the others are left out.
const TELLING: [&str; 6] =
    ["content-type", "location", "retry-after", "server", "via", "www-authenticate"];

/// Tool that explains a delivery.
pub(in crate::commands::mcp) struct ExplainDelivery;

/// Arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::commands::mcp) struct Input {
    /// The event, evt_…
    event: String,
    /// The webhook, wh_…; without it, the first of the event's deliveries that is not delivered.
    webhook: Option<String>,
    /// The account, acct_…; found by the event if it is left out.
    account: Option<String>,
}

/// Result.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands::mcp) struct Output {
    summary: String,
    next_steps: Vec<String>,
    delivery: Option<ListedDelivery>,
    webhook: Option<Webhook>,
    /// The newest attempts, newest first.
    attempts: Vec<Attempt>,
    /// Answer to the newest attempt that failed with one.
    receiver_answered: Option<Answered>,
}

/// Webhook of the delivery.
#[derive(Serialize, JsonSchema)]
struct Webhook {
    webhook_id: String,
    webhook_url: Untrusted,
    /// enabled or disabled.
    status: String,
    /// manual, gone (a receiver answered 410) or failing (everything failed for 60 days).
    disabled_reason: Option<String>,
}

/// Attempt of the delivery.
#[derive(Serialize, JsonSchema)]
struct Attempt {
    log_id: String,
    at: String,
    /// Number within the delivery, from 1.
    attempt: u32,
    /// schedule, resend, recover or ping.
    trigger: String,
    /// succeeded or failed.
    status: String,
    response_status: Option<u16>,
    error_code: Option<String>,
    error: Option<Untrusted>,
    duration_ms: u64,
}

/// Answer of a receiver. All of it was written by the receiver.
#[derive(Serialize, JsonSchema)]
struct Answered {
    response_status: u16,
    headers: Vec<Header>,
    body: Option<Untrusted>,
}

/// Header of an answer.
#[derive(Serialize, JsonSchema)]
struct Header {
    name: &'static str,
    value: Untrusted,
}

/// Webhook, as the API shows it.
#[derive(Deserialize)]
struct ShownWebhook {
    id: String,
    webhook_url: String,
    status: String,
    disabled_reason: Option<String>,
}

/// Row of the log, as the API shows it.
#[derive(Deserialize)]
struct Row {
    id: String,
    created_at: String,
    attempt: u32,
    trigger: String,
    status: String,
    response_status: Option<u16>,
    error: Option<Fault>,
    duration_ms: u64,
    response: Option<Document>,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
    message: String,
}

impl Tool for ExplainDelivery {
    const NAME: &'static str = "explain_delivery";
    const TITLE: &'static str = "Say why a delivery failed";
    const DESCRIPTION: &'static str = "Says what became of one event's delivery to one webhook: its status, \
        the newest attempts, why they failed, what the receiver answered, when the next attempt is, and what \
        to do. Payloads and secrets are not shown.";
    type Input = Input;
    type Output = Output;

    async fn call(api: &Api, input: Input, may_resend: bool) -> Result<Output, Refusal> {
        let id = event_id(&input.event)?;
        let wanted = input.webhook.as_deref().map(webhook_id).transpose()?;
        let account = input.account.as_deref();
        let (on, event): (_, Event) = api.event(account, &id, SCOPES).await?;
        let Some(delivery) = chosen(&event, wanted.as_deref()) else {
            return Ok(told::without_delivery(&event, wanted.as_deref()));
        };
        let webhook = Query::new(format!("/v1/webhooks/{}", delivery.webhook_id));
        let webhook: Option<ShownWebhook> = on.find(webhook).await?;
        let rows = rows(&on, &event, delivery).await?;
        Ok(told::explained(&event, delivery, webhook, &rows, may_resend))
    }
}

/// Returns the delivery that is meant: to that webhook, or the first that is not delivered.
fn chosen<'a>(event: &'a Event, webhook: Option<&str>) -> Option<&'a Delivery> {
    let deliveries = &event.deliveries;
    if let Some(webhook) = webhook {
        return deliveries.iter().find(|delivery| delivery.webhook_id == webhook);
    }
    let open = deliveries.iter().find(|delivery| delivery.status != "delivered");
    open.or_else(|| deliveries.first())
}

async fn rows(on: &OnAccount, event: &Event, delivery: &Delivery) -> Result<Vec<Row>, Refusal> {
    let query = Query::new("/v1/logs")
        .with("kind", Some("webhook_delivery"))
        .with("event_id", Some(&event.id))
        .with("webhook_id", Some(&delivery.webhook_id))
        .with("per_page", Some(ATTEMPTS.to_string()));
    let page: Page<Row> = on.get(query).await?;
    Ok(page.data)
}

impl Attempt {
    fn of(row: &Row) -> Self {
        let error = |fault: &Fault| Untrusted::new(&fault.message, SENTENCE);
        Self {
            log_id: row.id.clone(),
            at: row.created_at.clone(),
            attempt: row.attempt,
            trigger: row.trigger.clone(),
            status: row.status.clone(),
            response_status: row.response_status,
            error_code: row.error.as_ref().map(|fault| fault.code.clone()),
            error: row.error.as_ref().map(error),
            duration_ms: row.duration_ms,
        }
    }
}

impl Answered {
    fn of(row: &Row) -> Option<Self> {
        let (response, response_status) = (row.response.as_ref()?, row.response_status?);
        let header = |name| {
            let value = response.at(&format!("/headers/{name}"));
            let value = (!value.is_empty()).then(|| Untrusted::new(&value, SENTENCE))?;
            Some(Header { name, value })
        };
        let body = response.at("/body_excerpt");
        Some(Self {
            response_status,
            headers: TELLING.into_iter().filter_map(header).collect(),
            body: (!body.is_empty()).then(|| Untrusted::new(&body, BODY)),
        })
    }
}

impl From<ShownWebhook> for Webhook {
    fn from(shown: ShownWebhook) -> Self {
        Self {
            webhook_id: shown.id,
            webhook_url: Untrusted::new(&shown.webhook_url, NAME),
            status: shown.status,
            disabled_reason: shown.disabled_reason,
        }
    }
}
