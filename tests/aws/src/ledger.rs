//! Ledger of DynamoDB: the units that calls are charged, by table and by the shape of the partition.
//!
//! Units are computed from requests as the Developer Guide says ("DynamoDB item sizes and formats",
//! "Read and write operations"): a write by each kilobyte of its item, a read of up to four kilobytes by
//! one, or half of one where it need not be consistent, and all of it twice in a transaction. What is
//! changed, taken away or read is taken to be no larger than the first of those.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Units by what they are for: `write views {acct}/events/test`.
pub type Ledger = BTreeMap<String, f64>;

/// Enters the units of a call of `operation`, whose request is `body`.
pub(crate) fn enter(ledger: &mut Ledger, operation: &str, body: &Value) {
    let mut entry = |kind: &str, table: &Value, partition: &str, units: f64| {
        let table = table.as_str().unwrap().rsplit('-').next().unwrap();
        *ledger.entry(format!("{kind} {table} {}", shape(partition))).or_default() += units;
    };
    match operation {
        "GetItem" => {
            entry("read", &body["TableName"], of_key(&body["Key"]), read_units(body));
        }
        "Query" => entry("read", &body["TableName"], of_query(body), read_units(body)),
        "PutItem" => {
            entry("write", &body["TableName"], of_key(&body["Item"]), write_units(&body["Item"]));
        }
        "UpdateItem" | "DeleteItem" => {
            entry("write", &body["TableName"], of_key(&body["Key"]), 1.0);
        }
        "BatchGetItem" => {
            for (table, asked) in body["RequestItems"].as_object().unwrap() {
                for key in asked["Keys"].as_array().unwrap() {
                    entry("read", &table.clone().into(), of_key(key), read_units(asked));
                }
            }
        }
        "BatchWriteItem" => {
            for (table, writes) in body["RequestItems"].as_object().unwrap() {
                for write in writes.as_array().unwrap() {
                    let item = &write["PutRequest"]["Item"];
                    let of = if item.is_null() { &write["DeleteRequest"]["Key"] } else { item };
                    entry("write", &table.clone().into(), of_key(of), write_units(item));
                }
            }
        }
        "TransactGetItems" | "TransactWriteItems" => {
            for part in body["TransactItems"].as_array().unwrap() {
                let (action, what) = part.as_object().unwrap().iter().next().unwrap();
                let kind = if action == "Get" { "read" } else { "write" };
                let item = &what["Item"];
                let of = if item.is_null() { &what["Key"] } else { item };
                entry(kind, &what["TableName"], of_key(of), 2.0 * write_units(item));
            }
        }
        _ => {}
    }
}

fn read_units(asked: &Value) -> f64 {
    if asked["ConsistentRead"] == true { 1.0 } else { 0.5 }
}

/// Returns the units of putting `item`, or of changing one if it is null.
fn write_units(item: &Value) -> f64 {
    let size: usize = item.as_object().map_or(0, size_of_members);
    f64::from(u32::try_from(size.div_ceil(1024).max(1)).unwrap())
}

fn size_of_members(members: &Map<String, Value>) -> usize {
    members.iter().map(|(name, value)| name.len() + size_of(value)).sum()
}

/// Returns the size of an attribute's value, such as `{"S": "text"}`.
fn size_of(value: &Value) -> usize {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        // In base64.
        ("B", Value::String(bytes)) => bytes.len() / 4 * 3,
        ("N", Value::String(digits)) => digits.len().div_ceil(2) + 1,
        ("M", Value::Object(members)) => 3 + members.len() + size_of_members(members),
        ("L", Value::Array(values)) => {
            3 + values.iter().map(|value| 1 + size_of(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// Returns the partition of a key or an item, in either table.
fn of_key(key: &Value) -> &str {
    ["pk", "stream"].iter().find_map(|name| key[name]["S"].as_str()).unwrap()
}

/// Returns the partition that a query is of: the value that its condition compares with the partition's
/// key.
fn of_query(body: &Value) -> &str {
    let condition = body["KeyConditionExpression"].as_str().unwrap();
    let after = condition.split_once("= ").unwrap().1;
    let name = after.split(' ').next().unwrap();
    body["ExpressionAttributeValues"][name]["S"].as_str().unwrap()
}

/// Returns a partition with `{acct}` in the place of an account's identifier and so on, with `{n}` in that
/// of a number, and without that of a list that is spread.
fn shape(partition: &str) -> String {
    let whole = partition.rsplit_once("/~").map_or(partition, |(whole, _)| whole);
    let part = |part: &str| match part.rsplit_once('_') {
        Some((kind, id)) if id.len() == 26 => format!("{{{kind}}}"),
        None if part.parse::<u8>().is_ok() => "{n}".to_owned(),
        _ => part.to_owned(),
    };
    let shaped: Vec<String> = whole.split('/').map(part).collect();
    shaped.join("/")
}
