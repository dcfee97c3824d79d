//! Short loads: what has to hold of the product's units, pauses and settings. docs/SCALE.md has the long ones.

use latchhook_capacity::{Figures, Load, MINUTE, Outage, Receiver, Run, SECOND, Stack};

fn run(load: Load, stack: Stack) -> Figures {
    Run::new(Load { goes_on: MINUTE, ..load }, stack).figures()
}

fn of_ten_thousand(events: f64) -> Load {
    Load::steady(10_000, events, 5 * SECOND)
}

#[test]
fn twenty_thousand_events_a_second_fill_no_partition() {
    let figures = run(of_ten_thousand(20_000.0), Stack::raised());
    assert!(figures.accepted > 95_000, "{figures:?}");
    assert_eq!((figures.refused, figures.throttles(), figures.unattempted()), (0, 0, 0));
    assert!(figures.others.per_mille(990) < SECOND, "{:?}", figures.others.per_mille(990));
}

#[test]
fn two_thousand_events_a_second_of_one_account_fill_no_partition() {
    let load = Load { largest: 2000.0, ..of_ten_thousand(100.0) };
    let figures = run(load, Stack::raised());
    assert_eq!((figures.refused, figures.throttles(), figures.unattempted()), (0, 0, 0));
    assert!(figures.largest.per_mille(990) < SECOND && figures.largest.number() > 19_000);
}

#[test]
fn four_times_that_of_one_account_fill_its_partitions() {
    let load = Load { largest: 8000.0, ..of_ten_thousand(100.0) };
    let figures = run(load, Stack::raised());
    let full: Vec<&str> = figures.throttled.keys().map(String::as_str).collect();
    assert!(full.contains(&"views {acct}/webhooks/test"), "{full:?}");
    assert!(!full.contains(&"the table's quota"), "{full:?}");
}

#[test]
fn a_tables_usual_quota_throttles_twenty_thousand_events_a_second_and_none_is_lost() {
    let figures = run(of_ten_thousand(20_000.0), Stack::usual());
    assert!(figures.throttled["the table's quota"] > 100_000, "{figures:?}");
    assert_eq!(figures.throttled.len(), 1, "{:?}", figures.throttled);
    assert_eq!(figures.given_up, 0);
    assert!(figures.refused > 0 && figures.again + figures.unread > 0, "{figures:?}");
}

#[test]
fn a_new_table_throttles_what_it_has_not_grown_to() {
    let figures = run(of_ten_thousand(2000.0), Stack::raised().new_tables());
    assert!(figures.throttled["the table's growth"] > 0, "{:?}", figures.throttled);
}

#[test]
fn a_silent_receiver_delays_only_its_own_account() {
    let stack = Stack { first: 20, ..Stack::raised() };
    let silent =
        Outage { from: 0, until: MINUTE, every: 0, both: true, receiver: Receiver::Silent };
    let load =
        Load { largest: 50.0, outages: vec![silent], ..Load::steady(10_000, 100.0, 30 * SECOND) };
    let figures = run(load, stack);
    assert!(figures.largest.late() > 100, "{figures:?}");
    assert!(figures.others.per_mille(500) < 5 * SECOND, "{:?}", figures.others.per_mille(500));
}
