//! Reads that may be late.

use bytes::Bytes;
use domain::id::{AccountId, Ulid};
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Key, Partition, Scope, Sight, Write},
};
use serde_json::{Value, json};

use crate::service::{InstantClock, Service, fine};

const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));

fn key(sort: &str) -> Key {
    Partition::new(Scope::Account(ACCOUNT), Collection("things"), "").key(sort)
}

fn document(key: &Value) -> Value {
    let mut item = key.clone();
    item["revision"] = json!({ "N": "1" });
    item["body"] = json!({ "S": "{}" });
    item
}

/// Service that has every document that is asked for.
fn service() -> Service {
    Service::new(|call| match call.operation.as_str() {
        "GetItem" => fine(json!({ "Item": document(&call.input["Key"]) })),
        "BatchGetItem" => {
            let keys = call.input["RequestItems"]["views"]["Keys"].as_array().unwrap();
            let found: Vec<_> = keys.iter().map(document).collect();
            fine(json!({ "Responses": { "views": found } }))
        }
        _ => fine(json!({})),
    })
}

#[tokio::test]
async fn what_may_be_remembered_is_read_once_and_the_rest_each_time() {
    let (service, clock) = (service(), InstantClock::new());
    let store = service.store(&clock);
    let keys = ["a", "b", "c", "d"].map(key);
    let sights = [Sight::Present, Sight::Recent, Sight::Remembered, Sight::Remembered];
    for operations in [["GetItem", "BatchGetItem"], ["GetItem", "GetItem"]] {
        let before = service.calls().len();
        let found = store.glance(&keys, &sights).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|one| one.unwrap().key).collect();
        assert_eq!(found, keys);
        let calls = service.calls().split_off(before);
        assert_eq!(calls.iter().map(|call| &*call.operation).collect::<Vec<_>>(), operations);
        assert_eq!(calls[0].input["ConsistentRead"], true);
        let several = &calls[1].input["RequestItems"]["views"];
        let recent = if several.is_null() { &calls[1].input } else { several };
        assert_eq!(recent["ConsistentRead"], false);
    }
}

#[tokio::test]
async fn a_process_sees_what_it_has_changed_itself() {
    let (service, clock) = (service(), InstantClock::new());
    let store = service.store(&clock);
    let (keys, sights) = ([key("a")], [Sight::Remembered]);
    for calls in [1, 1] {
        store.glance(&keys, &sights).await.unwrap();
        assert_eq!(service.calls().len(), calls);
    }
    let put = Write::Put {
        key: key("a"),
        body: Bytes::from_static(b"{}"),
        expires_at: None,
        index: vec![],
        condition: Condition::Absent,
    };
    store.commit(Commit { writes: vec![put], ..Commit::default() }).await.unwrap();
    store.glance(&keys, &sights).await.unwrap();
    assert_eq!(service.operations(), ["GetItem", "PutItem", "GetItem"]);
}

/// A document that was seen present is usually about to be replaced.
#[tokio::test]
async fn what_was_seen_present_is_replaced_without_being_read_again_once() {
    let (service, clock) = (service(), InstantClock::new());
    let store = service.store(&clock);
    store.glance(&[key("a")], &[Sight::Present]).await.unwrap();
    for _ in 0..2 {
        let put = Write::Put {
            key: key("a"),
            body: Bytes::from_static(b"{}"),
            expires_at: None,
            index: vec![],
            condition: Condition::Revision(1),
        };
        store.commit(Commit { writes: vec![put], ..Commit::default() }).await.unwrap();
    }
    assert_eq!(service.operations(), ["GetItem", "PutItem", "GetItem", "PutItem"]);
    assert_eq!(service.calls()[1].input["ConditionExpression"], "revision = :seen");
}
