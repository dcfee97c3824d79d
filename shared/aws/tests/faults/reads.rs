//! Faults during reads.

use domain::id::{AccountId, Ulid, WebhookId};
use ports::{
    Store as _,
    store::{Collection, Key, Order, Partition, Query, Range, Scope, StreamId, StreamQuery},
};
use serde_json::{Value, json};

use crate::service::{InstantClock, NOW, Service, cancelled, error, fine, reason};

const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));

fn partition() -> Partition {
    Partition::new(Scope::Account(ACCOUNT), Collection("things"), "")
}

fn keys(sorts: &[&str]) -> Vec<Key> {
    sorts.iter().map(|sort| partition().key(sort)).collect()
}

fn document(sort: &str) -> Value {
    json!({
        "pk": { "S": partition().as_str() },
        "sk": { "S": sort },
        "revision": { "N": "1" },
        "body": { "S": "{}" },
    })
}

fn whole(stream: StreamId) -> StreamQuery {
    StreamQuery { stream, order: Order::Ascending, past: None, limit: usize::MAX }
}

fn event(stream: StreamId, version: u64) -> Value {
    let id = domain::id::AuditId(Ulid::from(u128::from(version)));
    json!({
        "stream": { "S": stream.to_string() },
        "version": { "N": version.to_string() },
        "id": { "S": id.to_string() },
        "name": { "S": "thing.happened" },
        "schema_version": { "N": "1" },
        "payload": { "S": "{}" },
        "metadata": { "S": json!({
            "actor": { "type": "system", "id": null },
            "request_id": null,
            "ip": null,
            "at": "2026-01-31T09:30:00.000Z",
        }).to_string() },
    })
}

#[tokio::test]
async fn a_stream_is_read_over_several_pages() {
    let stream = StreamId::Webhook(ACCOUNT, WebhookId(Ulid::from(1)));
    let boundary = json!({ "stream": { "S": stream.to_string() }, "version": { "N": "2" } });
    let events = [1, 2, 3].map(|version| event(stream, version));
    let service = Service::in_turn([
        fine(json!({ "Items": events[..2], "LastEvaluatedKey": boundary })),
        // A page can be empty and not be the last.
        fine(json!({ "Items": [], "LastEvaluatedKey": boundary })),
        fine(json!({ "Items": events[2..] })),
    ]);
    let read = service.store(&InstantClock::new()).read_stream(&whole(stream)).await.unwrap();
    assert_eq!(read.iter().map(|event| event.version).collect::<Vec<_>>(), [1, 2, 3]);
    let calls = service.calls();
    assert!(calls.iter().all(|call| call.input["ConsistentRead"] == true));
    assert_eq!(calls[2].input["ExclusiveStartKey"], boundary);
}

#[tokio::test]
async fn a_list_is_paged_until_it_has_what_was_asked_for() {
    let boundary = |sort: &str| json!({ "pk": { "S": partition().as_str() }, "sk": { "S": sort } });
    let service = Service::in_turn([
        // The rest of the page has expired.
        fine(json!({ "Items": [document("a")], "LastEvaluatedKey": boundary("c") })),
        fine(json!({ "Items": [document("d"), document("e")], "LastEvaluatedKey": boundary("e") })),
    ]);
    let query = Query {
        partition: partition(),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: 2,
    };
    let rows = service.store(&InstantClock::new()).query(&query).await.unwrap();
    assert_eq!(rows.iter().map(|row| &*row.sort).collect::<Vec<_>>(), ["a", "d"]);
    let [first, second] = &service.calls()[..] else { panic!("two pages") };
    assert_eq!((&first.input["Limit"], &second.input["Limit"]), (&2.into(), &100.into()));
    assert_eq!(second.input["ExclusiveStartKey"], boundary("c"));
    for call in [first, second] {
        assert_eq!(call.input["ConsistentRead"], true);
        assert!(call.input["FilterExpression"].as_str().unwrap().contains("expires_ms > :now"));
        assert_eq!(call.input["ExpressionAttributeValues"][":now"]["N"], NOW.to_string());
    }
}

#[tokio::test]
async fn a_count_is_the_sum_of_its_pages() {
    let boundary = json!({ "pk": { "S": partition().as_str() }, "sk": { "S": "c" } });
    let service = Service::in_turn([
        fine(json!({ "Count": 3, "LastEvaluatedKey": boundary })),
        fine(json!({ "Count": 2 })),
    ]);
    let store = service.store(&InstantClock::new());
    assert_eq!(store.count(&partition(), &Range::default()).await.unwrap(), 5);
    assert!(service.calls().iter().all(|call| call.input["Select"] == "COUNT"));
}

/// DynamoDB would refuse such ranges, so it is not called.
#[tokio::test]
async fn an_empty_range_needs_no_call() {
    let store = Service::in_turn([]).store(&InstantClock::new());
    for (from, to) in [(Some("b"), Some("b")), (Some("c"), Some("b")), (None, Some(""))] {
        let range = Range { from: from.map(str::to_owned), to: to.map(str::to_owned) };
        assert_eq!(store.count(&partition(), &range).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn reads_of_one_moment_are_repeated_after_a_conflict() {
    let lost = cancelled(&[reason("TransactionConflict"), reason("None")]);
    let found = fine(json!({ "Responses": [{ "Item": document("b") }, {}] }));
    let service = Service::in_turn([lost, found]);
    let clock = InstantClock::new();
    // In the given order, the same key twice among them, which DynamoDB would refuse.
    let got = service.store(&clock).get(&keys(&["c", "b", "b"])).await.unwrap();
    assert_eq!(got.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!((clock.waits(), service.operations()), (1, vec!["TransactGetItems".to_owned(); 2]));
    assert_eq!(service.calls()[0].input["TransactItems"].as_array().unwrap().len(), 2);

    let service = Service::new(|_| cancelled(&[reason("TransactionConflict"), reason("None")]));
    assert!(service.store(&clock).get(&keys(&["a", "b"])).await.is_err());
    assert_eq!(service.calls().len(), 6);
}

#[tokio::test]
async fn one_document_is_a_plain_consistent_read() {
    let service = Service::in_turn([fine(json!({ "Item": document("a") }))]);
    let got = service.store(&InstantClock::new()).get(&keys(&["a"])).await.unwrap();
    assert_eq!(got[0].as_ref().unwrap().key, keys(&["a"])[0]);
    assert_eq!(service.operations(), ["GetItem"]);
    assert_eq!(service.calls()[0].input["ConsistentRead"], true);
}

/// Returns an index entry, as the table has it.
fn entry(sort: &str, to: &str) -> Value {
    json!({
        "pk": { "S": "index" },
        "sk": { "S": sort },
        "document_pk": { "S": partition().as_str() },
        "document_sk": { "S": to },
    })
}

fn entered(sort: &str, at: &str) -> Value {
    let mut item = document(sort);
    item["entries"] = json!({ "L": [{ "L": [{ "S": "index" }, { "S": at }] }] });
    item
}

#[tokio::test]
async fn unprocessed_documents_of_a_list_are_read_again() {
    let key = |sort: &str| json!({ "pk": { "S": partition().as_str() }, "sk": { "S": sort } });
    let index = fine(json!({ "Items": [entry("1", "a"), entry("2", "b"), entry("3", "c")] }));
    let left = json!({ "views": { "Keys": [key("a"), key("c")], "ConsistentRead": true } });
    let some = json!({ "views": [entered("b", "2")] });
    let nothing = fine(json!({ "Responses": {}, "UnprocessedKeys": left }));
    // The third was indexed elsewhere since.
    let rest = json!({ "views": [entered("c", "elsewhere"), entered("a", "1")] });
    let service = Service::in_turn([
        index,
        fine(json!({ "Responses": some, "UnprocessedKeys": left })),
        nothing,
        fine(json!({ "Responses": rest, "UnprocessedKeys": {} })),
    ]);
    let query = Query {
        partition: Partition::from_stored("index".to_owned()),
        index: true,
        range: Range::default(),
        order: Order::Ascending,
        limit: 10,
    };
    let clock = InstantClock::new();
    let rows = service.store(&clock).query(&query).await.unwrap();
    let listed: Vec<_> = rows.iter().map(|row| (&*row.sort, &*row.document.key.sort)).collect();
    assert_eq!(listed, [("1", "a"), ("2", "b")]);
    assert_eq!(clock.waits(), 1, "only where there was no progress");
    assert_eq!(service.calls()[2].input["RequestItems"], left);
}

#[tokio::test]
async fn a_read_that_is_always_throttled_fails() {
    let service = Service::new(|_| error("ProvisionedThroughputExceededException", json!({})));
    let store = service.store(&InstantClock::new());
    assert!(store.get(&keys(&["a"])).await.is_err());
    let stream = StreamId::Account(ACCOUNT);
    let failed = store.read_stream(&whole(stream)).await.unwrap_err();
    let why = ports::Chain(&failed).to_string();
    assert!(why.contains("ProvisionedThroughputExceededException"), "{why}");
}
