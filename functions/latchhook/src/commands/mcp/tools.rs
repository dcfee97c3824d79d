//! Tools, one a file: what a model is told of it, arguments, result, and code.
#![expect(clippy::struct_field_names, reason = "a model reads each name by itself")]

mod explain_delivery;
mod find_account;
mod find_deliveries;
mod list_waiting;
mod resend_delivery;

use rmcp::{
    model::ToolAnnotations,
    schemars::{self, JsonSchema},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(super) use self::{
    explain_delivery::ExplainDelivery, find_account::FindAccount, find_deliveries::FindDeliveries,
    list_waiting::ListWaiting, resend_delivery::ResendDelivery,
};
use super::{
    api::Api,
    refusal::Refusal,
    untrusted::{NAME, Untrusted},
};
use crate::{args, client::Document};

/// Number of things in a list where it is not said.
const USUAL: usize = 10;
/// Most things in a list.
const MOST: usize = 25;

/// Tool that a model can call.
pub(super) trait Tool {
    /// Name by which it is called.
    const NAME: &'static str;
    /// Title for people.
    const TITLE: &'static str;
    /// Description for models: what it does, and when to call it.
    const DESCRIPTION: &'static str;

    /// Arguments.
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// Result.
    type Output: Serialize + JsonSchema + 'static;

    /// Returns what clients are told of its effects.
    fn annotations() -> ToolAnnotations {
        ToolAnnotations::new().read_only(true).idempotent(true).open_world(false)
    }

    /// Calls it. `may_resend` says whether the model has the tool for that.
    ///
    /// # Errors
    /// [`Refusal`], for any failure.
    fn call(
        api: &Api,
        input: Self::Input,
        may_resend: bool,
    ) -> impl Future<Output = Result<Self::Output, Refusal>> + Send;
}

/// Environment of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Environment {
    Test,
    Live,
}

impl Environment {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

/// Status of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Status {
    /// No attempt was made yet.
    Pending,
    /// Attempts failed, and another one follows by itself.
    Retrying,
    Delivered,
    /// Every attempt failed, and none follows.
    Exhausted,
    /// The webhook was disabled or deleted, or the account closed.
    Cancelled,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Retrying => "retrying",
            Self::Delivered => "delivered",
            Self::Exhausted => "exhausted",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Event, as tools read it from the API: without its data, which is nobody's business here.
#[derive(Debug, Deserialize)]
struct Event {
    id: String,
    r#type: String,
    environment: String,
    created_at: String,
    account_id: String,
    data: Document,
    deliveries: Vec<Delivery>,
}

impl Event {
    /// Returns the identifier of the object that the event is about, where its data has one.
    fn object_id(&self) -> Option<Untrusted> {
        let id = self.data.at("/object/id");
        (!id.is_empty()).then(|| Untrusted::new(&id, NAME))
    }
}

/// Delivery of an event, as the API shows it.
#[derive(Debug, Deserialize)]
struct Delivery {
    webhook_id: String,
    status: String,
    attempts: u32,
    next_attempt_at: Option<String>,
    last_response_status: Option<u16>,
}

/// Delivery in a list.
#[derive(Debug, Serialize, JsonSchema)]
struct ListedDelivery {
    account_id: String,
    event_id: String,
    event_type: String,
    environment: String,
    accepted_at: String,
    /// Identifier of the object that the event is about.
    object_id: Option<Untrusted>,
    webhook_id: String,
    /// pending, retrying, delivered, exhausted or cancelled.
    status: String,
    attempts: u32,
    last_response_status: Option<u16>,
    next_attempt_at: Option<String>,
}

impl ListedDelivery {
    fn of(event: &Event, delivery: &Delivery) -> Self {
        Self {
            account_id: event.account_id.clone(),
            event_id: event.id.clone(),
            event_type: event.r#type.clone(),
            environment: event.environment.clone(),
            accepted_at: event.created_at.clone(),
            object_id: event.object_id(),
            webhook_id: delivery.webhook_id.clone(),
            status: delivery.status.clone(),
            attempts: delivery.attempts,
            last_response_status: delivery.last_response_status,
            next_attempt_at: delivery.next_attempt_at.clone(),
        }
    }
}

/// Returns the size of a list of which `limit` was asked.
fn size(limit: Option<usize>) -> usize {
    limit.unwrap_or(USUAL).clamp(1, MOST)
}

fn event_id(text: &str) -> Result<String, Refusal> {
    args::event_id(text).map_err(|why| {
        let next =
            "find_deliveries finds events by the identifier of their object, or by a webhook.";
        Refusal::of_argument(format!("event {why}."), next)
    })
}

fn webhook_id(text: &str) -> Result<String, Refusal> {
    args::webhook_id(text).map_err(|why| {
        let next = "find_deliveries finds webhooks by their URL.";
        Refusal::of_argument(format!("webhook {why}."), next)
    })
}
