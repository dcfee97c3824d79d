//! Lists: newest first, and the same by any size of page.

use super::text;
use crate::life::Life;

/// Lists of a customer.
const LISTS: [&str; 5] = [
    "/v1/events?environment=test",
    "/v1/webhooks?environment=test",
    "/v1/api_keys?environment=test&include_expired=true",
    "/v1/logs?kind=webhook_delivery",
    "/v1/audit_events?type=webhook.created",
];

/// Asserts that each list is in order, has no row twice, and is the same by small and large pages.
pub(super) fn are_whole_and_in_order(life: &mut Life, customer: usize) {
    for list in LISTS {
        let large = life.list(customer, &format!("{list}&per_page=100"));
        let times: Vec<String> = large.iter().map(|row| text(&row["created_at"])).collect();
        let newest_first = times.is_sorted_by(|newer, older| newer >= older);
        // An identifier is drawn at the first try, and the time of creation is that of the last.
        assert!(newest_first || !life.is_calm, "{list} is not newest first: {times:?}");
        let ids: Vec<String> = large.iter().map(|row| text(&row["id"])).collect();
        let in_order = ids.is_sorted_by(|newer, older| newer > older);
        assert!(in_order, "{list} is not in order: {ids:?}");
        let small = life.list(customer, &format!("{list}&per_page=7"));
        let by_small: Vec<String> = small.iter().map(|row| text(&row["id"])).collect();
        assert_eq!(ids, by_small, "{list} differs by the size of its pages");
    }
}
