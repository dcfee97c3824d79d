//! Relay of messages whose due time is beyond the longest delay of a queue: each is passed on, one
//! hop at a time. On a schedule, the function also sweeps secrets that no document names, tells the
//! operator of keys that are about to expire, and sends webhooks their hourly statements.

use app::App;
use aws::SqsQueue;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ports::Chain;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use crate::{backend, batch, start};

/// Event that invokes the function.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    /// Messages of the queue.
    Messages(SqsEvent),
    /// The schedule, whatever it says.
    Sweep(IgnoredAny),
}

/// Passes messages on and sweeps for as long as Lambda lets the process live.
///
/// # Errors
/// When the environment has problems.
pub async fn serve() -> Result<(), Error> {
    let settings = start()?;
    let (backend, queue) = backend::of_deliveries(&settings).await;
    let app = App::new(backend);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Asked>| match event.payload {
        Asked::Messages(messages) => {
            Ok::<_, Error>(serde_json::to_value(pass_on(&queue, messages).await)?)
        }
        Asked::Sweep(_) => {
            // The secrets are swept whether that could be told and sent or not.
            let told = app.tell_of_expiring_keys().await;
            let sent = app.send_statements().await;
            sweep(&app).await?;
            told.and(sent).map(|()| Value::Null).map_err(|problem| problem.message.into())
        }
    }))
    .await
}

/// Passes messages on, ten in a call. The answer names those that must be received again.
pub async fn pass_on(queue: &SqsQueue, event: SqsEvent) -> SqsBatchResponse {
    let (mut ids, mut messages, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        match aws::message(record.body.as_deref().unwrap_or_default()) {
            Ok(message) => {
                ids.push(id);
                messages.push(message);
            }
            Err(why) => failed.push((id, Chain(&why).to_string())),
        }
    }
    for (place, why) in queue.relay_all(&messages).await {
        failed.extend(ids.get(place).map(|id| (id.clone(), Chain(&why).to_string())));
    }
    batch::response(failed)
}

/// Destroys secrets that no document names.
///
/// # Errors
/// When some are left, so that the invocation fails and the alarm tells of it.
async fn sweep(app: &App) -> Result<(), Error> {
    let swept = app.sweep_secrets().await.map_err(|problem| Error::from(problem.message))?;
    let late_s = swept.latest.as_secs();
    tracing::info!(
        done = swept.done,
        left = swept.left,
        late_s,
        "swept secrets that nothing names"
    );
    match swept.left {
        0 => Ok(()),
        left => Err(format!("{left} secrets could not be destroyed").into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_and_the_schedule_are_told_apart() {
        let message = json!({ "messageId": "1", "body": "{}", "attributes": {},
            "messageAttributes": {}, "eventSource": "aws:sqs" });
        let asked = |event: Value| serde_json::from_value::<Asked>(event).unwrap();
        let Asked::Messages(messages) = asked(json!({ "Records": [message] })) else {
            panic!("it is a batch of messages");
        };
        assert_eq!(messages.records.len(), 1);
        let scheduled = json!({ "version": "0", "source": "aws.events", "detail": {} });
        assert!(matches!(asked(scheduled), Asked::Sweep(_)));
    }
}
