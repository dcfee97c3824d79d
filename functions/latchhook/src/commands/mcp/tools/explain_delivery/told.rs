//! Sentences about a delivery: what became of it, and what to do. All of them are ours; nothing that a
//! receiver or a customer wrote is in one.

use super::{Answered, Attempt, Delivery, Event, ListedDelivery, Output, Row, ShownWebhook};

/// Returns the explanation of a delivery, by the newest rows of its log.
pub(super) fn explained(
    event: &Event,
    delivery: &Delivery,
    webhook: Option<ShownWebhook>,
    rows: &[Row],
    may_resend: bool,
) -> Output {
    let failed = rows.iter().find(|row| row.status == "failed");
    let mut summary = standing(delivery);
    if let Some(cause) = failed.filter(|_| delivery.status != "delivered").and_then(cause) {
        summary = format!("{summary} {cause}");
    }
    if rows.is_empty() && delivery.attempts > 0 {
        summary.push_str(" The log of its attempts is no longer kept.");
    }
    Output {
        summary,
        next_steps: next_steps(event, delivery, webhook.as_ref(), may_resend),
        delivery: Some(ListedDelivery::of(event, delivery)),
        webhook: webhook.map(Into::into),
        attempts: rows.iter().map(Attempt::of).collect(),
        receiver_answered: failed.and_then(Answered::of),
    }
}

/// Returns the explanation where there is no such delivery.
pub(super) fn without_delivery(event: &Event, webhook: Option<&str>) -> Output {
    let (summary, next) = match webhook {
        Some(webhook) => (
            format!("{} was not meant for {webhook}.", event.id),
            "Its webhook was not there, did not subscribe to the type, or its filter did not match when the \
             event was accepted; it can't be sent to it any more. find_deliveries shows those it was meant for.",
        ),
        None => (
            format!("{} was meant for no webhook.", event.id),
            "No webhook of the account subscribed to its type in that environment, or no filter matched, when \
             it was accepted. Tell the person; a webhook that is added now gets later events only.",
        ),
    };
    Output {
        summary,
        next_steps: vec![next.to_owned()],
        delivery: None,
        webhook: None,
        attempts: vec![],
        receiver_answered: None,
    }
}

fn standing(delivery: &Delivery) -> String {
    let attempts = match delivery.attempts {
        1 => "1 attempt".to_owned(),
        count => format!("{count} attempts"),
    };
    match delivery.status.as_str() {
        "pending" => "No attempt was recorded yet; the first one is due.".to_owned(),
        "retrying" => format!("{attempts} failed, and another one follows by itself."),
        "delivered" => format!("It was delivered, after {attempts}."),
        "exhausted" => format!("It was given up: {attempts} failed, and none follows."),
        _ => format!("It was cancelled after {attempts}."),
    }
}

/// Returns what the newest failure means.
fn cause(row: &Row) -> Option<String> {
    let code = row.error.as_ref().map_or("bad_status", |fault| fault.code.as_str());
    match code {
        "secrets_unavailable" => Some(
            "Latchhook could not read the webhook's secrets. The operator has to look.".to_owned(),
        ),
        "ambiguous_object" => {
            Some("The event's object can be read in two ways, so it is not sent.".to_owned())
        }
        _ => dashboard::what_to_check(row.response_status, code),
    }
}

fn next_steps(
    event: &Event,
    delivery: &Delivery,
    webhook: Option<&ShownWebhook>,
    may_resend: bool,
) -> Vec<String> {
    let (event, to) = (&event.id, &delivery.webhook_id);
    let again = if may_resend {
        format!("If the person agrees, resend_delivery with event {event} and webhook {to}.")
    } else {
        format!("A person sends it again by `latchhook events resend {event} {to}`.")
    };
    let Some(webhook) = webhook else {
        return vec!["The webhook was deleted; nothing can be sent to it any more.".to_owned()];
    };
    if webhook.status == "disabled" && delivery.status != "delivered" {
        return vec![format!(
            "The webhook is disabled. Once its receiver works, a person enables it by `latchhook webhooks \
             update {to} --status enabled`, and sends what it missed by `latchhook webhooks recover {to} \
             --since …`."
        )];
    }
    let mended = "Once the receiver is mended, it can be sent again at once.".to_owned();
    match delivery.status.as_str() {
        "delivered" => vec![
            "The receiver answered with a 2xx. If something is still missing there, its own processing \
             failed after that: tell whoever runs it."
                .to_owned(),
        ],
        "pending" => vec!["Call explain_delivery again in a minute.".to_owned()],
        "retrying" => vec!["Tell whoever runs the receiver why it fails.".to_owned(), mended, again],
        _ => vec!["Tell whoever runs the receiver why it failed.".to_owned(), mended, again],
    }
}
