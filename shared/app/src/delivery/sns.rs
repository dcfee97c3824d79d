//! Limits of Amazon SNS.

use std::sync::Arc;

use domain::{
    Envelope,
    delivery::{Failure, FailureCode},
    envelope::HeaderNames,
    signing::Signing,
    webhook::{MOST_SIGNING_SECRETS, Webhook},
};
use ports::sender::Outgoing;

use super::{
    event::AcceptedEvent,
    payload::{self, Layout},
};
use crate::problem::{Code, Problem};

/// Maximum size of a message in bytes, including the names, types and values of its attributes
/// (Amazon SNS API reference, `Publish`).
const MOST: usize = 256 * 1024;
/// Upper bound for everything in a body but its data, and for the attributes.
const AROUND: usize = 64 * 1024;
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
pub(crate) fn check_event(
    envelope: &Envelope,
    event: &AcceptedEvent,
    webhooks: &[Arc<Webhook>],
) -> Result<(), Problem> {
    if event.data.get().len() + AROUND <= MOST {
        return Ok(());
    }
    let format = envelope.format;
    let (field, advice) = if format.needs_object() {
        ("data.object", "post a smaller one, or turn that webhook's include_object off")
    } else {
        ("data", "post less")
    };
    let whole_to_sns = |webhook: &&Arc<Webhook>| {
        let is_whole = webhook.include_object || !format.needs_object();
        webhook.is_enabled() && is_whole && webhook.endpoint.is_sns()
    };
    for webhook in webhooks.iter().filter(whole_to_sns) {
        let layout = Layout { format, include_object: true };
        let body = payload::body(event, &webhook.endpoint.url, layout)
            .map_err(|_| Problem::invalid(field, "must not be ambiguous"))?;
        let size = body.len() + largest_attributes(envelope, event, webhook.signing());
        if size > MOST {
            let what = format!(
                "makes a message of {size} bytes for webhook {}, and SNS takes {MOST}: {advice}",
                webhook.id
            );
            return Err(Code::PayloadTooLarge.of_which(field, what));
        }
    }
    Ok(())
}

/// Returns the size of the attributes when the maximum number of secrets sign.
fn largest_attributes(envelope: &Envelope, event: &AcceptedEvent, signing: Signing) -> usize {
    let signatures = MOST_SIGNING_SECRETS * (signing.signature_len() + 1);
    let of_set = |names: &HeaderNames| {
        attribute(&names.id, event.id.to_string().len())
            + attribute(&names.timestamp, LONGEST_TIME)
            + attribute(&names.signature, signatures)
    };
    let sets = envelope.signature_headers.sets().iter();
    sets.map(of_set).sum::<usize>() + attribute("type", event.event_type.as_str().len())
}

const fn attribute(name: &str, value: usize) -> usize {
    name.len() + TYPE.len() + value
}
