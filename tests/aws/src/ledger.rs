//! Ledger of what AWS charges for an operation, counted at the wire: units of DynamoDB by table and by the
//! shape of the partition, bytes that are kept, and requests to SQS.
//!
//! Units are computed from requests as the Developer Guide says ("DynamoDB item sizes and formats",
//! "Read and write operations"): a write by each kilobyte of its item, a read of up to four kilobytes by
//! one, or half of one where it need not be consistent, and all of it twice in a transaction. What is
//! changed, taken away or read is taken to be no larger than the first of those.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Bytes that are charged for an item besides its own, while it is kept (Developer Guide, "DynamoDB item
/// sizes and formats").
const OF_AN_ITEM: f64 = 100.0;
/// Bytes of one charged request to SQS (pricing page).
const OF_A_REQUEST: usize = 64 * 1024;

/// Share by which sizes differ from run to run: identifiers compress differently.
pub const TOLERANCE: f64 = 0.03;

/// Ledgers as the file has them.
#[must_use]
pub fn expected() -> Value {
    serde_json::from_str(include_str!("../ledger.json")).unwrap()
}

/// Checks that an operation was charged what the file says.
#[track_caller]
pub fn check(operation: &str, charged: &Ledger) {
    same(&expected()["operations"][operation], &charged.to_json(), operation);
}

/// Checks that two parts of ledgers are the same, and sizes about the same.
#[track_caller]
fn same(expected: &Value, charged: &Value, operation: &str) {
    let text = serde_json::to_string_pretty(charged).unwrap();
    let is_as_expected = |part: &str| expected[part] == charged[part];
    assert!(is_as_expected("units") && is_as_expected("sqs"), "\"{operation}\": {text}");
    let sizes = |of: &Value| -> Vec<(String, f64)> {
        let sizes = of["kept"].as_object().into_iter().flatten();
        sizes.map(|(name, size)| (name.clone(), size.as_f64().unwrap())).collect()
    };
    let (expected, charged) = (sizes(expected), sizes(charged));
    let is_near = expected.len() == charged.len()
        && expected.iter().zip(&charged).all(|((name, expected), (named, charged))| {
            name == named && (charged / expected - 1.0).abs() <= TOLERANCE
        });
    assert!(is_near, "\"{operation}\": {text}");
}

/// Charges of an operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Units by what they are for: `write views {acct}/events/test`.
    pub units: BTreeMap<String, f64>,
    /// Bytes that are kept of items which replaced none, by table and partition.
    pub kept: BTreeMap<String, f64>,
    /// Requests to SQS.
    pub requests: f64,
    /// Partitions of lists that are spread by what is in them, by table and partition.
    pub spread: BTreeSet<String>,
}

impl Ledger {
    /// Returns the mean of several.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "there are few")]
    pub fn mean(of: &[Self]) -> Self {
        let (mut mean, share) = (Self::default(), 1.0 / of.len() as f64);
        for one in of {
            for (sums, parts) in [(&mut mean.units, &one.units), (&mut mean.kept, &one.kept)] {
                for (name, part) in parts {
                    *sums.entry(name.clone()).or_default() += part * share;
                }
            }
            mean.requests += one.requests * share;
            mean.spread.extend(one.spread.iter().cloned());
        }
        mean
    }

    /// Returns it as the file has it, with units to the hundredth and whole bytes.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let rounded = |of: &BTreeMap<String, f64>, to: f64| -> Value {
            of.iter()
                .map(|(name, value)| (name.clone(), json!((value * to).round() / to)))
                .collect()
        };
        json!({
            "units": rounded(&self.units, 100.0),
            "kept": rounded(&self.kept, 1.0),
            "sqs": (self.requests * 100.0).round() / 100.0,
        })
    }

    /// Enters a call of `operation` of DynamoDB, whose request is `body`.
    pub(crate) fn enter(&mut self, operation: &str, body: &Value) {
        match operation {
            "GetItem" => {
                self.add("read", &body["TableName"], of_key(&body["Key"]), read_units(body));
            }
            "Query" => {
                self.add("read", &body["TableName"], of_query(body), read_units(body));
            }
            "PutItem" => {
                self.put(&body["TableName"], &body["Item"], 1.0, replaces(body));
            }
            "UpdateItem" | "DeleteItem" => {
                self.add("write", &body["TableName"], of_key(&body["Key"]), 1.0);
            }
            "BatchGetItem" => {
                for (table, asked) in body["RequestItems"].as_object().unwrap() {
                    for key in asked["Keys"].as_array().unwrap() {
                        self.add("read", &table.clone().into(), of_key(key), read_units(asked));
                    }
                }
            }
            "BatchWriteItem" => {
                for (table, writes) in body["RequestItems"].as_object().unwrap() {
                    for write in writes.as_array().unwrap() {
                        let (table, item) = (table.clone().into(), &write["PutRequest"]["Item"]);
                        if item.is_null() {
                            let key = &write["DeleteRequest"]["Key"];
                            self.add("write", &table, of_key(key), 1.0);
                        } else {
                            self.put(&table, item, 1.0, false);
                        }
                    }
                }
            }
            "TransactGetItems" | "TransactWriteItems" => {
                for part in body["TransactItems"].as_array().unwrap() {
                    let (action, what) = part.as_object().unwrap().iter().next().unwrap();
                    let kind = if action == "Get" { "read" } else { "write" };
                    if action == "Put" {
                        self.put(&what["TableName"], &what["Item"], 2.0, replaces(what));
                    } else {
                        self.add(kind, &what["TableName"], of_key(&what["Key"]), 2.0);
                    }
                }
            }
            _ => {}
        }
    }

    /// Enters a call of SQS that sends `body`.
    pub(crate) fn enter_sent(&mut self, body: &[u8]) {
        let requests = u32::try_from(body.len().div_ceil(OF_A_REQUEST)).unwrap();
        self.requests += f64::from(requests);
    }

    fn put(&mut self, table: &Value, item: &Value, times: f64, replaces: bool) {
        let size = size_of_members(item.as_object().unwrap());
        let kilobytes = u32::try_from(size.div_ceil(1024)).unwrap();
        let at = self.add("write", table, of_key(item), times * f64::from(kilobytes));
        if !replaces {
            let bytes = f64::from(u32::try_from(size).unwrap());
            *self.kept.entry(at).or_default() += bytes + OF_AN_ITEM;
        }
    }

    /// Adds units; returns the table and the shape of the partition.
    fn add(&mut self, kind: &str, table: &Value, partition: &str, units: f64) -> String {
        let table = table.as_str().unwrap().rsplit('-').next().unwrap();
        let at = format!("{table} {}", shape(partition));
        if partition.contains(PART) && !partition.contains(COUNTS) {
            self.spread.insert(at.clone());
        }
        *self.units.entry(format!("{kind} {at}")).or_default() += units;
        at
    }
}

fn read_units(asked: &Value) -> f64 {
    if asked["ConsistentRead"] == true { 1.0 } else { 0.5 }
}

/// Returns whether a put takes the place of the item that it is conditioned on.
fn replaces(put: &Value) -> bool {
    put["ConditionExpression"].as_str().is_some_and(|condition| condition == "revision = :seen")
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

/// Mark of a further partition of a list that is spread.
const PART: &str = "/~";
/// Mark of the partitions of counts, of which each process has one.
const COUNTS: &str = "/attempt_counts/";

/// Returns a partition with `{acct}` in the place of an account's identifier and so on, with `{object}` in
/// that of an object of the examples, with `{n}` in that of a number, and without that of a list that is
/// spread.
fn shape(partition: &str) -> String {
    let whole = partition.rsplit_once(PART).map_or(partition, |(whole, _)| whole);
    let part = |part: &str| match part.rsplit_once('_') {
        Some((kind, id)) if id.len() == 26 => format!("{{{kind}}}"),
        None if part.parse::<u8>().is_ok() => "{n}".to_owned(),
        None if part.len() >= 24 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            "{object}".to_owned()
        }
        _ => part.to_owned(),
    };
    let shaped: Vec<String> = whole.split('/').map(part).collect();
    shaped.join("/")
}
