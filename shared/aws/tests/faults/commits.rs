//! Faults during commits.

use bytes::Bytes;
use domain::{
    Environment, Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, AuditId, EventId, MessageId, Ulid, WebhookId},
};
use ports::{
    Commit, Store as _,
    queue::{Lane, Message, Receipt},
    store::{
        Actor, ActorKind, Append, Collection, CommitError, Condition, EventName, IndexEntry, Key,
        Metadata, NewEvent, Partition, Scope, StreamId, Write,
    },
};
use serde_json::{Value, json};

use crate::service::{InstantClock, NOW, Service, broken, cancelled, error, fine, reason};

const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));

fn key(sort: &str) -> Key {
    Partition::new(Scope::Account(ACCOUNT), Collection("things"), "").key(sort)
}

fn put(sort: &str, condition: Condition) -> Write {
    put_entered(sort, condition, 0)
}

/// Returns the write of a document with `entries` index entries.
fn put_entered(sort: &str, condition: Condition, entries: usize) -> Write {
    let partition = Partition::new(Scope::Account(ACCOUNT), Collection("entered"), "");
    let entry =
        |number| IndexEntry { partition: partition.clone(), sort: format!("{sort}/{number}") };
    Write::Put {
        key: key(sort),
        body: Bytes::from_static(b"{}"),
        expires_at: None,
        index: (0..entries).map(entry).collect(),
        condition,
    }
}

fn append(webhook: u128, expected_version: u64) -> Append {
    let event = NewEvent {
        id: AuditId(Ulid::from(webhook)),
        name: EventName { name: "thing.happened".to_owned(), schema_version: 1 },
        payload: serde_json::value::RawValue::from_string("{}".to_owned()).unwrap(),
        metadata: Metadata {
            actor: Actor { kind: ActorKind::System, id: None, name: None, person: None },
            request_id: None,
            ip: None,
            environment: None,
            at: Timestamp::EPOCH,
        },
    };
    let stream = StreamId::Webhook(ACCOUNT, WebhookId(Ulid::from(webhook)));
    Append { stream, expected_version: Some(expected_version), events: vec![event] }
}

fn message(number: u128) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: ACCOUNT,
        webhook: WebhookId(Ulid::from(3)),
        lane: Lane::First,
        due: Timestamp::from_millis(NOW),
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(4)),
            environment: Environment::Test,
            run: 0,
            slot: 0,
            trigger: Trigger::Schedule,
        },
    }
}

fn writes(writes: impl IntoIterator<Item = Write>) -> Commit {
    Commit { writes: writes.into_iter().collect(), ..Commit::default() }
}

/// Returns a commit of two documents that need not be read first.
fn two() -> Commit {
    writes([put("a", Condition::Absent), put("b", Condition::Absent)])
}

/// Returns a document as the table has it.
fn item(sort: &str, revision: u64) -> Value {
    json!({
        "pk": { "S": key("a").partition.as_str() },
        "sk": { "S": sort },
        "revision": { "N": revision.to_string() },
        "body": { "S": "{}" },
    })
}

/// Returns the result of `commit` on a service that plays `answers`, the service, and the number of
/// waits.
async fn committed(service: &Service, commit: Commit) -> (Result<(), CommitError>, usize) {
    let clock = InstantClock::new();
    let outcome = service.store(&clock).commit(commit).await;
    (outcome, clock.waits())
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let passing = ["ThrottlingError", "TransactionConflict", "ProvisionedThroughputExceeded"];
    for code in passing {
        let lost = || cancelled(&[reason("None"), reason(code)]);
        let service = Service::in_turn([lost(), lost(), fine(json!({}))]);
        let (outcome, waits) = committed(&service, two()).await;
        assert!(outcome.is_ok() && waits == 2, "{code}: {outcome:?}");
        assert_eq!(service.operations(), ["TransactWriteItems"; 3]);
    }
}

#[tokio::test]
async fn persistent_conflicts_end_as_contended() {
    let lost = |_: &_| cancelled(&[reason("None"), reason("TransactionConflict")]);
    let throttled = |_: &_| error("ThrottlingException", json!({}));
    for (service, calls) in [(Service::new(lost), 6), (Service::new(throttled), 3 * 6)] {
        let (outcome, waits) = committed(&service, two()).await;
        assert!(matches!(outcome, Err(CommitError::Contended)), "{outcome:?}");
        assert_eq!((waits, service.calls().len()), (5, calls));
    }
}

#[tokio::test]
async fn a_transaction_is_repeated_with_the_same_idempotency_token() {
    let service = Service::in_turn([broken(), fine(json!({}))]);
    let (outcome, _) = committed(&service, two()).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    let [first, second] = &service.calls()[..] else { panic!("{:?}", service.calls()) };
    assert!(first.input["ClientRequestToken"].is_string());
    assert_eq!(first.input, second.input);
}

#[tokio::test]
async fn a_repeated_put_succeeds_on_its_own_item() {
    for is_ours in [true, false] {
        let mut tries = 0;
        let service = Service::new(move |call| {
            tries += 1;
            if tries == 1 {
                return broken();
            }
            let ours = call.input["Item"]["revision"]["N"].as_str().unwrap();
            let there = item("a", if is_ours { ours.parse().unwrap() } else { 71 });
            error("ConditionalCheckFailedException", json!({ "Item": there }))
        });
        let (outcome, _) = committed(&service, writes([put("a", Condition::Absent)])).await;
        assert_eq!(service.operations(), ["PutItem"; 2]);
        if is_ours {
            assert!(outcome.is_ok(), "{outcome:?}");
        } else {
            assert!(matches!(outcome, Err(CommitError::ConditionFailed { index: 0 })));
        }
    }
}

#[tokio::test]
async fn errors_name_the_position_in_the_commit() {
    const FAILED: &str = "ConditionalCheckFailed";
    // Items: three of the first append, which begins a stream, three of the second, the two documents with their entries.
    let commit = || Commit {
        appends: vec![append(1, 0), append(2, 4)],
        writes: vec![put_entered("a", Condition::Absent, 1), put("b", Condition::Absent)],
        ..Commit::default()
    };
    let failing = |failing: &[usize]| {
        let code = |number| if failing.contains(&number) { FAILED } else { "None" };
        (0..9).map(|number| reason(code(number))).collect::<Vec<_>>()
    };
    for (items, stream) in
        [(vec![0], 0), (vec![3], 1), (vec![4], 1), (vec![4, 6], 1), (vec![0, 3], 0)]
    {
        let service = Service::in_turn([cancelled(&failing(&items))]);
        let (outcome, _) = committed(&service, commit()).await;
        let Err(CommitError::StreamMoved { index }) = outcome else { panic!("{outcome:?}") };
        assert_eq!(index, stream, "{items:?}");
    }
    for (items, write) in [(vec![6], 0), (vec![8], 1), (vec![6, 8], 0)] {
        let mut reasons = failing(&items);
        // A failed condition counts, whatever else was in the way.
        reasons[1] = reason("TransactionConflict");
        let service = Service::in_turn([cancelled(&reasons)]);
        let (outcome, _) = committed(&service, commit()).await;
        let Err(CommitError::ConditionFailed { index }) = outcome else { panic!("{outcome:?}") };
        assert_eq!(index, write, "{items:?}");
    }
}

#[tokio::test]
async fn permanent_failures_are_errors() {
    let service = Service::in_turn([cancelled(&[reason("None"), reason("ValidationError")])]);
    let (outcome, waits) = committed(&service, two()).await;
    assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
    assert_eq!(waits, 0);
}

/// The document is read, changes, and is read again.
#[tokio::test]
async fn a_document_that_changed_after_it_was_read_is_read_again() {
    let (old, new) = (item("a", 71), item("a", 72));
    let changed = error("ConditionalCheckFailedException", json!({ "Item": new }));
    let looks = [fine(json!({ "Item": old })), changed, fine(json!({ "Item": new }))];
    let service = Service::in_turn(looks.into_iter().chain([fine(json!({}))]));
    let (outcome, waits) = committed(&service, writes([put("a", Condition::Present)])).await;
    assert!(outcome.is_ok() && waits == 1, "{outcome:?}");
    assert_eq!(service.operations(), ["GetItem", "PutItem", "GetItem", "PutItem"]);
    let [look, first, _, second] = &service.calls()[..] else { unreachable!() };
    assert_eq!(look.input["ConsistentRead"], true);
    for (put, seen) in [(first, "71"), (second, "72")] {
        assert_eq!(put.input["ExpressionAttributeValues"][":seen"]["N"], seen);
    }
    assert_ne!(first.input["Item"]["revision"], second.input["Item"]["revision"]);
}

#[tokio::test]
async fn a_failed_revision_check_is_not_retried() {
    let (old, new) = (item("a", 71), item("a", 72));
    let changed = error("ConditionalCheckFailedException", json!({ "Item": new }));
    let service = Service::in_turn([fine(json!({ "Item": old })), changed]);
    let (outcome, waits) = committed(&service, writes([put("a", Condition::Revision(71))])).await;
    assert!(matches!(outcome, Err(CommitError::ConditionFailed { index: 0 })), "{outcome:?}");
    assert_eq!(waits, 0);
    // Nothing is written if the read shows that the condition fails.
    let service = Service::in_turn([fine(json!({ "Item": new }))]);
    let (outcome, _) = committed(&service, writes([put("a", Condition::Revision(71))])).await;
    assert!(matches!(outcome, Err(CommitError::ConditionFailed { index: 0 })), "{outcome:?}");
}

#[tokio::test]
async fn a_commit_too_large_for_a_transaction_is_refused_without_a_call() {
    let service = Service::in_turn([]);
    let commit =
        writes((0..51).map(|number| put_entered(&number.to_string(), Condition::Absent, 1)));
    let (outcome, _) = committed(&service, commit).await;
    assert!(matches!(outcome, Err(CommitError::TooManyItems { items: 102 })), "{outcome:?}");

    let body = incompressible(400 * 1024);
    let mut large = put("a", Condition::Absent);
    if let Write::Put { body: empty, .. } = &mut large {
        *empty = body;
    }
    let (outcome, _) = committed(&service, writes([large])).await;
    assert!(matches!(outcome, Err(CommitError::TooLarge { bytes }) if bytes > 400 * 1024));

    let body = incompressible(380 * 1024);
    let many = (0..12).map(|number| {
        let mut write = put(&number.to_string(), Condition::Absent);
        if let Write::Put { body: empty, .. } = &mut write {
            *empty = body.clone();
        }
        write
    });
    let (outcome, _) = committed(&service, writes(many)).await;
    assert!(matches!(outcome, Err(CommitError::TooLarge { bytes }) if bytes > 4 * 1024 * 1024));
}

/// Returns a text that takes at least so many bytes however it is compressed: of 64 characters by
/// turns of a linear congruential generator, each of which has six bits.
fn incompressible(bytes: usize) -> Bytes {
    let mut state = 1_u64;
    let mut character = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + (state >> 58) as u8)
    };
    (0..bytes * 8 / 6).map(|_| character()).collect::<String>().into()
}

/// Returns a service whose every commit is carried out and answered by an error, and that has then
/// what the last one put, or nothing.
fn silent(is_kept: bool) -> Service {
    let mut put = Value::Null;
    Service::new(move |call| {
        let items = &call.input["TransactItems"];
        match call.operation.as_str() {
            "TransactWriteItems" => put = items[0]["Put"]["Item"].clone(),
            "PutItem" => put = call.input["Item"].clone(),
            _ if is_kept => return fine(json!({ "Item": put })),
            _ => return fine(json!({})),
        }
        broken()
    })
}

#[tokio::test]
async fn a_commit_that_happened_without_an_answer_is_known_by_what_it_put() {
    for commit in [two(), writes([put("a", Condition::Absent)])] {
        let (outcome, _) = committed(&silent(true), commit.clone()).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        let (outcome, _) = committed(&silent(false), commit).await;
        assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
    }
}

/// The policy that lets functions put events can't forbid to replace one.
#[tokio::test]
async fn every_put_of_an_event_requires_that_there_is_none() {
    let mut several = append(2, 7);
    several.events.extend(append(2, 0).events);
    several.events.extend(append(3, 0).events);
    let mut at_the_end = append(4, 0);
    at_the_end.expected_version = None;
    let both = vec![append(5, 0), append(6, 3)];
    let commits = [vec![append(1, 0)], vec![several], vec![at_the_end], both];
    let service = Service::new(|_| fine(json!({})));
    let mut appended = 0;
    for appends in commits {
        appended += appends.iter().map(|append| append.events.len()).sum::<usize>();
        let writes = vec![put("a", Condition::None)];
        let (outcome, _) =
            committed(&service, Commit { appends, writes, ..Commit::default() }).await;
        assert!(outcome.is_ok(), "{outcome:?}");
    }
    let mut puts = 0;
    for call in service.calls() {
        let single = &call.input["TableName"] == "events";
        assert!(!single || call.operation == "Query", "{call:?}");
        for item in call.input["TransactItems"].as_array().into_iter().flatten() {
            let (kind, what) = item.as_object().unwrap().iter().next().unwrap();
            if what["TableName"] != "events" || kind == "ConditionCheck" {
                continue;
            }
            assert_eq!(kind, "Put");
            assert_eq!(what["ConditionExpression"], "attribute_not_exists(#stream)");
            assert_eq!(what["ExpressionAttributeNames"], json!({ "#stream": "stream" }));
            puts += 1;
        }
    }
    assert_eq!(puts, appended);
}

#[tokio::test]
async fn messages_are_sent_after_the_commit() {
    let commit = || Commit { messages: vec![message(1)], ..two() };
    let sent = || fine(json!({ "Successful": [], "Failed": [] }));
    let service = Service::in_turn([fine(json!({})), sent()]);
    assert!(committed(&service, commit()).await.0.is_ok());
    assert_eq!(service.operations(), ["TransactWriteItems", "SendMessageBatch"]);

    let lost = cancelled(&[reason("ConditionalCheckFailed"), reason("None")]);
    let service = Service::in_turn([lost]);
    assert!(committed(&service, commit()).await.0.is_err());

    // The commit has happened, but its caller must not consider it done.
    let refused = || error("com.amazonaws.sqs#AccessDenied", json!({}));
    let service = Service::in_turn([fine(json!({})), refused()]);
    let (outcome, _) = committed(&service, commit()).await;
    assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_message_that_cannot_be_deleted_does_not_fail_its_commit() {
    let commit = |receipt: &str| Commit { acknowledge: vec![Receipt(receipt.to_owned())], ..two() };
    let service = Service::in_turn([fine(json!({})), error("AccessDenied", json!({}))]);
    assert!(committed(&service, commit("first:handle")).await.0.is_ok());
    assert_eq!(service.operations(), ["TransactWriteItems", "DeleteMessageBatch"]);
    // Lambda deletes its messages itself.
    let service = Service::in_turn([fine(json!({}))]);
    assert!(committed(&service, commit(&latchhook_aws::kept_by_lambda().0)).await.0.is_ok());
}
