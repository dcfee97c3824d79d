//! Cursors, valid only for the list that issued them.

use serde_json::{Value, json};
use simulation::{Call, seconds};

use crate::world::World;

/// World with three pages of events, and the cursor to the second.
fn with_cursor() -> (World, String) {
    let mut world = World::new();
    for _ in 0..5 {
        world.simulation.post_event(&world.account);
        world.simulation.run_for(seconds(1));
    }
    let page = world.simulation.show(&world.account, "/v1/events?per_page=2&type=report.completed");
    let next = page["next_href"].as_str().unwrap().to_owned();
    (world, next.rsplit_once("cursor=").unwrap().1.to_owned())
}

#[test]
fn a_cursor_of_another_list_or_filter_is_refused() {
    let (mut world, cursor) = with_cursor();
    for path in [
        "/v1/webhooks?",
        "/v1/events?",
        "/v1/events?type=report.created&",
        "/v1/events?type=report.completed&environment=test&",
        "/v1/logs?",
        "/v1/audit_events?type=report.completed&",
    ] {
        let refused = world.refused(Call::get(&format!("{path}cursor={cursor}")));
        assert_eq!(refused, (400, "invalid_cursor".to_owned(), json!("cursor")), "{path}");
    }
    // Another page size or order of filters is still the same list.
    let path = format!("/v1/events?cursor={cursor}&per_page=1&type=report.completed");
    assert_eq!(world.simulation.show(&world.account, &path)["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_cursor_that_was_made_up_or_changed_is_refused() {
    let (mut world, cursor) = with_cursor();
    let shortened = &cursor[..8];
    let flipped = format!("{}{}", if cursor.starts_with('A') { "B" } else { "A" }, &cursor[1..]);
    for wrong in ["", "x", "evt_01jgz2v6nv6e0w5dj3c5rqm8ta", "%00", shortened, &flipped] {
        let path = format!("/v1/events?type=report.completed&cursor={wrong}");
        let refused = world.refused(Call::get(&path));
        assert_eq!(refused, (400, "invalid_cursor".to_owned(), json!("cursor")), "{wrong}");
    }
}

#[test]
fn a_page_has_1_to_100_rows() {
    let mut world = World::new();
    for wrong in ["0", "101", "-1", "many", "", "1.5"] {
        let refused = world.refused(Call::get(&format!("/v1/events?per_page={wrong}")));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("per_page")), "{wrong}");
    }
}

#[test]
fn a_cursor_gives_no_access_to_another_account() {
    let (mut world, cursor) = with_cursor();
    let other = world.simulation.open_account();
    let path = format!("/v1/events?type=report.completed&cursor={cursor}");
    let page = world.simulation.show(&other, &path);
    assert_eq!((&page["data"], &page["next_href"]), (&json!([]), &Value::Null));
}
