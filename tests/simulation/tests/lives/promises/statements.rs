//! Statements: they agree with the events and with what became of them, whatever went wrong.

use std::collections::BTreeSet;

use domain::Timestamp;
use latchhook_simulation::{days, hours, minutes};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{each, text};
use crate::life::Life;

/// Statuses that a statement counts.
const STATUSES: [&str; 5] = ["delivered", "pending", "retrying", "exhausted", "cancelled"];

/// Asserts that the webhook that hears statements was sent one of each hour, in one event each, once the
/// sweep has caught up.
pub(super) fn are_sent_once_an_hour(life: &mut Life) {
    // Whoever died while sending them is waited for.
    life.simulation.run_for(minutes(1));
    life.sweep();
    life.simulation.run_for(minutes(1));
    let (account, since) = (life.stated.account.clone(), life.stated.since);
    let webhook = life.stated.webhook.id.clone();
    let latest = hour_of(life.simulation.now().minus(minutes(2)));
    let mut expected = Vec::new();
    let mut until = hour_of(since).plus(hours(1));
    while until <= latest {
        expected.push(until.to_string());
        until = until.plus(hours(1));
    }
    let events = life.simulation.list(&account, "/v1/events?per_page=100&order=asc");
    let ends: Vec<String> = events.iter().map(|event| text(&event["created_at"])).collect();
    assert_eq!(ends, expected, "not one statement an hour");
    for event in &events {
        let object = &event["data"]["object"];
        let deliveries = each(&event["deliveries"]);
        assert_eq!((&event["type"], deliveries.len()), (&"webhook.statement".into(), 1));
        assert_eq!(deliveries[0]["status"], "delivered", "{event}");
        let named = (&object["webhook_id"], &object["until"], &object["events"]);
        assert_eq!(named, (&webhook.as_str().into(), &event["created_at"], &0.into()));
    }
    let told: BTreeSet<String> = life
        .simulation
        .network
        .hits_at(&life.stated.webhook.url)
        .into_iter()
        .map(|hit| hit.event)
        .collect();
    let ids: BTreeSet<String> = events.iter().map(|event| text(&event["id"])).collect();
    assert_eq!(told, ids, "sent without being listed");
}

/// Beginning of the hour in which that time is.
fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis() - at.as_millis() % 3_600_000)
}

/// Asserts that the statement of each webhook has exactly the events that have a delivery to it, and those
/// that the customer knows of, with the statuses of their deliveries.
pub(super) fn agree_with_reality(life: &mut Life, customer: usize) {
    let events = life.list(customer, "/v1/events?per_page=100");
    let until = life.simulation.now();
    let since = until.minus(days(31));
    for webhook in life.customers[customer].current() {
        let of_webhook = |event: &Value| {
            let deliveries = each(&event["deliveries"]);
            let one = deliveries.iter().find(|one| one["webhook_id"] == webhook.as_str());
            one.map(|one| (text(&event["id"]), text(&one["status"])))
        };
        let meant: Vec<(String, String)> = events.iter().filter_map(of_webhook).collect();
        let ids: BTreeSet<&String> = meant.iter().map(|(id, _)| id).collect();
        let books = life.customers[customer].events.iter();
        let mut certain = books.filter(|(_, webhooks)| webhooks.contains(&webhook));
        assert!(certain.all(|(id, _)| ids.contains(id)), "an event is missing: {meant:?}");
        let id = life.customers[customer].id.clone();
        let path = format!("/v1/webhooks/{webhook}/statement?since={since}&until={until}");
        let statement = life.simulation.show(&id, &path);
        assert_eq!(statement["events"], ids.len(), "{statement}");
        for status in STATUSES {
            let number = meant.iter().filter(|(_, of)| of == status).count();
            assert_eq!(statement[status], number, "{status}: {statement}");
        }
        let lines: Vec<String> = ids.iter().map(|id| format!("{id}\n")).collect();
        let digest = format!("sha256:{}", hex::encode(Sha256::digest(lines.concat())));
        assert_eq!(statement["digest"], digest.as_str(), "{statement}");
    }
}
