//! Retry of the rows that are ticked in the log of deliveries: one more attempt of each delivery, now.

use std::collections::BTreeSet;

use axum::{Router, routing::post};
use domain::Timestamp;
use serde_json::{Value, json};

use super::logs;
use crate::{
    client::{Refusal, encoded},
    html::{Shown, told},
    session::{Fields, Form, Portal},
    state::Page,
};

/// Largest number of deliveries that are sent again by one form: two seconds' work at the pace of a
/// recovery.
const MOST: usize = 100;

/// Delivery that a row is about: its event and its webhook.
type Delivery<'a> = (&'a str, &'a str);

/// Adds the route of the form.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/logs/again", post(again))
}

async fn again(form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let ticked = ticked(&fields);
    let sent = match ticked.len() {
        0 => Err(Refusal::of("row", &portal.say().forms.tick_some())),
        count if count > MOST => Err(Refusal::of("row", &portal.say().forms.tick_fewer(MOST))),
        _ => send(&portal, &ticked).await,
    };
    match sent {
        Ok(sent) => Ok(told(&attempts(&ticked, sent, portal.now), "again")),
        Err(refusal) => logs::refused(&portal, &fields, refusal).await,
    }
}

/// Deliveries that are ticked, each once: a delivery has a row for every attempt.
fn ticked(fields: &Fields) -> BTreeSet<Delivery<'_>> {
    fields.all("row").into_iter().filter_map(|row| row.split_once(' ')).collect()
}

/// Asks for one more attempt of each; returns how many were granted.
///
/// # Errors
/// The API's first error answer, if none was.
async fn send(portal: &Portal, ticked: &BTreeSet<Delivery<'_>>) -> Result<usize, Refusal> {
    let (mut sent, mut refused) = (0, None);
    for (event, webhook) in ticked {
        let path = format!("/v1/events/{}/resend", encoded(event));
        match portal.api.post::<Value>(&path, &json!({ "webhook_id": webhook })).await {
            Ok(_) => sent += 1,
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    refused.filter(|_| sent == 0).map_or(Ok(sent), Err)
}

/// Address of the log from now on, live, which shows the attempts as they are made.
fn attempts(ticked: &BTreeSet<Delivery<'_>>, sent: usize, now: Timestamp) -> String {
    let webhooks: BTreeSet<&str> = ticked.iter().map(|(_, webhook)| *webhook).collect();
    let mut query = vec![("kind", "webhook_delivery".to_owned()), ("since", now.to_string())];
    if let [webhook] = webhooks.into_iter().collect::<Vec<_>>()[..] {
        query.push(("webhook_id", webhook.to_owned()));
    }
    query.push(("live", "1".to_owned()));
    query.push(("sent", sent.to_string()));
    query.push(("left", (ticked.len() - sent).to_string()));
    let query: Vec<(&str, &str)> =
        query.iter().map(|(name, text)| (*name, text.as_str())).collect();
    format!("/dashboard/logs?{}", Fields::default().query(&[], &query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_sent_again_once_however_many_of_its_rows_are_ticked() {
        let fields = Fields::parse(b"row=evt_1+wh_1&row=evt_1+wh_1&row=evt_2+wh_1&row=nonsense");
        let ticked = ticked(&fields);
        assert_eq!(
            ticked.iter().copied().collect::<Vec<_>>(),
            [("evt_1", "wh_1"), ("evt_2", "wh_1")]
        );
        let expected = "/dashboard/logs?kind=webhook_delivery&since=1970-01-01T00%3A00%3A00.000Z\
                        &webhook_id=wh_1&live=1&sent=1&left=1";
        assert_eq!(attempts(&ticked, 1, Timestamp::EPOCH), expected);
    }
}
