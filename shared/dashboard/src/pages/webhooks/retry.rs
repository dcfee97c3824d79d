//! Retry of what was not delivered to a webhook: everything, or what is chosen.

use std::{borrow::Cow, time::Duration};

use axum::extract::Path;
use domain::Timestamp;
use serde_json::{Value, json};

use super::{
    change::{Sent, answered},
    own::path,
    progress::{MOST, undelivered},
    statuses::{STATUSES, choices},
};
use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{Recovered, Webhook},
    },
    html::{Section, Shown},
    pages::{
        confirm::{Confirmation, ask, is_sure},
        expiry::instant,
    },
    session::{Fields, Form, Portal},
    words::{FormWords, WebhookWords},
};

/// Number of deliveries from which on a retry is asked for once more.
const MANY: u64 = 100;
/// Periods up to now, by the value of their field.
const PERIODS: [(&str, Duration); 3] = [
    ("hour", Duration::from_hours(1)),
    ("day", Duration::from_hours(24)),
    ("week", Duration::from_hours(7 * 24)),
];

/// Deliveries that a form asks to retry.
struct Wanted {
    since: Timestamp,
    until: Option<Timestamp>,
    include: Vec<&'static str>,
}

impl Wanted {
    /// Reads a form: a period up to now or one with dates, and what it includes.
    fn read(fields: &Fields, now: Timestamp, say: &FormWords) -> Result<Self, Refusal> {
        let mut wrong = vec![];
        let asked = fields.get("period");
        let span = PERIODS.iter().find(|(name, _)| *name == asked).map(|(_, span)| *span);
        let mut until = None;
        let since = match (asked, span) {
            (_, Some(span)) => now.minus(span),
            ("date", _) => {
                if let Some(text) = fields.some("until") {
                    until = instant(text);
                    let wrong_until = || Refusal::of("until", &say.date_or_empty());
                    wrong.extend(until.is_none().then(wrong_until));
                }
                let since = instant(fields.get("since"));
                wrong.extend(since.is_none().then(|| Refusal::of("since", &say.date())));
                since.unwrap_or(now)
            }
            _ => Timestamp::EPOCH,
        };
        let include = fields.all("include");
        let include: Vec<_> = STATUSES.into_iter().filter(|name| include.contains(name)).collect();
        if include.is_empty() {
            wrong.push(Refusal::of("include", &say.retry_some()));
        }
        Refusal::all(wrong)?;
        Ok(Self { since, until, include })
    }

    fn body(&self) -> Value {
        let mut body = json!({ "since": self.since, "include": self.include });
        if let Some(until) = self.until {
            body["until"] = json!(until);
        }
        body
    }

    /// Counts what is asked for.
    async fn count(&self, api: &Client, id: &str) -> Result<Count, Refusal> {
        let until = self.until.map(|until| format!("&until={until}")).unwrap_or_default();
        let period = format!("&since={}{until}", self.since);
        let found = undelivered(api, id, &period, MOST).await?;
        let of = |name: &str, count| if self.include.contains(&name) { count } else { 0 };
        Ok(Count {
            retrying: of("retrying", found.retrying),
            exhausted: of("exhausted", found.exhausted),
            cancelled: of("cancelled", found.cancelled),
            are_more: found.are_more,
        })
    }
}

/// Number of deliveries that a retry takes up.
struct Count {
    retrying: u64,
    exhausted: u64,
    cancelled: u64,
    are_more: bool,
}

impl Count {
    const fn sum(&self) -> u64 {
        self.retrying + self.exhausted + self.cancelled
    }

    /// Numbers in a sentence.
    fn words<'a>(&self, say: &'a WebhookWords) -> Cow<'a, str> {
        let counts = [self.retrying, self.exhausted, self.cancelled];
        let told = counts.into_iter().zip(choices(say)).filter(|(count, _)| *count > 0);
        let told: Vec<Cow<'_, str>> =
            told.map(|(count, (_, what))| say.count_of(count, what)).collect();
        let told = told.join(", ");
        if self.are_more { say.counts_at_least(told) } else { say.counts(told) }
    }
}

pub(super) async fn recover(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let wanted = Wanted::read(&fields, portal.now, &portal.say().forms);
    if let (Ok(wanted), false) = (&wanted, is_sure(&fields)) {
        let count = wanted.count(&portal.api, &id).await?;
        if count.sum() >= MANY || count.are_more {
            return asked(&portal, &id, &fields, &count).await;
        }
    }
    let recovered = match wanted {
        Err(refusal) => Err(refusal),
        Ok(wanted) => portal.api.post::<Recovered>(&path(&id, "/recover"), &wanted.body()).await,
    };
    let next = |Recovered { count }| {
        let (id, at) = (encoded(&id), portal.now);
        (format!("/dashboard/webhooks/{id}?recovered={count}&at={at}"), "recovered")
    };
    answered(&portal, (&id, &fields, Sent::Recover), recovered, next).await
}

/// Asks whether so many are to be retried.
async fn asked(portal: &Portal, id: &str, fields: &Fields, count: &Count) -> Shown {
    let webhook: Webhook = portal.api.get(&path(id, "")).await?;
    let say = &portal.say().webhooks;
    ask(
        portal,
        Section::Webhooks,
        Confirmation {
            title: say.retry_all(),
            what: &webhook.webhook_url,
            told: &[&count.words(say), &say.retry_all_what()],
            action: format!("/dashboard/webhooks/{}/recover", webhook.id),
            back: format!("/dashboard/webhooks/{}#retry", webhook.id),
            button: say.retry_them(),
            destroys: false,
            fields,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_for_a_period_and_for_what_it_ticks() {
        let now: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        let say = FormWords::ENGLISH;
        let read = |form: &str| Wanted::read(&Fields::parse(form.as_bytes()), now, &say);
        let wanted = read("include=retrying&include=exhausted&include=delivered").unwrap();
        assert_eq!((wanted.since, wanted.until), (Timestamp::EPOCH, None));
        assert_eq!(wanted.include, ["retrying", "exhausted"]);
        let wanted = read("include=cancelled&period=hour&since=2020-01-01T00:00").unwrap();
        assert_eq!(wanted.since.to_string(), "2026-01-31T08:30:00.000Z");
        let wanted = read("include=cancelled&period=date&since=2020-01-01T00:00").unwrap();
        assert_eq!(wanted.since.to_string(), "2020-01-01T00:00:00.000Z");
    }

    #[test]
    fn every_wrong_field_of_a_form_is_named() {
        let fields = Fields::parse(b"period=date&until=tomorrow");
        let refused = Wanted::read(&fields, Timestamp::EPOCH, &FormWords::ENGLISH).err().unwrap();
        let named: Vec<_> = refused.each().into_iter().filter_map(|one| one.param).collect();
        assert_eq!(named, ["until", "since", "include"]);
    }
}
