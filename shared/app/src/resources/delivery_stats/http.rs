//! Route of the statistics.

use axum::extract::State;
use domain::{Environment, Timestamp, id::WebhookId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    attempts::{Wanted, attempts},
    representation::{Bucket, Resource, Tally},
    waiting::waiting,
};
use crate::{
    App,
    http::{
        extract::{Asks, Developer, Query},
        fields::optional_time,
        openapi::vocabulary,
        routes::{Routes, routes},
        text::optional,
    },
    paging::Period,
    work::{Answered, Reply},
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

/// Count delivery attempts over time
#[utoipa::path(get, path = "/v1/delivery_stats", tag = "Logs", params(Filters),
    responses((status = 200, description = "Attempts over time, oldest first", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    State(app): State<App>,
    Asks(work): Asks,
    Query(filters): Query<Filters>,
) -> Answered {
    let Filters { environment, webhook_id: webhook, since, until, buckets } = filters;
    let environments = access.listed(environment)?;
    let wanted = Wanted { webhook, period: Period { since, until }, buckets };
    let attempts = attempts(&app, &access, environments, &wanted, work.now).await?;
    let bucket = |(since, until, tally)| Bucket { since, until, tally: Tally::from(tally) };
    let buckets = attempts.into_iter().map(bucket).collect();
    let waiting = waiting(&work.backend, &access, environments, webhook).await?;
    Ok(Reply::ok(&Resource { object: "delivery_stats", buckets, waiting: waiting.into() }))
}
