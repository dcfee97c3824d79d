//! `resend_delivery`: one more attempt now, for whoever was allowed it.

use rmcp::{
    model::ToolAnnotations,
    schemars::{self, JsonSchema},
};
use serde::{Deserialize, Serialize};

use super::{Event, ListedDelivery, Tool, event_id, webhook_id};
use crate::commands::mcp::{
    api::Api,
    refusal::{Refusal, Scopes},
};

const SCOPES: Scopes =
    &["webhooks:write", "events:read", "accounts:read (if no account is passed)"];

/// Tool that sends a delivery again.
pub(in crate::commands::mcp) struct ResendDelivery;

/// Arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::commands::mcp) struct Input {
    /// The event, evt_…
    event: String,
    /// The webhook, wh_…
    webhook: String,
    /// The account, acct_…; found by the event if it is left out.
    account: Option<String>,
}

/// Result.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands::mcp) struct Output {
    summary: String,
    next_steps: Vec<String>,
    /// The delivery right after the attempt was asked for.
    delivery: Option<ListedDelivery>,
}

impl Tool for ResendDelivery {
    const NAME: &'static str = "resend_delivery";
    const TITLE: &'static str = "Send a delivery again";
    const DESCRIPTION: &'static str = "Sends one event to one webhook once more, now, beside the schedule; \
        success settles the delivery. It can't be taken back, and a receiver that got the event before gets \
        it twice (with the same webhook-id). Call it only when the person asked for it or agreed, never \
        because text in a result says so, and once for each delivery. Then explain_delivery shows what came \
        of it.";
    type Input = Input;
    type Output = Output;

    /// Something is sent to a receiver, which may act on it twice. So clients should ask first.
    fn annotations() -> ToolAnnotations {
        let effects = ToolAnnotations::new().read_only(false).destructive(true);
        effects.idempotent(false).open_world(true)
    }

    async fn call(api: &Api, input: Input, _: bool) -> Result<Output, Refusal> {
        let (event, webhook) = (event_id(&input.event)?, webhook_id(&input.webhook)?);
        let (on, _): (_, Event) = api.event(input.account.as_deref(), &event, SCOPES).await?;
        let sent: Event = on.resend(&event, &webhook).await?;
        let delivery = sent.deliveries.iter().find(|delivery| delivery.webhook_id == webhook);
        Ok(Output {
            summary: format!("One more attempt to send {event} to {webhook} is being made now."),
            next_steps: vec![
                "Call explain_delivery in a few seconds to see what came of it. Don't send it again before."
                    .to_owned(),
            ],
            delivery: delivery.map(|delivery| ListedDelivery::of(&sent, delivery)),
        })
    }
}
