//! Limits of Amazon SNS.

use std::sync::Arc;

use domain::{
    delivery::{Failure, FailureCode},
    signing,
    webhook::{MOST_SIGNING_SECRETS, Webhook},
};
use ports::sender::Outgoing;

use super::{event::AcceptedEvent, payload};
use crate::problem::{Code, Problem};

/// Maximum size of a message in bytes, including the names, types and values of its attributes
/// (Amazon SNS API reference, `Publish`).
const MOST: usize = 256 * 1024;
/// Upper bound for everything in a body but its object.
const ENVELOPE: usize = 64 * 1024;
/// Type of every attribute.
const TYPE: &str = "String";
/// Length of the longest Unix time in seconds, for millennia.
const LONGEST_TIME: usize = 12;

/// Checks a delivery that is to be published against the limits of SNS.
///
/// # Errors
/// [`FailureCode::TooLarge`].
pub(super) fn check(outgoing: &Outgoing) -> Result<(), Failure> {
    let headers = outgoing.headers.iter().map(|(name, value)| attribute(name, value.len()));
    let size =
        outgoing.body.len() + headers.sum::<usize>() + attribute("type", outgoing.event_type.len());
    if size <= MOST {
        return Ok(());
    }
    let message = format!(
        "The message has {size} bytes, its attributes included, and SNS takes {MOST}. Without \
         include_object it has fewer."
    );
    Err(Failure { code: FailureCode::TooLarge, message })
}

/// Checks an event against the limits of SNS for those of `webhooks` that publish there. As long as
/// the webhooks stay as they are, apart from rotated secrets, none of the event's deliveries fails
/// for its size.
///
/// # Errors
/// [`Code::PayloadTooLarge`] for the first webhook that the event is too large for.
pub(crate) fn check_event(event: &AcceptedEvent, webhooks: &[Arc<Webhook>]) -> Result<(), Problem> {
    if event.object.get().len() + ENVELOPE <= MOST {
        return Ok(());
    }
    let whole_to_sns = |webhook: &&Arc<Webhook>| {
        webhook.is_enabled() && webhook.include_object && webhook.endpoint.is_sns()
    };
    for webhook in webhooks.iter().filter(whole_to_sns) {
        let body = payload::body(event, &webhook.endpoint.url, true)
            .map_err(|_| Problem::invalid("data.object", "must not be ambiguous"))?;
        let size = body.len() + largest_attributes(event);
        if size > MOST {
            let what = format!(
                "makes a message of {size} bytes for webhook {}, and SNS takes {MOST}: post a \
                 smaller one, or turn that webhook's include_object off",
                webhook.id
            );
            return Err(Code::PayloadTooLarge.of_which("data.object", what));
        }
    }
    Ok(())
}

/// Returns the size of the attributes when the maximum number of secrets sign.
fn largest_attributes(event: &AcceptedEvent) -> usize {
    let signatures = MOST_SIGNING_SECRETS * (signing::SIGNATURE_LEN + 1);
    attribute(signing::ID_HEADER, event.id.to_string().len())
        + attribute(signing::TIMESTAMP_HEADER, LONGEST_TIME)
        + attribute(signing::SIGNATURE_HEADER, signatures)
        + attribute("type", event.event_type.as_str().len())
}

const fn attribute(name: &str, value: usize) -> usize {
    name.len() + TYPE.len() + value
}
