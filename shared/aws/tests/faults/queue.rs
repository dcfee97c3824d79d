//! Faults of the queue.

use std::{error::Error as _, time::Duration};

use domain::{
    Environment, Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
};
use futures_util::future::join_all;
use ports::{
    Queue as _,
    queue::{Lane, Message, Receipt},
};
use serde_json::{Value, json};

use crate::service::{Call, InstantClock, NOW, Service, error, fine};

fn message(number: u128) -> Message {
    due_in(number, Duration::ZERO)
}

fn due_in(number: u128, wait: Duration) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: AccountId(Ulid::from(2)),
        webhook: WebhookId(Ulid::from(3)),
        lane: Lane::Retry,
        due: Timestamp::from_millis(NOW).plus(wait),
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(4)),
            environment: Environment::Test,
            run: 0,
            slot: 1,
            trigger: Trigger::Schedule,
        },
    }
}

/// Returns the answer to a batch in which the messages `failed` were not sent.
fn sent(failed: &[&str], is_senders_fault: bool) -> Value {
    let failed: Vec<Value> = failed
        .iter()
        .map(|id| json!({ "Id": id, "Code": "InternalError", "SenderFault": is_senders_fault }))
        .collect();
    json!({ "Successful": [], "Failed": failed })
}

fn ids(call: &Call) -> Vec<&str> {
    let entries = call.input["Entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["Id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn only_the_failed_messages_of_a_batch_are_sent_again() {
    let answers = [sent(&["1", "3"], false), sent(&["3"], false), sent(&[], false)];
    let service = Service::in_turn(answers.map(fine));
    let clock = InstantClock::new();
    service.queue(&clock).send(&[0, 1, 2, 3].map(message)).await.unwrap();
    let calls = service.calls();
    let all: Vec<_> = calls.iter().map(ids).collect();
    assert_eq!(all, [vec!["0", "1", "2", "3"], vec!["1", "3"], vec!["3"]]);
    assert_eq!(clock.waits(), 2);
}

#[tokio::test]
async fn a_batch_that_never_succeeds_fails() {
    for (is_senders_fault, calls) in [(false, 6), (true, 1)] {
        let service = Service::new(move |_| fine(sent(&["0"], is_senders_fault)));
        let failed = service.queue(&InstantClock::new()).send(&[message(1)]).await.unwrap_err();
        let why = failed.source().unwrap().to_string();
        assert!(why.starts_with("InternalError"), "{failed}: {why}");
        assert_eq!(service.calls().len(), calls);
    }
}

#[tokio::test]
async fn many_messages_are_sent_ten_at_a_time_by_queue() {
    let service = Service::new(|_| fine(sent(&[], false)));
    let hour = Duration::from_hours(1);
    let messages: Vec<_> =
        (0..25).map(message).chain((25..27).map(|number| due_in(number, hour))).collect();
    service.queue(&InstantClock::new()).send(&messages).await.unwrap();
    let calls = service.calls();
    let batches: Vec<_> = calls
        .iter()
        .map(|call| (call.input["QueueUrl"].as_str().unwrap(), ids(call).len()))
        .collect();
    let minutes = "https://sqs/minutes";
    assert_eq!(batches, [("https://sqs/hours", 2), (minutes, 10), (minutes, 10), (minutes, 5)]);
}

/// Sends messages 0 to 9 side by side, each by itself, of which the service refuses the one in `refused` of a
/// batch of nine.
async fn side_by_side(refused: &'static [&'static str]) -> (Vec<usize>, Vec<bool>) {
    let service = Service::new(move |call| {
        let is_large = ids(call).len() == 9;
        fine(sent(if is_large { refused } else { &[] }, true))
    });
    let queue = service.queue(&InstantClock::new());
    let messages: Vec<[Message; 1]> = (0..10).map(|number| [message(number)]).collect();
    let outcomes = join_all(messages.iter().map(|one| queue.send(one))).await;
    let sizes = service.calls().iter().map(|call| ids(call).len()).collect();
    (sizes, outcomes.iter().map(Result::is_ok).collect())
}

#[tokio::test]
async fn messages_that_are_sent_side_by_side_go_out_together() {
    assert_eq!(side_by_side(&[]).await, (vec![1, 9], vec![true; 10]));
}

#[tokio::test]
async fn each_of_those_that_send_side_by_side_is_told_its_own_outcome() {
    let (_, sent) = side_by_side(&["3"]).await;
    assert_eq!(sent, [true, true, true, true, false, true, true, true, true, true]);
}

#[tokio::test]
async fn a_message_that_can_never_be_sent_ends_no_tries_of_those_beside_it() {
    let failed = |id: &str, is_senders_fault: bool| json!({ "Id": id, "Code": "InternalError", "SenderFault": is_senders_fault });
    let both = json!({ "Successful": [], "Failed": [failed("0", true), failed("1", false)] });
    let service = Service::in_turn([both, sent(&["0"], true)].map(fine));
    let failed = service.queue(&InstantClock::new()).relay_all(&[0, 1].map(message)).await;
    assert_eq!(failed.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0]);
    let all: Vec<usize> = service.calls().iter().map(|call| ids(call).len()).collect();
    assert_eq!(all, [2, 2]);
}

#[tokio::test]
async fn a_message_is_passed_on_hop_by_hop() {
    let service = Service::new(|_| fine(sent(&[], false)));
    let queue = service.queue(&InstantClock::new());
    let minute = Duration::from_mins(1);
    for (wait, to, delay) in
        [(60 * minute, "hours", 900), (16 * minute, "hours", 900), (14 * minute, "minutes", 840)]
    {
        queue.relay(due_in(1, wait)).await.unwrap();
        let call = service.calls().pop().unwrap();
        assert_eq!(call.input["QueueUrl"], format!("https://sqs/{to}"));
        let entry = &call.input["Entries"][0];
        assert_eq!(entry["DelaySeconds"], delay);
        assert_eq!(entry["MessageGroupId"], message(1).account.to_string());
    }
}

fn received(messages: &[Message]) -> Value {
    let messages: Vec<_> = messages
        .iter()
        .enumerate()
        .map(|(number, message)| {
            let body = serde_json::to_string(message).unwrap();
            json!({ "Body": body, "ReceiptHandle": format!("handle-{number}"), "MessageId": "m" })
        })
        .collect();
    json!({ "Messages": messages })
}

#[tokio::test]
async fn a_message_that_comes_early_is_hidden_until_it_is_due() {
    let early = due_in(2, Duration::from_millis(1500));
    let service = Service::in_turn([fine(received(&[message(1), early])), fine(json!({}))]);
    let leased = service.queue(&InstantClock::new()).receive(Lane::Retry, 10).await.unwrap();
    assert_eq!(leased.iter().map(|leased| leased.message.id).collect::<Vec<_>>(), [message(1).id]);
    let hidden = &service.calls()[1];
    assert_eq!(hidden.operation, "ChangeMessageVisibility");
    assert_eq!(hidden.input["VisibilityTimeout"], 2);
    assert_eq!(hidden.input["ReceiptHandle"], "handle-1");
}

/// Standard queues promise neither once nor in order; each copy has a lease of its own.
#[tokio::test]
async fn duplicate_and_unordered_messages_are_handed_out_as_they_come() {
    let messages = [message(2), message(1), message(2)];
    let service = Service::in_turn([fine(received(&messages))]);
    let leased = service.queue(&InstantClock::new()).receive(Lane::Retry, 10).await.unwrap();
    assert_eq!(leased.iter().map(|leased| leased.message.clone()).collect::<Vec<_>>(), messages);
    let receipts: std::collections::HashSet<_> = leased.iter().map(|one| &one.receipt).collect();
    assert_eq!(receipts.len(), 3);
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_left_to_the_dead_letters() {
    let garbage = json!({ "Messages": [{ "Body": "{", "ReceiptHandle": "h", "MessageId": "m" }] });
    let service = Service::in_turn([fine(garbage)]);
    assert!(service.queue(&InstantClock::new()).receive(Lane::First, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_ended_lease_is_no_error() {
    for code in ["ReceiptHandleIsInvalid", "com.amazonaws.sqs#MessageNotInflight"] {
        let service = Service::in_turn([error(code, json!({}))]);
        let receipt = Receipt("retry:old".to_owned());
        service.queue(&InstantClock::new()).release(&receipt).await.unwrap();
    }
    let ended = json!({
        "Successful": [],
        "Failed": [{ "Id": "0", "Code": "ReceiptHandleIsInvalid", "SenderFault": true }],
    });
    let service = Service::in_turn([fine(ended)]);
    let receipt = Receipt("retry:old".to_owned());
    service.queue(&InstantClock::new()).acknowledge(&receipt).await.unwrap();
}

/// Only the answer to Lambda can give the message back, so a release must return an error.
#[tokio::test]
async fn a_message_received_by_lambda_is_only_deleted_by_lambda() {
    let queue = Service::in_turn([]).queue(&InstantClock::new());
    let receipt = latchhook_aws::kept_by_lambda();
    queue.acknowledge(&receipt).await.unwrap();
    assert!(queue.release(&receipt).await.is_err());
}
