//! Items that are written apart from a transaction.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    Timestamp,
    id::{AccountId, Ulid},
};
use ports::{
    Commit, Store as _,
    store::{Collection, CommitError, Condition, IndexEntry, Key, Partition, Scope, Write},
};
use serde_json::{Value, json};

use crate::service::{InstantClock, NOW, Service, error, fine};

const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));

fn key(sort: &str) -> Key {
    Partition::new(Scope::Account(ACCOUNT), Collection("things"), "").key(sort)
}

fn list() -> Partition {
    Partition::new(Scope::Account(ACCOUNT), Collection("entered"), "")
}

/// Write of a document that expires in an hour, listed at `entries`.
fn put(sort: &str, condition: Condition, entries: &[&str]) -> Write {
    Write::Put {
        key: key(sort),
        body: Bytes::from_static(b"{}"),
        expires_at: Some(Timestamp::from_millis(NOW).plus(Duration::from_hours(1))),
        index: entries
            .iter()
            .map(|sort| IndexEntry { partition: list(), sort: (*sort).to_owned() })
            .collect(),
        condition,
    }
}

/// Document as the table has it, listed at `entries`, each written by the put of a revision.
fn item(sort: &str, entries: &[(&str, Option<u64>)]) -> Value {
    let entry = |(at, by): &(&str, Option<u64>)| {
        let mut of = vec![json!({ "S": list().as_str() }), json!({ "S": at })];
        of.extend(by.map(|by| json!({ "N": by.to_string() })));
        json!({ "L": of })
    };
    let expires_ms = NOW + 3_600_000;
    json!({
        "pk": { "S": key("a").partition.as_str() },
        "sk": { "S": sort },
        "revision": { "N": "71" },
        "body": { "S": "{}" },
        "expires_ms": { "N": expires_ms.to_string() },
        "expires_at": { "N": (expires_ms / 1000).to_string() },
        "entries": { "L": entries.iter().map(entry).collect::<Vec<_>>() },
    })
}

async fn committed(service: &Service, commit: Commit) -> Result<(), CommitError> {
    service.store(&InstantClock::new()).commit(commit).await
}

fn writes(writes: impl IntoIterator<Item = Write>) -> Commit {
    Commit { writes: writes.into_iter().collect(), ..Commit::default() }
}

/// Sort keys of the items that a call puts.
fn batch(input: &Value) -> Vec<&str> {
    let requests = input["RequestItems"]["views"].as_array().unwrap();
    requests.iter().map(|one| one["PutRequest"]["Item"]["sk"]["S"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_single_document_that_expires_takes_no_transaction() {
    let service = Service::new(|_| fine(json!({})));
    let ahead = vec![put("row", Condition::None, &["r"])];
    let commit = Commit { ahead, ..writes([put("a", Condition::Absent, &["1", "2"])]) };
    committed(&service, commit).await.unwrap();
    assert_eq!(service.operations(), ["BatchWriteItem", "PutItem"]);
    let [first, put] = &service.calls()[..] else { unreachable!() };
    assert_eq!(batch(&first.input), ["1", "2", "r", "row"]);
    assert_eq!(put.input["Item"]["sk"]["S"], "a");
    assert!(put.input["ConditionExpression"].is_string());
}

#[tokio::test]
async fn entries_that_are_there_are_not_written_again() {
    let prior = item("a", &[("1", Some(7)), ("2", None)]);
    let service = Service::in_turn([fine(json!({ "Item": prior })), fine(json!({}))]);
    let commit = writes([put("a", Condition::Revision(71), &["1", "2"])]);
    committed(&service, commit).await.unwrap();
    assert_eq!(service.operations(), ["GetItem", "PutItem"]);
    let stored = &service.calls()[1].input["Item"]["entries"]["L"];
    assert_eq!(*stored, item("a", &[("1", Some(7)), ("2", None)])["entries"]["L"]);
}

/// Another put may have entered the document there again by then.
#[tokio::test]
async fn an_entry_is_deleted_after_its_document_if_it_is_still_the_same() {
    let prior = item("a", &[("1", Some(7)), ("2", None)]);
    let refused = || error("ConditionalCheckFailedException", json!({}));
    let answers = [fine(json!({ "Item": prior })), fine(json!({})), fine(json!({})), refused()];
    let service = Service::in_turn(answers);
    committed(&service, writes([put("a", Condition::Revision(71), &[])])).await.unwrap();
    assert_eq!(service.operations(), ["GetItem", "PutItem", "DeleteItem", "DeleteItem"]);
    let [_, _, one, other] = &service.calls()[..] else { unreachable!() };
    assert_eq!(one.input["ExpressionAttributeValues"], json!({ ":by": { "N": "7" } }));
    assert_eq!(other.input["ConditionExpression"], "attribute_not_exists(#by)");
}

#[tokio::test]
async fn nothing_is_deleted_for_a_commit_that_does_not_happen() {
    let (prior, now) = (item("a", &[("1", Some(7))]), item("a", &[]));
    let lost = error("ConditionalCheckFailedException", json!({ "Item": now }));
    let mut other = item("a", &[]);
    other["revision"]["N"] = "72".into();
    let again = fine(json!({ "Item": other }));
    let service = Service::in_turn([fine(json!({ "Item": prior })), lost, again]);
    let outcome = committed(&service, writes([put("a", Condition::Revision(71), &[])])).await;
    assert!(matches!(outcome, Err(CommitError::ConditionFailed { index: 0 })), "{outcome:?}");
    assert!(!service.operations().contains(&"DeleteItem".to_owned()));
}

#[tokio::test]
async fn items_that_were_left_out_are_put_again() {
    let left = |call: &Value| {
        let requests = call["RequestItems"]["views"].as_array().unwrap();
        fine(json!({ "UnprocessedItems": { "views": requests[1..] } }))
    };
    let service = Service::new(move |call| match call.operation.as_str() {
        "BatchWriteItem" => left(&call.input),
        _ => fine(json!({})),
    });
    let commit = writes([put("a", Condition::Absent, &["1", "2", "3"])]);
    committed(&service, commit).await.unwrap();
    let batches = [["1", "2", "3"].as_slice(), &["2", "3"], &["3"]];
    let calls = service.calls();
    let put: Vec<_> = calls[..3].iter().map(|call| batch(&call.input)).collect();
    assert_eq!(put, batches);
    assert_eq!(calls.last().unwrap().operation, "PutItem");
}

#[tokio::test]
async fn a_document_is_not_put_if_its_entries_can_t_be() {
    let service = Service::new(|call| match call.operation.as_str() {
        "BatchWriteItem" => error("ProvisionedThroughputExceededException", json!({})),
        _ => panic!("one call more: {call:?}"),
    });
    let outcome = committed(&service, writes([put("a", Condition::Absent, &["1"])])).await;
    assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
}
