use app::resealing::Tally;
use embedded::SystemIds;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Returns a ring that was rotated at noon.
fn rotated() -> KeyRing {
    let ids = SystemIds::new();
    let mut ring = KeyRing::generate(&ids);
    ring.rotate(&ids, at("2026-01-31T12:00:00Z")).unwrap();
    ring
}

fn usage(older: u64) -> Usage {
    Usage {
        data_keys: Tally { older: 0, all: 3 },
        api_keys: Tally { older, all: 7 },
        webhooks: Tally { older: 0, all: 2 },
        closed: Tally { older: 1, all: 1 },
    }
}

fn refusal(ring: &KeyRing, older: u64, end_sessions: bool, now: &str) -> Option<String> {
    check(ring, usage(older), end_sessions, at(now)).err().map(|why| why.to_string())
}

#[test]
fn the_old_key_is_retired_only_when_nothing_is_lost() {
    let (ring, day_after) = (rotated(), "2026-02-01T12:00:00Z");
    assert_eq!(refusal(&ring, 0, false, day_after), None, "closed accounts' keys don't count");
    let said = |older, end_sessions, now| refusal(&ring, older, end_sessions, now).unwrap();
    assert_eq!(
        said(2, true, day_after),
        "retiring: 2 of 7 API keys are under the old pepper: see `latchhook key-ring status`"
    );
    let early = "2026-02-01T11:59:59Z";
    assert!(said(0, false, early).contains("until 2026-02-01T12:00:00.000Z"));
    assert_eq!(refusal(&ring, 0, true, early), None);
    assert!(said(0, true, "2026-01-31T11:59:59Z").contains("not yet"));
    let once = KeyRing::generate(&SystemIds::new());
    assert!(refusal(&once, 0, true, day_after).unwrap().contains("no old key"));
}

#[test]
fn the_report_says_what_is_left_to_do() {
    let report = |older, now| Report::of(&rotated(), usage(older), at(now));
    assert_eq!(
        report(2, "2026-01-31T13:00:00Z").lines(),
        [
            "the new key and pepper are used since 2026-01-31T12:00:00.000Z",
            "2 of 7 API keys are under the old pepper",
            "1 API keys of closed accounts are under the old pepper, and stay so: without it they \
             are unknown",
            "portal sessions and kept answers may be under the old pepper until \
             2026-02-01T12:00:00.000Z",
        ]
    );
    let last = report(0, "2026-02-01T12:00:00Z").lines();
    assert!(last.last().unwrap().contains("`latchhook key-ring retire`"));
    assert!(report(0, "2026-01-31T11:00:00Z").lines()[0].contains("are used from"));
    let once = Report::of(&KeyRing::generate(&SystemIds::new()), usage(0), Timestamp::MAX);
    assert_eq!(
        once.lines(),
        ["the ring has one key and one pepper, for 3 data keys, 8 API keys and 2 webhooks"]
    );
}
