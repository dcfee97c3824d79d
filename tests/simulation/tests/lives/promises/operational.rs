//! Operational events: the operator is told of everything that happened, and of nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{each, text};
use crate::life::{Life, OPERATOR_URL};

/// Events that the operator was told of: those of each type, by their identifiers.
type Told = BTreeMap<String, BTreeMap<String, Value>>;

/// Asserts that the operator was told of every account, of every key and end of an account, and of every
/// delivery that is exhausted, in one event each.
pub(super) fn everything_is_told(life: &mut Life) {
    let mut told = Told::new();
    for hit in life.simulation.network.hits_at(OPERATOR_URL) {
        let body: Value = serde_json::from_slice(&hit.outgoing.body).unwrap();
        told.entry(text(&body["type"])).or_default().insert(text(&body["id"]), body);
    }
    let accounts = objects(&told, "account.created", "id");
    let keys = objects(&told, "api_key.created", "id");
    let closed: BTreeSet<String> = objects(&told, "account.closed", "id").into_iter().collect();
    assert_eq!(accounts.len(), accounts.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(keys.len(), keys.iter().collect::<BTreeSet<_>>().len());
    for customer in 0..life.customers.len() {
        let of = &life.customers[customer];
        assert!(accounts.contains(&of.id), "an account is not told of: {}", of.id);
        assert_eq!(closed.contains(&of.id), !of.is_open(), "the end of {}", of.id);
        if of.is_open() {
            for key in life.list(customer, "/v1/api_keys?include_expired=true&per_page=100") {
                assert!(keys.contains(&text(&key["id"])), "a key is not told of: {key}");
            }
            are_exhausted_as_told(life, customer, &told);
        }
    }
}

/// Asserts that the deliveries which are exhausted are those that the operator was told of. One that was
/// recovered, resent or cancelled since can have been exhausted before, and so can one that is delivered: a
/// message that came twice had another attempt under way.
fn are_exhausted_as_told(life: &mut Life, customer: usize, told: &Told) {
    let pair = |object: &Value| (text(&object["event_id"]), text(&object["webhook_id"]));
    let of = &life.customers[customer];
    let again = of.has_recovered || of.resends > 0;
    let mut known = Vec::new();
    for body in told.get("delivery.exhausted").into_iter().flat_map(BTreeMap::values) {
        if text(&body["account_id"]) == of.id {
            known.push(pair(&body["data"]["object"]));
        }
    }
    let distinct: BTreeSet<_> = known.iter().cloned().collect();
    assert!(again || distinct.len() == known.len(), "told twice: {known:?}");
    let (mut exhausted, mut delivered) = (BTreeSet::new(), BTreeSet::new());
    for event in life.list(customer, "/v1/events?per_page=100") {
        for delivery in each(&event["deliveries"]) {
            let delivery_of = || (text(&event["id"]), text(&delivery["webhook_id"]));
            match delivery["status"].as_str() {
                Some("exhausted") => _ = exhausted.insert(delivery_of()),
                Some("delivered") => _ = delivered.insert(delivery_of()),
                _ => {}
            }
        }
    }
    let untold: Vec<_> = exhausted.difference(&distinct).collect();
    assert!(untold.is_empty(), "exhausted, and not told: {untold:?}");
    let ended: BTreeSet<_> = exhausted.union(&delivered).cloned().collect();
    let never: Vec<_> = distinct.difference(&ended).collect();
    assert!(again || never.is_empty(), "told, and not exhausted: {never:?}");
}

/// Field of the object of every event of a type.
fn objects(told: &Told, name: &str, field: &str) -> Vec<String> {
    let bodies = told.get(name).into_iter().flat_map(BTreeMap::values);
    bodies.map(|body| text(&body["data"]["object"][field])).collect()
}
