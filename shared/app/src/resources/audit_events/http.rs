//! Route of the audit log.

use domain::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    history::history,
    representation::Resource,
    wanted::{Placed, Wanted},
};
use crate::{
    http::{
        extract::{Asks, Developer},
        fields::optional_time,
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
    },
    paging::Period,
    work::{Answered, Reply},
};

/// Returns the routes of the audit log.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list))
}

/// Filters of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only events of this account, key or webhook.
    subject: Option<String>,
    /// Only events of this type, such as `webhook.created`.
    r#type: Option<String>,
    /// Only events at this time or later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only events at this time or earlier.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// List the settings history
///
/// A page looks at 5,000 events at most for those that the filters want: it can be short, or empty,
/// and have a `next_href` all the same, which goes on from there.
#[utoipa::path(get, path = "/v1/audit_events", tag = "Audit", params(Filters, PageParams),
    responses((status = 200, description = "Events, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Filters { subject, r#type, since, until } = listed.filters;
    let wanted = Wanted { subject, event_type: r#type, period: Period { since, until } };
    let events = history(&work.backend, &access, &wanted, &listed.page).await?;
    let place = |(place, _): &Placed| place.clone();
    let shown = |(_, event)| Resource::of(event, work.jurisdictions());
    Ok(Reply::ok(&listed.links.list(events, None, place, shown)))
}
