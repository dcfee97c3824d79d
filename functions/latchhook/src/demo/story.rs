//! Story of the demo: it posts events, follows their deliveries, and summarizes them.

use std::time::Duration;

use domain::Secret;
use serde_json::{Value, json};

use super::{
    customer::{Customer, text},
    receiver::Receiver,
};
use crate::{
    failure::Failure,
    output::{Output, Tone},
    system,
};

/// Example payloads from a service's public documentation.
const EVENTS: &str = include_str!("events.json");
/// Interval at which the API is asked about an event.
const LOOK: Duration = Duration::from_millis(100);
/// Time limit of the whole story.
const PATIENCE: Duration = Duration::from_mins(1);

/// Totals of the story.
#[derive(Debug, Default)]
pub(super) struct Story {
    accepted: u32,
    delivered: u32,
    attempts: u32,
    retries: u32,
    verified: u32,
}

impl Story {
    /// Posts the events and follows each until it is acknowledged, or a minute is over.
    pub(super) async fn tell(
        customer: &Customer,
        receiver: &Receiver,
        output: &Output,
    ) -> Result<Self, Failure> {
        let mut story = Self::default();
        let mut open = Vec::new();
        for event in events()? {
            let accepted = customer.client.post("/v1/events", &event).await?;
            let (id, kind) = (text(&accepted, "id")?, text(&accepted, "type")?);
            story.accepted += 1;
            line(output, Tone::Strong, "accepted", &id, &kind)?;
            open.push(id);
        }
        let all = open.clone();
        story.follow(customer, open, output).await?;
        for id in &all {
            let seen = receiver.received(id);
            story.attempts += seen.attempts;
            story.retries += seen.attempts.saturating_sub(1);
            story.verified += u32::from(seen.verified && !seen.forged);
        }
        Ok(story)
    }

    async fn follow(
        &mut self,
        customer: &Customer,
        mut open: Vec<String>,
        output: &Output,
    ) -> Result<(), Failure> {
        let began = system::monotonic();
        while !open.is_empty() && system::elapsed(began) < PATIENCE {
            system::sleep(LOOK).await;
            let mut still = Vec::new();
            for id in open {
                let event = customer.client.get(&format!("/v1/events/{id}")).await?;
                match acknowledged(&event) {
                    Some(attempts) => {
                        self.delivered += 1;
                        let about = format!("delivered after {attempts}");
                        line(output, Tone::Good, "acknowledged", &id, &about)?;
                    }
                    None => still.push(id),
                }
            }
            open = still;
        }
        Ok(())
    }

    /// Prints the summary.
    pub(super) fn summarize(&self, output: &Output) -> Result<(), Failure> {
        let Self { accepted, delivered, attempts, retries, verified } = self;
        let summary = format!(
            "{accepted} events accepted, {delivered} delivered in {attempts} attempts \
             ({retries} retries), {verified} verified by the standardwebhooks library."
        );
        let whole = delivered == accepted && verified == accepted;
        let tone = if whole { Tone::Good } else { Tone::Bad };
        output.line(format_args!("\n{}", output.paint(tone, &summary)))?;
        if whole { Ok(()) } else { Err(Failure::Failed(summary)) }
    }
}

/// Returns the events to post.
fn events() -> Result<Vec<Value>, Failure> {
    let mut events: Vec<Value> =
        serde_json::from_str(EVENTS).map_err(|why| Failure::of("the demo's events", why))?;
    for event in &mut events {
        event["environment"] = json!("test");
    }
    Ok(events)
}

/// Returns a sentence about the attempts, once every delivery of an event is acknowledged.
fn acknowledged(event: &Value) -> Option<String> {
    let deliveries = event["deliveries"].as_array().filter(|all| !all.is_empty())?;
    let done = deliveries.iter().all(|delivery| delivery["status"] == "delivered");
    let attempts = deliveries.iter().filter_map(|delivery| delivery["attempts"].as_u64()).max()?;
    done.then(
        || if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") },
    )
}

fn line(output: &Output, tone: Tone, what: &str, id: &str, about: &str) -> Result<(), Failure> {
    let what = output.paint(tone, format_args!("{what:<12}"));
    Ok(output.line(format_args!("{what}  {id}  {about}"))?)
}

/// Prints three lines to paste. They contain secrets on purpose, which end with this demo.
pub(super) fn next_steps(
    base: &str,
    operator: &Secret,
    customer: &Customer,
    dashboard: &Secret,
) -> String {
    let dashboard = dashboard.expose();
    let (account, key) = (&customer.account, customer.secret_key.expose());
    let operator = operator.expose();
    format!(
        "\nSee it as the customer does, in a browser; the link asks, and signs in once, within ten minutes:\n  \
         {dashboard}\n\
         As the operator, with the token {operator}:\n  \
         {base}/operator\n\
         \nTry next, in another terminal:\n  \
         curl -u {key}: {base}/v1/webhooks\n  \
         curl -u {key}: '{base}/v1/logs?kind=webhook_delivery&per_page=5'\n  \
         curl -H 'Authorization: Bearer {operator}' -H 'Latchhook-Account: {account}' {base}/v1/events \
         -H 'Content-Type: application/json' \
         -d '{{\"type\":\"report.completed\",\"environment\":\"test\",\
         \"data\":{{\"object\":{{\"id\":\"1\",\"object\":\"report\"}}}}}}'\n\n\
         It stays up until you press Ctrl-C."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_events_are_valid() {
        let events = events().unwrap();
        assert_eq!(events.len(), 8);
        for event in events {
            assert!(event["type"].is_string() && event["data"]["object"]["id"].is_string());
        }
    }

    #[test]
    fn an_event_is_acknowledged_once_all_of_its_deliveries_are() {
        let with = |second: &str| {
            json!({"deliveries": [
                {"status": "delivered", "attempts": 1}, {"status": second, "attempts": 2}
            ]})
        };
        assert_eq!(acknowledged(&with("retrying")), None);
        assert_eq!(acknowledged(&with("delivered")).as_deref(), Some("2 attempts"));
        assert_eq!(acknowledged(&json!({"deliveries": []})), None);
    }
}
