//! Attempts over time: the spans of the chart, and the tally of each.

use std::time::Duration;

use domain::{Environment, Timestamp, id::WebhookId};

use super::count::{Span, Tally};
use crate::{App, auth::Access, paging::Period, problem::Problem, views::collections};

/// Default length of the period.
const USUAL_SPAN: Duration = Duration::from_hours(24);
/// Default number of buckets.
const USUAL_BUCKETS: u32 = 24;
/// Maximum number of buckets of one request.
const MOST_BUCKETS: u32 = 96;

/// Period that is asked for, and the number of equal parts to cut it into.
pub(crate) struct Wanted {
    /// Webhook that the attempts were made to; all if none.
    pub(crate) webhook: Option<WebhookId>,
    /// Period of the attempts, by default the last day.
    pub(crate) period: Period,
    /// Number of parts.
    pub(crate) buckets: Option<u32>,
}

/// Counts the attempts in each part of the period, oldest first: its start, its end, its tally.
pub(crate) async fn attempts(
    app: &App,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<(Timestamp, Timestamp, Tally)>, Problem> {
    let spans = wanted.spans(now)?;
    let (partitions, index) = if let Some(webhook) = wanted.webhook {
        (vec![collections::delivery_logs_by_webhook(access.id(), webhook)], true)
    } else {
        let all = |env: &Environment| collections::delivery_logs(access.id(), *env);
        (environments.iter().map(all).collect(), false)
    };
    let mut tallies = Vec::with_capacity(spans.len());
    for (since, until) in spans {
        let span = Span { partitions: &partitions, index, environments, since, until };
        let tally = app.past.recall(&span, now, || span.count(&app.backend)).await?;
        tallies.push((since, until, tally));
    }
    Ok(tallies)
}

impl Wanted {
    /// Returns the start and end of each bucket.
    fn spans(&self, now: Timestamp) -> Result<Vec<(Timestamp, Timestamp)>, Problem> {
        let until = self.period.until.unwrap_or(now);
        let since = self.period.since.unwrap_or_else(|| until.minus(USUAL_SPAN));
        let count = self.buckets.unwrap_or(USUAL_BUCKETS);
        if !(1..=MOST_BUCKETS).contains(&count) {
            let must = format_args!("must be 1 to {MOST_BUCKETS}");
            return Err(Problem::invalid("buckets", must));
        }
        if since >= until {
            return Err(Problem::invalid("until", "must be after since"));
        }
        let at = |part: u32| since.plus(until.since(since) * part / count);
        Ok((0..count).map(|part| (at(part), at(part + 1))).collect())
    }
}
