//! Timeline of a delivery: the attempts that were made, and those that are scheduled.

use std::time::Duration;

use domain::{Timestamp, delivery::LONGEST_OF_TESTS};

use crate::{
    client::{
        Client, Refusal,
        resources::{Attempt, Delivery, Event, List, RetrySchedule, Webhook},
    },
    html::Failure,
    session::Portal,
};

/// Largest number of an event's deliveries that are shown: each takes a request of its webhook, and a card.
const MOST_SHOWN: usize = 50;
/// Number of scheduled attempts that are listed one by one.
const TOLD: usize = 3;
/// Tolerance when a due time is matched with a slot of the schedule.
const CLOSE: Duration = Duration::from_secs(2);

/// Attempts of a delivery, made and scheduled.
pub(crate) struct Timeline {
    pub(crate) webhook_id: String,
    pub(crate) webhook_url: Option<String>,
    pub(crate) delivery: Delivery,
    /// Attempts that were made, oldest first.
    pub(crate) made: Vec<Attempt>,
    /// Times of the next attempts.
    pub(crate) coming: Vec<Timestamp>,
    /// Number of attempts after those, and the time of the last.
    pub(crate) rest: Option<(usize, Timestamp)>,
}

/// Timelines of an event's deliveries.
pub(crate) struct Timelines {
    pub(crate) shown: Vec<Timeline>,
    /// Number of deliveries beyond those.
    pub(crate) hidden: usize,
    /// Webhooks that those are to, without deleted ones.
    pub(crate) webhooks: Vec<Webhook>,
}

/// Reads the timelines of an event's deliveries, or of the first of very many.
///
/// # Errors
/// The API's error answer.
pub(crate) async fn of(
    Portal { api, terms, .. }: &Portal,
    event: &mut Event,
) -> Result<Timelines, Failure> {
    let hidden = event.deliveries.len().saturating_sub(MOST_SHOWN);
    event.deliveries.truncate(MOST_SHOWN);
    let knows = terms.reads_webhooks();
    let unknown = RetrySchedule { offsets_ms: vec![] };
    let schedule = if knows { api.get("/v1/retry_schedule").await? } else { unknown };
    let path = format!("/v1/logs?kind=webhook_delivery&event_id={}&per_page=100", event.id);
    let mut attempts: List<Attempt> = api.get(&path).await?;
    attempts.data.reverse();
    let webhooks = if knows { webhooks(api, event).await? } else { vec![] };
    let mut shown = Vec::new();
    for delivery in std::mem::take(&mut event.deliveries) {
        let (made, others) =
            attempts.data.into_iter().partition(|made| made.webhook_id == delivery.webhook_id);
        attempts.data = others;
        let url = webhooks.iter().find(|webhook| webhook.id == delivery.webhook_id);
        let url = url.map(|webhook| webhook.webhook_url.clone());
        shown.push(Timeline::new(delivery, made, url, &schedule));
    }
    Ok(Timelines { shown, hidden, webhooks })
}

/// Reads the webhooks that the event is meant for, without deleted ones.
async fn webhooks(api: &Client, event: &Event) -> Result<Vec<Webhook>, Refusal> {
    let mut webhooks = Vec::new();
    for delivery in &event.deliveries {
        match api.get(&format!("/v1/webhooks/{}", delivery.webhook_id)).await {
            Ok(webhook) => webhooks.push(webhook),
            Err(refusal) if refusal.code == "not_found" => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(webhooks)
}

impl Timeline {
    fn new(
        delivery: Delivery,
        made: Vec<Attempt>,
        webhook_url: Option<String>,
        schedule: &RetrySchedule,
    ) -> Self {
        let url_then = || made.last().map(|attempt| attempt.webhook_url.clone());
        let webhook_url = webhook_url.or_else(url_then);
        let mut due: Vec<Timestamp> = Vec::new();
        if let Some(next) = delivery.next_attempt_at.filter(|_| delivery.is_open()) {
            due.push(next);
            due.extend(following(&made, next, schedule));
        }
        let rest = due.split_off(due.len().min(TOLD));
        let rest = rest.last().map(|last| (rest.len(), *last));
        let webhook_id = delivery.webhook_id.clone();
        Self { webhook_id, webhook_url, delivery, made, coming: due, rest }
    }

    /// Returns whether the timeline can change by itself: the delivery is still open.
    pub(crate) fn is_open(&self) -> bool {
        self.delivery.is_open()
    }
}

/// Due times of the attempts after `next`. The schedule counts from the first attempt of a run, so
/// that is found first: the attempt for which `next` is one of the slots.
fn following(made: &[Attempt], next: Timestamp, schedule: &RetrySchedule) -> Vec<Timestamp> {
    let due_from = |first: Timestamp| {
        schedule.offsets_ms.iter().map(move |offset| first.plus(Duration::from_millis(*offset)))
    };
    let is_next = |due: Timestamp| due.since(next).max(next.since(due)) < CLOSE;
    let scheduled = || made.iter().filter(|attempt| attempt.trigger != "resend");
    let first = scheduled()
        .map(|attempt| attempt.created_at)
        .find(|at| due_from(*at).any(is_next))
        .or_else(|| scheduled().next().map(|attempt| attempt.created_at))
        .unwrap_or(next);
    // A test event is retried for a few minutes only.
    let is_test = made.first().is_some_and(|attempt| attempt.trigger == "ping");
    let end = if is_test { first.plus(LONGEST_OF_TESTS) } else { Timestamp::MAX };
    due_from(first).filter(|due| *due > next.plus(CLOSE) && *due <= end).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attempt(at: &str, trigger: &str) -> Attempt {
        serde_json::from_value(json!({
            "id": "log_1", "created_at": at, "environment": "test", "event_id": "evt_1",
            "event_type": "a.b", "webhook_id": "wh_1", "webhook_url": "https://a.example/",
            "attempt": 1, "trigger": trigger, "status": "failed", "response_status": 503,
            "error": null, "duration_ms": 3, "next_attempt_at": null,
            "request": {"headers": {}, "body": null}, "response": null,
        }))
        .unwrap()
    }

    fn delivery(next: &str) -> Delivery {
        serde_json::from_value(json!({
            "webhook_id": "wh_1", "status": "retrying", "attempts": 2, "next_attempt_at": next,
        }))
        .unwrap()
    }

    fn timeline(made: Vec<Attempt>, next: &str) -> Timeline {
        let offsets_ms = (1..=10).map(|minute| minute * 60_000).collect();
        Timeline::new(delivery(next), made, None, &RetrySchedule { offsets_ms })
    }

    #[test]
    fn what_comes_hangs_on_the_first_attempt_and_ends_with_the_schedule() {
        let made = vec![
            attempt("2026-01-31T09:00:00.100Z", "schedule"),
            attempt("2026-01-31T09:00:30.000Z", "resend"),
            attempt("2026-01-31T09:01:00.200Z", "schedule"),
        ];
        let timeline = timeline(made, "2026-01-31T09:02:00.100Z");
        let coming: Vec<_> =
            timeline.coming.iter().map(|at| at.to_string()[14..19].to_owned()).collect();
        assert_eq!(coming, ["02:00", "03:00", "04:00"]);
        let (more, last) = timeline.rest.unwrap();
        assert_eq!((more, last.to_string().as_str()), (6, "2026-01-31T09:10:00.100Z"));
    }

    #[test]
    fn nothing_comes_for_a_test_event_after_ten_minutes() {
        let made = vec![attempt("2026-01-31T09:00:00.000Z", "ping")];
        let offsets_ms = vec![60_000, 600_000, 3_600_000];
        let next = delivery("2026-01-31T09:01:00.000Z");
        let timeline = Timeline::new(next, made, None, &RetrySchedule { offsets_ms });
        let coming: Vec<_> = timeline.coming.iter().map(ToString::to_string).collect();
        assert_eq!(coming, ["2026-01-31T09:01:00.000Z", "2026-01-31T09:10:00.000Z"]);
    }

    #[test]
    fn a_recovered_delivery_hangs_on_its_own_first_attempt() {
        let made = vec![
            attempt("2026-01-30T09:00:00.000Z", "schedule"),
            attempt("2026-01-31T12:00:30.000Z", "recover"),
        ];
        let timeline = timeline(made, "2026-01-31T12:01:30.000Z");
        assert_eq!(timeline.coming[1].to_string(), "2026-01-31T12:02:30.000Z");
        assert_eq!(timeline.rest.unwrap().0, 7);
    }
}
