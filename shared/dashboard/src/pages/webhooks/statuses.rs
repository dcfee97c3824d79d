//! Statuses of deliveries that a retry can take up.

use std::borrow::Cow;

use crate::words::WebhookWords;

/// Statuses that a retry can take up, by their names in the API.
pub(super) const STATUSES: [&str; 3] = ["retrying", "exhausted", "cancelled"];

/// Statuses that a retry can take up, by their names in the API, and each in words.
pub(super) fn choices(say: &WebhookWords) -> [(&'static str, Cow<'_, str>); 3] {
    let [retrying, exhausted, cancelled] = STATUSES;
    [
        (retrying, say.that_wait()),
        (exhausted, say.that_were_given_up()),
        (cancelled, say.that_were_missed()),
    ]
}
