//! Attempts: logged one by one, at the times of the schedule, signed, and for the right customer.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use domain::{
    Timestamp,
    id::AccountId,
    signing::{SignedHeaders, SigningSecret},
};
use latchhook_simulation::{Hit, hours, minutes, seconds};
use serde_json::Value;

use super::{each, text};
use crate::life::Life;

/// Longest time between the beginning of an attempt and the receiver's having it.
const ON_THE_WAY: Duration = Duration::from_secs(8);

/// Offsets of the slots of the schedule that every life has.
fn offsets() -> Vec<Duration> {
    let first = (0..=5).map(minutes);
    first.chain((1..=3).map(|hour| minutes(5) + hours(hour))).collect()
}

/// Asserts that the log has each attempt once, that none is early, that no schedule ends early, and
/// that without faults every attempt is made to the second.
pub(super) fn keep_to_the_schedule(life: &mut Life, customer: usize) {
    let mut rows = life.list(customer, "/v1/logs?kind=webhook_delivery&per_page=100");
    let (mut early, mut advanced) = (Vec::new(), 0);
    rows.sort_by_key(|row| (text(&row["created_at"]), row["attempt"].as_u64()));
    for event in life.list(customer, "/v1/events?per_page=100") {
        for delivery in each(&event["deliveries"]) {
            let is_of = |row: &&Value| {
                row["event_id"] == event["id"] && row["webhook_id"] == delivery["webhook_id"]
            };
            let mut rows: Vec<&Value> = rows.iter().filter(is_of).collect();
            if life.may_log_more() {
                rows = recorded(rows, delivery);
            }
            assert_eq!(Some(rows.len() as u64), delivery["attempts"].as_u64(), "{delivery}");
            let numbers: BTreeSet<_> = rows.iter().map(|row| row["attempt"].as_u64()).collect();
            assert_eq!(numbers.len(), rows.len(), "an attempt is logged twice: {rows:?}");
            let is_scheduled = |row: &&&Value| row["trigger"] == "schedule";
            // A recovery begins the schedule again.
            let is_first = |row: &&&Value| row["trigger"] != "recover";
            let first = rows.iter().take_while(is_first);
            let scheduled: Vec<&Value> = first.filter(is_scheduled).copied().collect();
            let delivered_to = (text(&event["id"]), text(&delivery["webhook_id"]));
            if life.customers[customer].advanced.contains(&delivered_to) {
                advanced += have_a_slot_each(&scheduled);
                continue;
            }
            // A resend or a recovery in between has a say in what comes next.
            let is_calm = life.is_calm && scheduled.len() == rows.len();
            early.extend(are_on_time(&scheduled, is_calm, &event));
            let was_recovered = rows.iter().any(|row| row["trigger"] == "recover");
            if delivery["status"] == "exhausted" && !was_recovered {
                is_whole(&scheduled);
            }
        }
    }
    // A message that is handed out twice can be attempted twice: the second attempt is early, and so is the
    // next, if the second asked for a later one than the first.
    let excused = life.simulation.faults.excuses();
    let is_excused = life.lags() || early.len() as u64 <= 2 * excused;
    assert!(is_excused, "attempts were early, {excused} excused: {early:?}");
    let is_excused = life.lags() || advanced <= excused;
    assert!(is_excused, "advanced, {advanced} attempts without a slot, {excused} excused");
}

/// Returns the number of scheduled attempts beyond those that the schedule has: one that is made ahead of
/// its time takes its slot.
fn have_a_slot_each(scheduled: &[&Value]) -> u64 {
    scheduled.len().saturating_sub(offsets().len()) as u64
}

/// Returns those of `rows` that the delivery knows of: of several with one number the last, because the
/// attempts before it could not be recorded.
fn recorded<'r>(rows: Vec<&'r Value>, delivery: &Value) -> Vec<&'r Value> {
    let by_number = rows.into_iter().map(|row| (row["attempt"].as_u64(), row));
    let by_number: BTreeMap<_, _> = by_number.collect();
    let attempts = delivery["attempts"].as_u64();
    by_number.into_iter().filter(|(number, _)| *number <= attempts).map(|(_, row)| row).collect()
}

/// Asserts that without faults every attempt is made to the second; returns the early
/// ones.
fn are_on_time(scheduled: &[&Value], is_calm: bool, event: &Value) -> Vec<String> {
    let Some(first) = scheduled.first() else { return vec![] };
    let mut early = vec![];
    let began = begin(first);
    if is_calm {
        let late = began.since(at(&event["created_at"]));
        assert!(late <= seconds(1), "first tried after {late:?}: {event}");
    }
    for pair in scheduled.windows(2) {
        let (row, next) = (pair[0], pair[1]);
        let Some(due) = row["next_attempt_at"].as_str() else { continue };
        let due: Timestamp = due.parse().unwrap();
        if begin(next) < due {
            early.push(format!("{} is due at {due}: {next}", event["id"]));
        }
        if is_calm {
            // What fell due during an attempt is made right after it.
            let free = begin(row).plus(millis(&row["duration_ms"]));
            assert_eq!(begin(next), due.max(free), "not tried when it was due: {row} {next}");
            follows(row, next, began);
        }
    }
    early
}

/// Asserts that `next` has the slot after that of `row`, unless the receiver asked for a pause.
fn follows(row: &Value, next: &Value, began: Timestamp) {
    let slot = |row: &Value| {
        let offset = begin(row).since(began);
        offsets().iter().position(|known| *known == offset)
    };
    if let (Some(slot), Some(following)) = (slot(row), slot(next))
        && row["response_status"] != 503
    {
        assert_eq!(following, slot + 1, "a slot is left out: {row} {next}");
    }
}

/// Asserts that a schedule has ended no earlier than it should.
fn is_whole(scheduled: &[&Value]) {
    let (Some(first), Some(last)) = (scheduled.first(), scheduled.last()) else { return };
    let lasted = begin(last).since(begin(first));
    let whole = offsets().pop().unwrap_or_default();
    assert!(lasted >= whole, "exhausted after {lasted:?} of {whole:?}: {scheduled:?}");
}

/// Asserts that every attempt went to a receiver of the customer whose event it was, and was signed
/// with a secret that the webhook had then.
pub(super) fn are_of_the_right_customer_and_signed(life: &mut Life) {
    let slack = life.slack();
    for hit in life.simulation.network.hits() {
        if hit.account == AccountId::OPERATOR {
            assert!(is_signed(&hit, &life.operator_secret, ON_THE_WAY + slack), "{hit:?}");
            continue;
        }
        let account = hit.account.to_string();
        if account == life.stated.account {
            assert_eq!(hit.url, life.stated.webhook.url);
            assert!(is_signed(&hit, &life.stated.webhook.secret, ON_THE_WAY + slack), "{hit:?}");
            continue;
        }
        let of = life.customers.iter().find(|of| of.id == account).unwrap();
        assert!(hit.url.contains(&of.name), "sent to another customer: {} {account}", hit.url);
        if of.closed_at.is_some() {
            continue;
        }
        assert!(of.events.contains_key(&hit.event), "sent without being accepted: {}", hit.event);
        let hooks = of.webhooks.values().filter(|hook| hook.url == hit.url);
        let mut unseen = hooks.clone().flat_map(|hook| &hook.unseen);
        if unseen.any(|(from, until)| *from <= hit.at && hit.at <= until.plus(slack)) {
            continue;
        }
        let mut secrets = hooks.flat_map(|hook| &hook.secrets);
        let had = secrets.any(|known| {
            known.from <= hit.at
                && hit.at <= known.until.plus(slack)
                && is_signed(&hit, &known.secret, ON_THE_WAY + slack)
        });
        assert!(had, "not signed with what {} had at {}", hit.url, hit.at);
    }
}

fn is_signed(hit: &Hit, secret: &str, on_the_way: Duration) -> bool {
    let header = |wanted: &str| {
        let found = hit.outgoing.headers.iter().find(|(name, _)| **name == *wanted);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let signed = SignedHeaders {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let secret = SigningSecret::parse(secret).unwrap();
    signed.verify(&secret, &hit.outgoing.body, hit.at, on_the_way).is_ok()
}

fn begin(row: &Value) -> Timestamp {
    at(&row["created_at"])
}

fn millis(value: &Value) -> Duration {
    Duration::from_millis(value.as_u64().unwrap_or_default())
}

fn at(value: &Value) -> Timestamp {
    text(value).parse().unwrap()
}
