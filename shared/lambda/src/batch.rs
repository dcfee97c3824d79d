//! Batches of messages: worked on side by side, and answered for one by one.

use std::fmt::Display;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;

/// Does `work` for every message of `event`, all at once. The answer names those for which it
/// failed, to be given out again, and so acknowledges the others (`ReportBatchItemFailures`).
pub async fn each<F, E>(event: SqsEvent, work: impl Fn(SqsMessage) -> F) -> SqsBatchResponse
where
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let messages = event.records.len();
    let done = event.records.into_iter().map(|record| {
        let id = record.message_id.clone().unwrap_or_default();
        let work = work(record);
        async move { work.await.map_err(|why| (id, why)) }
    });
    let mut failures = Vec::new();
    for (id, why) in join_all(done).await.into_iter().filter_map(Result::err) {
        tracing::error!(sqs_message = %id, %why, "a message could not be worked on");
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        failures.push(failure);
    }
    tracing::info!(messages, failed = failures.len(), "batch done");
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = failures;
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

    #[tokio::test]
    async fn only_those_that_failed_come_back() {
        let response = each(event(&["a", "b", "c"]), |message| async move {
            if message.message_id.as_deref() == Some("b") { Err("no") } else { Ok(()) }
        })
        .await;
        let failed: Vec<_> =
            response.batch_item_failures.iter().map(|item| item.item_identifier.as_str()).collect();
        assert_eq!(failed, ["b"]);
    }

    #[tokio::test]
    async fn none_waits_for_another() {
        // Nobody passes the barrier before all three have come to it.
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
