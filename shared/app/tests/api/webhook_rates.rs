//! Rate of a webhook: what is more waits for its turn.

use serde_json::{Value, json};
use simulation::{Call, minutes, seconds};

use crate::{
    webhook_settings::{HOOK, created, hits, patch, post, report},
    world::World,
};

/// Seconds after `begin` at which each attempt arrived.
fn arrivals(world: &World, begin: domain::Timestamp) -> Vec<u64> {
    hits(world).iter().map(|hit| hit.at.since(begin).as_secs()).collect()
}

#[test]
fn what_is_more_than_the_rate_waits_for_its_turn() {
    let mut world = World::new();
    let rate = json!({ "limit": 3, "period_seconds": 60 });
    let path = created(&mut world, &json!({ "rate_limit": rate }));
    let account = world.account.clone();
    assert_eq!(world.simulation.show(&account, &path)["rate_limit"], rate);
    let begin = world.simulation.now();
    let events: Vec<Value> = (0..6).map(|_| post(&mut world, &report("clear"))).collect();
    world.simulation.run_for(minutes(2));
    assert_eq!(arrivals(&world, begin), [0, 0, 0, 20, 40, 60]);
    for event in events {
        let shown = world.simulation.show(&account, event["uri"].as_str().unwrap());
        for delivery in shown["deliveries"].as_array().unwrap() {
            assert_eq!(
                (&delivery["status"], &delivery["attempts"]),
                (&json!("delivered"), &json!(1))
            );
        }
    }
}

#[test]
fn a_waiting_attempt_comes_again_once() {
    let mut world = World::new();
    _ = created(&mut world, &json!({ "rate_limit": { "limit": 1, "period_seconds": 1 } }));
    for _ in 0..60 {
        _ = post(&mut world, &report("clear"));
    }
    world.simulation.run_for(minutes(2));
    assert_eq!(hits(&world).len(), 60);
    let calls = world.simulation.faults.take_calls();
    // Two deliveries an event, of which one is put off: three messages, and as many ends of them.
    let commits = calls["store.commit"];
    assert!(commits <= 60 * 5, "{commits} commits");
}

#[test]
fn pings_and_resends_count_and_a_changed_rate_counts_at_once() {
    let mut world = World::new();
    let rate = json!({ "limit": 1, "period_seconds": 600 });
    let path = created(&mut world, &json!({ "rate_limit": rate }));
    let begin = world.simulation.now();
    let ping = Call::post(&format!("{path}/ping"), &json!({})).on(&world.account);
    _ = world.simulation.call(ping).expect(202);
    world.simulation.run_for(seconds(1));
    let event = post(&mut world, &report("clear"));
    world.simulation.run_for(minutes(11));
    let resend = format!("{}/resend", event["uri"].as_str().unwrap());
    let webhook = json!({ "webhook_id": path.rsplit('/').next().unwrap() });
    _ = world.simulation.call(Call::post(&resend, &webhook).on(&world.account)).expect(202);
    world.simulation.run_for(minutes(15));
    assert_eq!(arrivals(&world, begin), [0, 600, 1200]);

    // One that waits for an hour is looked at within half an hour.
    let hourly = json!({ "rate_limit": { "limit": 1, "period_seconds": 7200 } });
    _ = patch(&mut world, &path, &hourly).expect(200);
    let begin = world.simulation.now();
    _ = post(&mut world, &report("clear"));
    _ = post(&mut world, &report("clear"));
    world.simulation.run_for(minutes(1));
    _ = patch(&mut world, &path, &json!({ "rate_limit": null })).expect(200);
    world.simulation.run_for(minutes(30));
    let last = &arrivals(&world, begin)[3..];
    assert_eq!(last.len(), 2);
    assert!(last[0] == 0 && last[1] <= 1800, "{last:?}");
}

#[test]
fn retries_wait_for_their_turn_and_no_restart_sends_faster() {
    let mut world = World::new();
    world.simulation.network.answers(HOOK, 200);
    _ = created(&mut world, &json!({ "rate_limit": { "limit": 2, "period_seconds": 20 } }));
    for _ in 0..20 {
        _ = post(&mut world, &report("clear"));
    }
    world.simulation.run_for(seconds(35));
    world.simulation.crash(seconds(1));
    world.simulation.run_for(minutes(5));
    let times: Vec<u64> =
        hits(&world).iter().map(|hit| u64::try_from(hit.at.as_millis()).unwrap()).collect();
    assert_eq!(times.len(), 20);
    // After a restart the bucket is full again, and no more than that is there besides.
    for (first, begin) in times.iter().enumerate() {
        let within = times[first..].iter().filter(|at| **at <= begin + 20_000).count();
        assert!(within <= 2 + 2 + 1 + 2, "{within} within 20 s from {first}: {times:?}");
    }
}

#[test]
fn a_rate_has_bounds() {
    let mut world = World::new();
    for (rate, param) in [
        (json!({ "limit": 0, "period_seconds": 60 }), "rate_limit.limit"),
        (json!({ "limit": 1, "period_seconds": 0 }), "rate_limit.period_seconds"),
        (json!({ "limit": 1 }), "rate_limit.period_seconds"),
        (json!(5), "rate_limit"),
    ] {
        let body = json!({ "webhook_url": HOOK, "environment": "test", "rate_limit": rate });
        assert_eq!(world.refused(Call::post("/v1/webhooks", &body)).2, json!(param), "{rate}");
    }
}
