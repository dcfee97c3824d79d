//! Batches of messages: handled concurrently, with a result for each.

use std::error::Error;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use ports::Chain;
use tracing::Instrument as _;

/// Runs `work` for every message of `event`, all at once and each in a task of its own, so that one
/// that panics fails alone. The answer names the messages that failed, which SQS then delivers
/// again, and so acknowledges the others (`ReportBatchItemFailures`).
pub async fn each<F, E>(event: SqsEvent, work: impl Fn(SqsMessage) -> F) -> SqsBatchResponse
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn Error + Send + Sync>> + Send + 'static,
{
    let tasks: Vec<_> = event
        .records
        .into_iter()
        .map(|record| {
            let id = record.message_id.clone().unwrap_or_default();
            // The span is the invocation's, so log lines have its `requestId`.
            (id, tokio::spawn(work(record).in_current_span()))
        })
        .collect();
    let mut failed = Vec::new();
    for (id, task) in tasks {
        let why = match task.await {
            Ok(Ok(())) => continue,
            Ok(Err(why)) => Chain(&*why.into()).to_string(),
            Err(panicked) => panicked.to_string(),
        };
        failed.push((id, why));
    }
    response(failed)
}

/// Returns the answer to a batch of which some messages failed, each with the reason, and logs these.
pub fn response(failed: Vec<(String, String)>) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for (id, why) in failed {
        tracing::error!(sqs_message = %id, why, "a message could not be worked on");
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        response.batch_item_failures.push(failure);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Barrier;

    use super::*;

    fn event(ids: &[&str]) -> SqsEvent {
        let mut event = SqsEvent::default();
        event.records = ids
            .iter()
            .map(|id| {
                let mut message = SqsMessage::default();
                message.message_id = Some((*id).to_owned());
                message
            })
            .collect();
        event
    }

    fn failed(response: &SqsBatchResponse) -> Vec<&str> {
        response.batch_item_failures.iter().map(|item| item.item_identifier.as_str()).collect()
    }

    #[tokio::test]
    async fn only_failed_messages_are_reported() {
        let response = each(event(&["a", "b", "c"]), |message| async move {
            if message.message_id.as_deref() == Some("b") { Err("no") } else { Ok(()) }
        })
        .await;
        assert_eq!(failed(&response), ["b"]);
    }

    #[tokio::test]
    async fn a_message_that_panics_fails_alone() {
        // The barrier opens once all ten have come, so nine are under way when the tenth panics.
        let barrier = Arc::new(Barrier::new(10));
        let ids = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let response = each(event(&ids), |message| {
            let barrier = barrier.clone();
            async move {
                barrier.wait().await;
                assert_ne!(message.message_id.as_deref(), Some("4"));
                Ok::<_, String>(())
            }
        })
        .await;
        assert_eq!(failed(&response), ["4"]);
    }

    #[tokio::test]
    async fn messages_of_a_batch_run_concurrently() {
        // The barrier opens once all three have come.
        let barrier = Arc::new(Barrier::new(3));
        let response = each(event(&["a", "b", "c"]), |_| {
            let barrier = barrier.clone();
            async move {
                barrier.wait().await;
                Ok::<_, String>(())
            }
        })
        .await;
        assert!(response.batch_item_failures.is_empty());
    }
}
