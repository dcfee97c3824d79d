//! Statement on the page of a webhook: how many events were meant for it, and what became of them.

use std::{borrow::Cow, time::Duration};

use crate::{
    client::{
        encoded,
        resources::{Statement, Webhook},
    },
    html::Picture,
    session::{Fields, Portal},
    words::WebhookWords,
};

/// Largest number of attempts in the last day with which a page asks for the statement of that day by
/// itself, after it is shown. A statement reads every event of its window.
const MOST_UNASKED: u64 = 10_000;
/// Value of the period that is counted unless another is chosen.
const USUAL: &str = "day";

/// Statement on a page: what was counted, if that was asked for.
pub(super) struct StatementCard {
    /// Period that is chosen.
    period: String,
    /// True if a script may ask for the usual statement.
    pub(super) is_late: bool,
    /// True if it was asked for and can't be told.
    pub(super) is_away: bool,
    pub(super) counted: Option<Statement>,
}

impl StatementCard {
    /// Makes the card of a page that nothing is counted for.
    pub(super) fn unasked() -> Self {
        Self { period: USUAL.to_owned(), is_late: false, is_away: false, counted: None }
    }

    /// Reads the statement that the query asks for.
    pub(super) async fn read(
        portal: &Portal,
        webhook: &Webhook,
        picture: Option<&Picture>,
        query: &Fields,
    ) -> Self {
        let asked = query.some("statement").and_then(|period| Some((period, length(period)?)));
        let Some((period, length)) = asked else {
            let is_late = picture.is_some_and(|picture| picture.attempts() <= MOST_UNASKED);
            return Self { is_late, ..Self::unasked() };
        };
        let since = portal.now.minus(length);
        let path = format!("/v1/webhooks/{}/statement?since={since}", encoded(&webhook.id));
        let counted = portal.api.get(&path).await.ok();
        Self { period: period.to_owned(), is_late: false, is_away: counted.is_none(), counted }
    }

    /// Periods to choose from: the value of each, its words, and whether it is chosen.
    pub(super) fn periods<'a>(
        &self,
        say: &'a WebhookWords,
    ) -> [(&'static str, Cow<'a, str>, bool); 4] {
        let periods = [
            ("hour", say.last_hour()),
            (USUAL, say.last_day()),
            ("week", say.last_week()),
            ("month", say.last_month()),
        ];
        periods.map(|(value, words)| (value, words, value == self.period))
    }
}

impl Statement {
    /// Says how many events there were, and how many of them are missing.
    pub(super) fn words<'a>(&self, say: &'a WebhookWords) -> Cow<'a, str> {
        match (self.events, self.missing()) {
            (0, _) => say.statement_none(),
            (events, 0) => say.statement_all(events),
            (events, missing) => say.statement_missing(events, missing),
        }
    }

    /// Link to the list of its events with `status`, and of those that came since: its form has whole
    /// minutes, and would leave out what was posted in the last one.
    pub(super) fn events_with(&self, webhook: &Webhook, status: &str) -> String {
        let (id, since) = (&webhook.id, self.since);
        format!("/dashboard/events?webhook_id={id}&status={status}&since={since}")
    }
}

/// Length of a period; none if there is no such period. The longest is a day shorter than a statement can
/// be, for it ends when it is counted.
fn length(period: &str) -> Option<Duration> {
    const DAY: u64 = 24;
    let hours = match period {
        "hour" => 1,
        "day" => DAY,
        "week" => 7 * DAY,
        "month" => 30 * DAY,
        _ => return None,
    };
    Some(Duration::from_hours(hours))
}
