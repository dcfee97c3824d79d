//! Statistics of attempts over time, for charts: counted from the log, at a bounded cost.
//!
//! A chart needs no exact figures where there are many attempts. So the newest rows of each bucket
//! are counted, and if there are more, the rest is estimated from how much of the bucket those rows
//! span. Counts of a bucket that is over no longer change, and are cached.

mod past;

use std::time::Duration;

use domain::{
    Environment, Timestamp,
    delivery::{Delivery, Status},
    id::{LogId, WebhookId},
    webhook::Webhook,
};
use ports::store::{Document, Order, Partition, Query, Range};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use past::Past;

use super::logs::optional_id;
use crate::{
    App, Backend,
    auth::{Access, find_account},
    delivery::{event::standing, log::AttemptResult},
    http::{
        answer::Answered,
        extract::{Asks, Developer, Query as InQuery},
        fields::optional_time,
        list::{Source, created},
        openapi::vocabulary,
        routes::{Routes, routes},
    },
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Reply, read},
};

/// Default length of the period.
const USUAL_SPAN: Duration = Duration::from_hours(24);
/// Default number of buckets.
const USUAL_BUCKETS: u32 = 24;
/// Maximum number of buckets of one request.
const MOST_BUCKETS: u32 = 96;
/// Maximum number of rows counted in a bucket; the last bucket is counted for every request.
const SAMPLE: usize = 50;
/// Maximum number of deliveries of a webhook examined for the count of waiting ones.
const MOST_DELIVERIES: usize = 100;
/// Maximum number of webhooks examined for the count of waiting deliveries.
const MOST_WEBHOOKS: usize = 25;

/// Returns the routes of the statistics.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(retrieve))
}

/// Filters of the statistics.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only attempts in this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Only attempts to this webhook.
    #[serde(default, deserialize_with = "optional_id")]
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// From this time on; by default a day before `until`.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Up to this time; by default now.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Number of equal parts to cut the period into.
    #[param(minimum = 1, maximum = 96, default = 24)]
    buckets: Option<u32>,
}

/// Attempts over time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryStats)]
struct Resource {
    #[schema(example = "delivery_stats")]
    object: &'static str,
    /// Buckets, oldest first.
    buckets: Vec<Bucket>,
    /// Deliveries that are waiting for their next attempt now.
    waiting: Waiting,
}

/// A part of the period.
#[derive(Debug, Serialize, ToSchema)]
struct Bucket {
    /// Start of the bucket.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:00:00.000Z")]
    since: Timestamp,
    /// End of the bucket, which is the start of the next one.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:00:00.000Z")]
    until: Timestamp,
    #[serde(flatten)]
    tally: Tally,
}

/// Tally of attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tally {
    /// Number of attempts; estimated if `sampled`.
    pub attempts: u64,
    /// Number of those counted that were acknowledged.
    pub succeeded: u64,
    /// Number of those counted that failed and are tried again.
    pub retrying: u64,
    /// Number of those counted that failed for the last time.
    pub failed: u64,
    /// True if there were more than were counted: the newest 50 were.
    pub sampled: bool,
}

/// Deliveries that are waiting.
#[derive(Debug, Serialize, ToSchema)]
struct Waiting {
    /// Number of them, among the newest 100 undelivered ones of each of 25 webhooks.
    count: u64,
    /// True if there were more than were examined.
    sampled: bool,
}

/// Count delivery attempts over time
#[utoipa::path(get, path = "/v1/delivery_stats", tag = "Logs", params(Filters),
    responses((status = 200, description = "Attempts over time, oldest first", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    axum::extract::State(app): axum::extract::State<App>,
    Asks(work): Asks,
    InQuery(filters): InQuery<Filters>,
) -> Answered {
    let environments = access.listed(filters.environment)?;
    let spans = filters.spans(work.now)?;
    let (partitions, index) = if let Some(webhook) = filters.webhook_id {
        (vec![collections::delivery_logs_by_webhook(access.id(), webhook)], true)
    } else {
        let all = |env: &Environment| collections::delivery_logs(access.id(), *env);
        (environments.iter().map(all).collect(), false)
    };
    let mut buckets = Vec::with_capacity(spans.len());
    for (since, until) in spans {
        let span = Span { partitions: &partitions, index, environments, since, until };
        let tally = app.past.recall(&span, work.now, || span.count(&work.backend)).await?;
        buckets.push(Bucket { since, until, tally });
    }
    let webhooks = webhooks(&work.backend, &access, environments, filters.webhook_id).await?;
    let waiting = waiting(&work.backend, &access, webhooks).await?;
    Ok(Reply::ok(&Resource { object: "delivery_stats", buckets, waiting }))
}

impl Filters {
    /// Returns the start and end of each bucket.
    fn spans(&self, now: Timestamp) -> Result<Vec<(Timestamp, Timestamp)>, Problem> {
        let until = self.until.unwrap_or(now);
        let since = self.since.unwrap_or_else(|| until.minus(USUAL_SPAN));
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

/// Part of the period, with the partitions in which its attempts are listed.
pub(crate) struct Span<'a> {
    pub(crate) partitions: &'a [Partition],
    index: bool,
    environments: &'a [Environment],
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

impl Span<'_> {
    /// Counts the newest attempts of the span.
    async fn count(&self, backend: &Backend) -> Result<Tally, Problem> {
        let Range { from, .. } = created(LogId::PREFIX, Some(self.since), None);
        let Range { from: to, .. } = created(LogId::PREFIX, Some(self.until), None);
        let range = Range { from, to };
        let source = Source { partitions: self.partitions.to_vec(), index: self.index, range };
        let rows = source.newest(backend, None, SAMPLE + 1).await?;
        let sampled = rows.len() > SAMPLE;
        let mut tally = Tally { sampled, ..Tally::default() };
        let mut oldest = self.until;
        for row in rows.iter().take(SAMPLE) {
            let row: AttemptResult = read(&row.document.body)?;
            if !self.environments.contains(&row.environment) {
                continue;
            }
            oldest = row.created_at;
            let counter = match (row.succeeded, row.next_attempt_at) {
                (true, _) => &mut tally.succeeded,
                (false, Some(_)) => &mut tally.retrying,
                (false, None) => &mut tally.failed,
            };
            *counter += 1;
        }
        tally.attempts = tally.succeeded + tally.retrying + tally.failed;
        if sampled {
            tally.attempts = self.estimate(tally.attempts, oldest);
        }
        Ok(tally)
    }

    /// Estimates the number in the whole span, if `counted` lie between `oldest` and its end.
    fn estimate(&self, counted: u64, oldest: Timestamp) -> u64 {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let seen = millis(self.until.since(oldest)).max(1);
        counted.saturating_mul(millis(self.until.since(self.since))) / seen
    }
}

/// Counts the newest undelivered deliveries of each webhook that are still to be tried.
async fn waiting(
    backend: &Backend,
    access: &Access,
    (webhooks, mut sampled): (Vec<Document>, bool),
) -> Result<Waiting, Problem> {
    let account = find_account(backend, access.id()).await?.ok_or(Code::NotFound)?;
    let mut count = 0;
    for document in webhooks {
        let webhook = Versioned::<Webhook>::read(&document)?.state;
        let standing = standing(&account.state, &webhook);
        let undelivered = Query {
            partition: collections::undelivered(access.id(), webhook.id),
            index: true,
            range: Range::default(),
            order: Order::Descending,
            limit: MOST_DELIVERIES + 1,
        };
        let rows = backend.store.query(&undelivered).await?;
        sampled |= rows.len() > MOST_DELIVERIES;
        for row in rows.iter().take(MOST_DELIVERIES) {
            let delivery: Delivery = read(&row.document.body)?;
            count += u64::from(delivery.standing(standing) == Status::Retrying);
        }
    }
    Ok(Waiting { count, sampled })
}

/// Returns the webhooks that the statistics cover, newest first, and whether there are more.
async fn webhooks(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    only: Option<WebhookId>,
) -> Result<(Vec<Document>, bool), Problem> {
    let of = |env: &Environment| collections::webhooks(access.id(), *env);
    if let Some(webhook) = only {
        let keys: Vec<_> = environments.iter().map(|env| of(env).key(webhook)).collect();
        let found = backend.store.get(&keys).await?.into_iter().flatten().next();
        return Ok((vec![found.ok_or(Code::NotFound)?], false));
    }
    let mut found = Vec::new();
    for env in environments {
        let newest = Query {
            partition: of(env),
            index: false,
            range: Range::default(),
            order: Order::Descending,
            limit: MOST_WEBHOOKS + 1,
        };
        found.extend(backend.store.query(&newest).await?.into_iter().map(|row| row.document));
    }
    let more = found.len() > MOST_WEBHOOKS;
    found.truncate(MOST_WEBHOOKS);
    Ok((found, more))
}
