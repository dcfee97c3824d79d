//! Events: accepted once, delivered at least once, and twice only with an excuse.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use latchhook_simulation::Hit;

use super::{each, text};
use crate::life::Life;

/// Asserts that exactly the events that were answered 202 exist.
pub(super) fn are_accepted_once(life: &mut Life, customer: usize) {
    let rows = life.list(customer, "/v1/events?per_page=100");
    let ids: Vec<String> = rows.iter().map(|row| text(&row["id"])).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "an event is listed twice");
    let told: BTreeSet<&String> = life.customers[customer].events.keys().collect();
    assert_eq!(distinct, told, "the events are not those that were accepted");
}

/// Asserts that every event has a delivery for each webhook that there was, that each has ended, and
/// that what is delivered was acknowledged.
pub(super) fn are_delivered_or_settled(life: &mut Life, customer: usize) {
    let rows = life.list(customer, "/v1/events?per_page=100");
    let hits = life.simulation.network.hits();
    let acknowledged: BTreeSet<(&str, &str)> = hits
        .iter()
        .filter(|hit| hit.is_acknowledged())
        .map(|hit| (hit.event.as_str(), hit.url.as_str()))
        .collect();
    let of = &life.customers[customer];
    for event in &rows {
        let id = text(&event["id"]);
        let deliveries = each(&event["deliveries"]);
        let to: Vec<String> = deliveries.iter().map(|one| text(&one["webhook_id"])).collect();
        let distinct: BTreeSet<&String> = to.iter().collect();
        assert_eq!(distinct.len(), to.len(), "two deliveries to one webhook: {event}");
        for webhook in &of.events[&id] {
            assert!(distinct.contains(webhook), "no delivery to {webhook}: {event}");
        }
        for delivery in deliveries {
            let status = text(&delivery["status"]);
            let has_ended = ["delivered", "exhausted", "cancelled"].contains(&status.as_str());
            assert!(has_ended, "neither delivered nor settled: {event}");
            let url = &of.webhooks[&text(&delivery["webhook_id"])].url;
            let is_acknowledged = acknowledged.contains(&(id.as_str(), url.as_str()));
            assert!(is_acknowledged || status != "delivered", "never acknowledged: {event}");
            if life.is_calm {
                let claims = status == "delivered" || !is_acknowledged;
                assert!(claims, "acknowledged, and not delivered: {event}");
            }
        }
    }
}

/// Asserts that nothing of the data of erased events is stored, and that their deliveries have ended.
pub(super) fn nothing_is_left_of_the_erased(life: &mut Life) {
    for customer in 0..life.customers.len() {
        if !life.customers[customer].is_open() {
            continue;
        }
        let erased = life.customers[customer].erased.clone();
        for row in life.list(customer, "/v1/events?per_page=100") {
            let is_erased = erased.contains(&text(&row["id"]));
            assert_eq!(row["data"].is_null(), is_erased, "{row}");
            assert_eq!(row["erased_at"].is_string(), is_erased, "{row}");
        }
        for row in life.list(customer, "/v1/logs?kind=webhook_delivery&per_page=100") {
            if erased.contains(&text(&row["event_id"])) {
                let told = (&row["request"]["body"], &row["object_id"]);
                assert_eq!(told, (&serde_json::Value::Null, &serde_json::Value::Null), "{row}");
            }
        }
    }
}

/// Asserts that a receiver that acknowledged was asked again only as often as something went wrong.
pub(super) fn are_duplicated_with_an_excuse_only(life: &mut Life) {
    let mut acknowledged: BTreeMap<(String, String), Vec<Timestamp>> = BTreeMap::new();
    for hit in life.simulation.network.hits().into_iter().filter(Hit::is_acknowledged) {
        acknowledged.entry((hit.event, hit.url)).or_default().push(hit.at);
    }
    acknowledged.retain(|_, times| times.len() > 1);
    let surplus: usize = acknowledged.values().map(|times| times.len() - 1).sum();
    let asked: u64 = life.customers.iter().map(|of| of.resends + of.recovered).sum();
    if life.lags() {
        return;
    }
    let excused = life.simulation.faults.excuses() + asked;
    assert!(surplus as u64 <= excused, "duplicates, {excused} excused: {acknowledged:?}");
}
