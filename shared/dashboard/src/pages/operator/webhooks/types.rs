//! Tick boxes of the event types that an operational webhook is told of.

use std::borrow::Cow;

use domain::OperationalEvent;

use crate::{session::Fields, words::OperationalWords};

/// Subscription to every type.
const ALL: &str = "*";

/// Tick box of a subscription.
pub(super) struct Choice<'a> {
    pub(super) name: String,
    /// Sentence that says when such an event is told.
    pub(super) what: Cow<'a, str>,
    pub(super) is_chosen: bool,
}

/// Returns a tick box for each type, ahead of them one for all, and behind them those that are `chosen`
/// and that only the API offers.
pub(super) fn choices<'a>(chosen: &[String], say: &'a OperationalWords) -> Vec<Choice<'a>> {
    let types = OperationalEvent::ALL.iter().map(|kind| (kind.as_str(), what(*kind, say)));
    let offered = std::iter::once((ALL, say.what_all())).chain(types);
    let mut choices: Vec<Choice<'a>> = offered
        .map(|(name, what)| {
            let is_chosen = chosen.iter().any(|chosen| chosen == name);
            Choice { name: name.to_owned(), what, is_chosen }
        })
        .collect();
    for name in chosen {
        if choices.iter().all(|choice| choice.name != *name) {
            choices.push(Choice { name: name.clone(), what: say.what_other(), is_chosen: true });
        }
    }
    choices
}

fn what(kind: OperationalEvent, say: &OperationalWords) -> Cow<'_, str> {
    match kind {
        OperationalEvent::WebhookFailing => say.what_webhook_failing(),
        OperationalEvent::WebhookDisabled => say.what_webhook_disabled(),
        OperationalEvent::DeliveryExhausted => say.what_delivery_exhausted(),
        OperationalEvent::ApiKeyCreated => say.what_api_key_created(),
        OperationalEvent::ApiKeyExpiring => say.what_api_key_expiring(),
        OperationalEvent::AccountCreated => say.what_account_created(),
        OperationalEvent::AccountCredentialed => say.what_account_credentialed(),
        OperationalEvent::AccountClosed => say.what_account_closed(),
    }
}

/// Subscriptions that the form asks for: all of them alone, where that is ticked.
pub(super) fn asked(fields: &Fields) -> Vec<String> {
    let asked = fields.all("event_types");
    if asked.contains(&ALL) {
        return vec![ALL.to_owned()];
    }
    asked.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_that_only_the_api_offers_has_a_box_while_it_is_chosen() {
        let say = OperationalWords::ENGLISH;
        let chosen = ["webhook.*", "account.closed"].map(str::to_owned);
        let choices = choices(&chosen, &say);
        assert_eq!(choices.len(), 1 + OperationalEvent::ALL.len() + 1);
        let ticked = choices.iter().filter(|choice| choice.is_chosen);
        let ticked: Vec<&str> = ticked.map(|choice| choice.name.as_str()).collect();
        assert_eq!(ticked, ["account.closed", "webhook.*"]);
    }

    #[test]
    fn whoever_ticks_all_asks_for_nothing_else() {
        let form = Fields::parse(b"event_types=*&event_types=account.closed");
        assert_eq!(asked(&form), ["*"]);
        let form = Fields::parse(b"event_types=account.closed&event_types=webhook.*");
        assert_eq!(asked(&form), ["account.closed", "webhook.*"]);
    }
}
