//! Route of the statistics.

use domain::{Environment, Timestamp, id::WebhookId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    attempts::{Wanted, attempts},
    covered::Covered,
    representation::{Alarm, Bucket, Failing, Resource},
    waiting::waiting,
};
use crate::{
    auth::Access,
    http::{
        extract::{Asks, Developer, Query},
        fields::optional_time,
        openapi::vocabulary,
        routes::{Routes, routes},
        text::optional,
    },
    paging::Period,
    problem::Problem,
    work::{Answered, Reply, Work},
};

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
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// From this time on, itself included; by default a day before `until`.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Up to this time, itself excluded; by default now.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Number of equal parts to cut the period into. An end that is within a minute of more than
    /// 1,000 attempts, or one that the log lacks rows of, is moved to the start of that minute.
    #[param(minimum = 1, maximum = 96, default = 24)]
    buckets: Option<u32>,
}

/// Count delivery attempts over time
///
/// Every attempt is counted as it is recorded, by the time at which it began; nothing is estimated.
#[utoipa::path(get, path = "/v1/delivery_stats", tag = "Logs", params(Filters),
    responses((status = 200, description = "Attempts over time, oldest first", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    Asks(work): Asks,
    Query(filters): Query<Filters>,
) -> Answered {
    let Filters { environment, webhook_id: webhook, since, until, buckets } = filters;
    let environments = access.listed(environment)?;
    let wanted = Wanted { webhook, period: Period { since, until }, buckets };
    let attempts = attempts(&work.backend, &access, environments, &wanted, work.now).await?;
    let buckets = attempts.into_iter().map(Bucket::from).collect();
    let covered = Covered::of(&work.backend, &access, environments, webhook).await?;
    let waiting = waiting(&work.backend, &access, &covered).await?.into();
    let failing = covered.failing(&work.backend, work.now).await?;
    let failing = failing.into_iter().map(Failing::from).collect();
    Ok(Reply::ok(&Resource { object: "delivery_stats", buckets, waiting, failing }))
}

/// Lists the account's webhooks that are enabled and fail every delivery: the dashboard says so on each
/// page.
pub(crate) async fn alarms(work: &Work, access: &Access) -> Result<Vec<Alarm>, Problem> {
    let environments = access.listed(None)?;
    let covered = Covered::of(&work.backend, access, environments, None).await?;
    let failing = covered.failing(&work.backend, work.now).await?;
    Ok(failing.into_iter().map(Alarm::from).collect())
}
