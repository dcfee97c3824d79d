//! Attempts over time: the buckets of the chart, and the tally of each.

use std::{collections::BTreeMap, time::Duration};

use domain::{Environment, Timestamp, id::WebhookId};

use super::edges::{Edge, Rows};
use crate::{
    Backend,
    auth::Access,
    delivery::counts::{self, Tally},
    paging::Period,
    problem::Problem,
    views::{Spread, collections},
};

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

/// Tally of the attempts from a time on, and up to another one.
pub(crate) struct Bucket {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) tally: Tally,
}

/// Counts the attempts in each part of the period, oldest first.
pub(crate) async fn attempts(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<Bucket>, Problem> {
    let ends = wanted.ends(now)?;
    let (Some(since), Some(until)) = (ends.first(), ends.last()) else { return Ok(vec![]) };
    let id = access.id();
    let partition = |env: &Environment| match wanted.webhook {
        Some(webhook) => counts::of_webhook(id, *env, webhook),
        None => counts::of_environment(id, *env),
    };
    let partitions: Vec<_> = environments.iter().map(partition).collect();
    let mut minutes = BTreeMap::new();
    for hour in counts::hours(backend, &partitions, *since, *until).await? {
        hour.add_to(&mut minutes);
    }
    let spread = Spread::of(&*backend.store);
    let rows = if let Some(webhook) = wanted.webhook {
        (spread.all(&collections::delivery_logs_by_webhook(id, webhook)), true)
    } else {
        let lists = environments.iter().flat_map(|env| collections::attempts(id, *env));
        (spread.all_of(lists), false)
    };
    let mut rows = Rows::of(backend, rows, environments);
    let mut edges = Vec::with_capacity(ends.len());
    for end in ends {
        edges.push(rows.edge(end, &minutes, now).await?);
    }
    Ok(edges.windows(2).map(|pair| between(&pair[0], &pair[1], &minutes)).collect())
}

/// Returns the tally of what is between two edges.
fn between(since: &Edge, until: &Edge, minutes: &BTreeMap<i64, Tally>) -> Bucket {
    let mut tally = until.before;
    for (_, minute) in minutes.range(since.minute..until.minute.max(since.minute)) {
        tally.add(*minute);
    }
    Bucket { since: since.at, until: until.at, tally: tally.less(since.before) }
}

impl Wanted {
    /// Returns the start of each bucket, and the end of the last one.
    fn ends(&self, now: Timestamp) -> Result<Vec<Timestamp>, Problem> {
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
        Ok((0..=count).map(at).collect())
    }
}
