//! Path of a delivery through the queues, with the real functions and adapters.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use contracts::ManualClock;
use domain::Timestamp;
use embedded::SystemClock;
use futures_util::join;
use latchhook_aws_tests::{
    SEND, Side, StoreTime,
    chain::Link,
    world::{Making, World, event},
};
use ports::Clock as _;
use serde_json::Value;
use simulation::{Call, Hit};

const URL: &str = "https://ada.example/hooks";
/// Limit for everything that a test waits for.
const PATIENCE: Duration = Duration::from_mins(1);
/// Lateness that an attempt may have: every hop rounds its delay up to a second, and the machine
/// may be busy.
const LATE: Duration = Duration::from_secs(4);

/// Posts an event; returns its identifier.
async fn posted(world: &World) -> String {
    world.call(event().on(&world.account)).await.expect(202).text("/id")
}

/// Status and number of attempts of an event's only delivery.
async fn standing(world: &World, event: &str) -> (String, u64) {
    let shown = Call::get(&format!("/v1/events/{event}")).on(&world.account);
    let shown = world.call(shown).await.expect(200).json();
    let delivery = &shown["deliveries"][0];
    (delivery["status"].as_str().unwrap().to_owned(), delivery["attempts"].as_u64().unwrap())
}

/// Number of attempts in a period, as the statistics have it.
async fn counted(world: &World, since: Timestamp, until: Timestamp) -> u64 {
    let until = until.plus(Duration::from_hours(1));
    let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=1");
    let stats = world.call(Call::get(&path).on(&world.account)).await.expect(200).json();
    stats["buckets"][0]["attempts"].as_u64().unwrap()
}

/// Log rows of an event's attempts.
async fn rows(world: &World, event: &str) -> Vec<Value> {
    let path = format!("/v1/logs?event_id={event}&per_page=100");
    let page = world.call(Call::get(&path).on(&world.account)).await.expect(200).json();
    page["data"].as_array().unwrap().clone()
}

fn offsets(hits: &[Hit]) -> Vec<Duration> {
    hits.iter().map(|hit| hit.at.since(hits[0].at)).collect()
}

#[tokio::test]
async fn attempts_are_made_when_they_are_due_and_a_slot_beyond_the_hop_limit_hops() {
    let schedule = "1x1s,1x7s".parse().unwrap();
    let hop_limit = Duration::from_secs(2);
    let world =
        World::made(Making { urls: &[URL], schedule, hop_limit, ..Making::default() }).await;
    world.network.answers(URL, 500);
    let event = posted(&world).await;
    let (clock, deliverer) = (SystemClock::new(), world.deliverer());
    let mut hops = 0;
    while standing(&world, &event).await.0 != "exhausted" {
        assert!(clock.monotonic() < PATIENCE, "{:?}", offsets(&world.network.hits()));
        for link in Link::ALL {
            while let Some(message) = world.taken(link).await {
                hops += u32::from(link == Link::Hours);
                world.work(link, &deliverer, &message).await;
                world.ended(link, &message).await;
            }
        }
    }
    let due = [0, 1, 8].map(Duration::from_secs);
    let made = offsets(&world.network.hits());
    assert_eq!(made.len(), due.len(), "{made:?}");
    for (made, due) in made.into_iter().zip(due) {
        assert!(made >= due && made < due + LATE, "{made:?} for {due:?}");
    }
    // Seven seconds are three hops of two seconds and a remainder.
    assert!((2..=4).contains(&hops), "{hops} hops");
}

/// World without waiting: the test moves the product's clock, and for the queues' clock every
/// message is due.
async fn hurried(schedule: &str) -> (World, Arc<ManualClock>) {
    let manual = Arc::new(ManualClock::default());
    let long_past = Timestamp::from_millis(4_000_000_000_000);
    let far = Arc::new(ManualClock::at(long_past));
    let system = SystemClock::new();
    let making = Making {
        urls: &[URL],
        schedule: schedule.parse().unwrap(),
        clock: Arc::new(StoreTime { manual: manual.clone(), system }),
        queue_clock: Arc::new(StoreTime { manual: far, system }),
        ..Making::default()
    };
    let world = World::made(making).await;
    world.network.answers(URL, 500);
    (world, manual)
}

/// Moves the clock to the time at which `body` is due.
fn come(clock: &ManualClock, body: Option<&str>) {
    let due = aws::message(body.unwrap()).unwrap().due;
    clock.advance(due.since(clock.now()));
}

#[tokio::test]
async fn wherever_a_function_dies_nothing_is_lost_and_35_attempts_are_made() {
    let (world, clock) = hurried("10x1m,24x1h").await;
    let event = posted(&world).await;
    let (mut at, mut rounds, mut unrecorded) = ((0, Side::Before), 0, 0);
    let (began, mut amid_counts) = (clock.now(), 0);
    loop {
        let mut quiet = true;
        for link in Link::ALL {
            let Some(message) = world.taken(link).await else { continue };
            quiet = false;
            come(&clock, message.body.as_deref());
            // Each message gets a new process, which has nothing in memory.
            let deliverer = world.deliverer();
            let work = Box::pin(world.work(link, &deliverer, &message));
            let (done, steps) = world.wire.death.amid(at, work).await;
            if done.is_some() {
                world.ended(link, &message).await;
                if steps.iter().any(|step| step == SEND) {
                    // The process finished: the place was past its last step.
                    (at, rounds) = ((0, Side::Before), rounds + 1);
                }
                continue;
            }
            // The process died at the last of these steps.
            let taken = |name| {
                let place = steps.iter().position(|step| step == name);
                place.is_some_and(|place| place < at.0 || at.1 == Side::After)
            };
            unrecorded += usize::from(taken(SEND) && !taken("PutItem"));
            amid_counts += u64::from(taken("UpdateItem"));
            at = match at {
                (place, Side::Before) => (place, Side::After),
                (place, Side::After) => (place + 1, Side::Before),
            };
            // When the message comes back, no process dies.
            world.comes_back(link, &message).await;
            let again = world.taken(link).await.unwrap();
            world.work(link, &world.deliverer(), &again).await;
            world.ended(link, &again).await;
        }
        if quiet {
            break;
        }
    }
    assert_eq!(standing(&world, &event).await, ("exhausted".to_owned(), 35));
    assert_eq!(rows(&world, &event).await.len(), 35);
    assert!(rounds >= 1, "it did not die everywhere");
    // Every attempt is made, and made twice only where the process died between sending and
    // recording.
    assert_eq!(world.network.hits().len(), 35 + unrecorded);
    // None is missing from the counts, and one is there twice only where the process died between
    // counting and answering.
    let counted = counted(&world, began, clock.now()).await;
    assert!(amid_counts > 0 && (35..=35 + amid_counts).contains(&counted), "{counted}");
}

#[tokio::test]
async fn a_message_that_is_handed_out_twice_at_once_begins_one_chain() {
    let (world, clock) = hurried("1x1m").await;
    let event = posted(&world).await;
    let message = world.taken(Link::Deliveries).await.unwrap();
    let (one, other) = (world.deliverer(), world.deliverer());
    let (first, second) = join!(one.work(message.clone()), other.work(message));
    first.unwrap();
    second.unwrap();
    // Either both sent before one had recorded its attempt, or the later one found it recorded.
    let sent = world.network.hits().len();
    assert_eq!(rows(&world, &event).await.len(), sent);
    let next = world.taken(Link::Minutes).await.unwrap();
    come(&clock, next.body.as_deref());
    world.work(Link::Minutes, &one, &next).await;
    for link in [Link::Minutes, Link::Hours] {
        // A process that finds the attempt recorded sends the next message, too.
        while let Some(again) = world.taken(link).await {
            world.work(link, &one, &again).await;
        }
    }
    let attempts = sent as u64 + 1;
    assert_eq!(standing(&world, &event).await, ("exhausted".to_owned(), attempts));
    assert_eq!(world.network.hits().len() as u64, attempts);
}
