//! Routes of the logs.

use axum::extract::State;
use domain::{
    Environment, Redacted, Timestamp,
    id::{EventId, KeyId, LogId, WebhookId},
    kinds::NotOneOf,
    webhook::EventType,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{IntoParams, ToSchema};

use super::{
    input::ReportRequests,
    queries, report,
    representation::Resource,
    rows::{self, LogRow},
    wanted::{Kind, Wanted, WantedRequest, WantedStatus},
};
use crate::{
    App,
    http::{
        extract::{Asks, Developer, NoQuery, OperatorFor, PathId, Posted},
        fields::optional_time,
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::{Name, Text, optional},
    },
    network::Network,
    paging::Period,
    work::{Answered, Reply},
};

/// Returns the routes of logs.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(retrieve)).routes(routes!(report))
}

/// Filters of the list of log rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filters {
    /// Kind of log: `webhook_delivery` (the default) or `api_request`.
    #[param(value_type = Option<vocabulary::LogKind>, inline)]
    kind: Option<Kind>,
    /// Only rows of this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Only rows with this status: `succeeded`, `failed`, an HTTP status, or a class of them such as
    /// `4xx`.
    #[param(value_type = Option<String>)]
    status: Option<WantedStatus>,
    /// Only deliveries to this webhook.
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Only deliveries of this event.
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// Only deliveries of events of this type.
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Only deliveries of the newest 1,000 events about the object with this identifier
    /// (`data.object.id`).
    #[param(value_type = Option<String>, min_length = 1, max_length = 255)]
    object_id: Option<Name>,
    /// Only requests with this API key.
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    api_key_id: Option<KeyId>,
    /// Only requests with this method.
    #[param(value_type = Option<String>, min_length = 1, max_length = 16)]
    method: Option<Text<16>>,
    /// Only requests whose path begins with this text.
    #[param(value_type = Option<String>, min_length = 1, max_length = 1024)]
    path: Option<Text<1024>>,
    /// Only the request with this identifier.
    #[param(value_type = Option<String>, min_length = 1, max_length = 255)]
    request_id: Option<Name>,
    /// Only requests from this address, or from an address in this range (a CIDR).
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    ip: Option<Network>,
    /// Only rows at this time or later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only rows at this time or earlier.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Only rows written at this time or later, in the order of writing: for following the log. A
    /// row is written at the end of the attempt or request, and its `created_at` is the beginning.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    written_since: Option<Timestamp>,
}

impl From<Filters> for Wanted {
    fn from(filters: Filters) -> Self {
        Self {
            kind: filters.kind,
            environment: filters.environment,
            status: filters.status,
            webhook: filters.webhook_id,
            event: filters.event_id,
            event_type: filters.event_type,
            object: filters.object_id.map(|object| Redacted::new(&object.0)),
            requests: WantedRequest {
                api_key: filters.api_key_id,
                method: filters.method.map(|method| method.0),
                path: filters.path.map(|path| path.0),
                request: filters.request_id.map(|request| Redacted::new(&request.0)),
                ip: filters.ip,
            },
            period: Period { since: filters.since, until: filters.until },
            written_since: filters.written_since,
        }
    }
}

impl<'de> Deserialize<'de> for WantedStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "succeeded" => Ok(Self::Succeeded),
            "failed" => Ok(Self::Failed),
            text => match (text.strip_suffix("xx").map(str::parse), text.parse()) {
                (Some(Ok(class @ 1..=5)), _) => Ok(Self::Class(class)),
                (_, Ok(status @ 100..=599)) => Ok(Self::Http(status)),
                _ => {
                    let known = &["succeeded", "failed", "an HTTP status", "1xx to 5xx"];
                    Err(D::Error::custom(NotOneOf(known)))
                }
            },
        }
    }
}

/// List log rows
#[utoipa::path(get, path = "/v1/logs", tag = "Logs", params(Filters, PageParams),
    responses((status = 200, description = "Rows, newest first", body = List<Resource>)))]
async fn list(
    Developer(access): Developer,
    Asks(work): Asks,
    State(app): State<App>,
    listed: Listed<Filters>,
) -> Answered {
    let wanted: Wanted = listed.filters.into();
    if wanted.kind()? == Kind::ApiRequest {
        app.write_counts_of(access.id()).await;
    }
    let rows = queries::list(&work.backend, &access, &wanted, &listed.page).await?;
    let sort = |row: &LogRow| row.id().to_string();
    Ok(Reply::ok(&listed.links.list(rows, None, sort, Resource::from)))
}

/// Show a log row
#[utoipa::path(get, path = "/v1/logs/{id}", tag = "Logs", params(("id" = String, Path)),
    responses((status = 200, description = "The row, of either log", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<LogId>,
    _: NoQuery,
) -> Answered {
    let row = rows::find(&work.backend, &access, id).await?;
    Ok(Reply::ok(&Resource::from(row)))
}

/// Result of a report.
#[derive(Debug, Serialize, ToSchema)]
struct Reported {
    #[schema(example = 1)]
    count: usize,
}

/// Report requests to your own API
#[utoipa::path(post, path = "/v1/request_logs", tag = "Logs", request_body = ReportRequests,
    responses((status = 202, description = "The number of rows that were stored", body = Reported)))]
async fn report(
    OperatorFor(access): OperatorFor,
    State(app): State<App>,
    Posted(input, work): Posted<ReportRequests>,
) -> Answered {
    let answer = |count| Reply::accepted(&Reported { count });
    report::report(&app, &work, &access, input.requests(), answer).await
}
