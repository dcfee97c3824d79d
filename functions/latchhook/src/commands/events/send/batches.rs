//! Events that are posted a hundred at a time.

use http::Method;

use super::told;
use crate::{
    client::{Call, Client, Document},
    context::Context,
    failure::Failure,
};

/// Most events in one request, and most bytes of them: the limits of the API, less what is around
/// them.
const MOST: (usize, usize) = (100, 1024 * 1024 - 1024);

/// Posts `events`, and prints them.
///
/// # Errors
/// [`Failure`], when the server does not accept one of them: those of its hundred are not accepted.
pub(super) async fn run(
    client: &Client,
    context: &Context,
    json: bool,
    events: &[String],
) -> Result<(), Failure> {
    let mut sent = 0;
    for some in batches(events) {
        let body = format!("{{\"events\":[{}]}}", some.join(","));
        let answer = client.ask(Method::POST, "/v1/events/batch", Call::text(body)).await;
        let accepted = answer.map_err(|why| {
            let (first, last) = (sent + 1, sent + some.len());
            let what = format!("events {first} to {last} of {} were not accepted", events.len());
            Failure::from(why).during(&what)
        })?;
        sent += some.len();
        let data = accepted.fields().into_iter().find(|(name, _)| name == "data");
        let all: Option<Vec<Document>> =
            data.and_then(|(_, data)| serde_json::from_str(data.get()).ok());
        for event in all.unwrap_or_default() {
            told(context, json, &event)?;
        }
    }
    Ok(())
}

/// Parts `events` into those of one request each.
fn batches(events: &[String]) -> Vec<&[String]> {
    let (mut parts, mut from, mut size) = (Vec::new(), 0, 0);
    for (place, event) in events.iter().enumerate() {
        let long = event.len() + 1;
        if place - from == MOST.0 || (place > from && size + long > MOST.1) {
            parts.push(&events[from..place]);
            (from, size) = (place, 0);
        }
        size += long;
    }
    parts.push(&events[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_at_most_a_hundred_events_and_a_mebibyte() {
        let lengths = |events: &[String]| -> Vec<usize> {
            batches(events).iter().map(|some| some.len()).collect()
        };
        assert_eq!(lengths(&vec!["{}".to_owned(); 250]), [100, 100, 50]);
        assert_eq!(lengths(&vec!["{}".to_owned(); 100]), [100]);
        let large = "x".repeat(400_000);
        assert_eq!(lengths(&[large.clone(), large.clone(), large, "{}".to_owned()]), [2, 2]);
    }
}
