//! Relay of messages whose due time is beyond the longest delay of a queue: each is passed on, one
//! hop at a time. The function also sweeps secrets that no document names, on a schedule.

use std::sync::Arc;

use app::App;
use aws::SqsQueue;
use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use lambda_runtime::{Error, LambdaEvent, service_fn};
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
            let response = batch::each(messages, |message| {
                let queue = Arc::clone(&queue);
                async move { pass_on(&queue, message).await }
            });
            Ok::<_, Error>(serde_json::to_value(response.await)?)
        }
        Asked::Sweep(_) => sweep(&app).await.map(|()| Value::Null),
    }))
    .await
}

/// Passes `message` on.
///
/// # Errors
/// Reason why it must be received again.
pub async fn pass_on(queue: &SqsQueue, message: SqsMessage) -> Result<(), Error> {
    let message = aws::message(message.body.as_deref().unwrap_or_default())?;
    Ok(queue.relay(message).await?)
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
