//! A backend that spreads busy lists over partitions: they are what they were.

use latchhook_simulation::{Simulation, seconds};
use serde_json::Value;

const URL: &str = "https://ada.example/hooks";
const LISTS: [&str; 4] = [
    "/v1/events?environment=test&per_page=3",
    "/v1/events?environment=test&order=asc&per_page=3",
    "/v1/logs?kind=webhook_delivery&per_page=3",
    "/v1/logs?status=failed&per_page=3",
];

fn ids(simulation: &mut Simulation, account: &str, path: &str) -> Vec<String> {
    let rows = simulation.list(account, path);
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Rows that were stored before, or come from a backend without such a limit, are listed with new ones.
#[test]
fn what_was_stored_before_lists_were_spread_is_found_and_goes_on() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL).id;
    simulation.network.answers(URL, 500);
    let post = |simulation: &mut Simulation| {
        for _ in 0..8 {
            simulation.post_event(&account);
            simulation.run_for(seconds(1));
        }
    };
    post(&mut simulation);
    let before = LISTS.map(|path| ids(&mut simulation, &account, path));
    simulation.faults.split_commits();
    assert_eq!(LISTS.map(|path| ids(&mut simulation, &account, path)), before);
    post(&mut simulation);
    simulation.network.answers(URL, 200);
    simulation.run_for(seconds(120));
    for (path, before) in LISTS.iter().zip(before) {
        let mut now = ids(&mut simulation, &account, path);
        assert!(now.len() >= 16 && before.iter().all(|id| now.contains(id)), "{path}: {now:?}");
        if !path.contains("asc") {
            now.reverse();
        }
        assert!(now.is_sorted(), "{path}: {now:?}");
    }
    let logs = simulation.list(&account, &format!("/v1/logs?webhook_id={webhook}&per_page=100"));
    assert_eq!(logs.len(), 32);
    for row in logs {
        let path = format!("/v1/logs/{}", row["id"].as_str().unwrap());
        assert_eq!(simulation.show(&account, &path), row);
    }
    for event in simulation.list(&account, LISTS[0]) {
        let path = format!("/v1/events/{}", event["id"].as_str().unwrap());
        assert_eq!(simulation.show(&account, &path)["deliveries"][0]["status"], "delivered");
        let rows = format!("/v1/logs?event_id={}", event["id"].as_str().unwrap());
        assert_eq!(simulation.list(&account, &rows).len(), 2);
    }
    let stats = simulation.show(&account, "/v1/delivery_stats?buckets=1");
    let attempts = |bucket: &Value| bucket["attempts"].as_u64().unwrap();
    assert_eq!(stats["buckets"].as_array().unwrap().iter().map(attempts).sum::<u64>(), 32);
}
