//! Logs of API requests and of deliveries.

mod delivery;
mod report;
mod request;

use domain::{
    Environment, Timestamp,
    delivery::Delivery,
    id::{EventId, KeyId, LogId, WebhookId},
    kinds::NotOneOf,
    webhook::EventType,
};
use ports::store::{Document, Key, Order, Partition, Query, Range, Row};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::{IntoParams, ToSchema};

pub(crate) use self::report::Address;
pub use self::{
    delivery::DeliveryLog,
    request::{LastUsed, RequestLog, RequestRow, RequestRowDetails, last_used},
};
use super::events::optional_type;
use crate::{
    Backend,
    auth::Access,
    delivery::log::DeliveryRow,
    http::{
        answer::Answered,
        extract::{Asks, Developer, NoQuery, PathId},
        fields::optional_time,
        list::{List, Listed, Page, PageParams, Source, created},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::parsed,
    },
    lateness::{Lateness, written_since},
    problem::{Code, Problem},
    views::collections,
    work::{Reply, read},
};

/// Returns the routes of logs.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(retrieve)).routes(routes!(report::report))
}

/// Kind of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    ApiRequest,
    WebhookDelivery,
}

/// Status that rows are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WantedStatus {
    /// The answer was a 2xx.
    Succeeded,
    /// There was no answer, or another one.
    Failed,
    /// The answer had this HTTP status.
    Http(u16),
}

impl<'de> Deserialize<'de> for WantedStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "succeeded" => Ok(Self::Succeeded),
            "failed" => Ok(Self::Failed),
            text => match text.parse() {
                Ok(status @ 100..=599) => Ok(Self::Http(status)),
                _ => Err(D::Error::custom(NotOneOf(&["succeeded", "failed", "an HTTP status"]))),
            },
        }
    }
}

impl WantedStatus {
    fn is(self, succeeded: bool, status: Option<u16>) -> bool {
        match self {
            Self::Succeeded => succeeded,
            Self::Failed => !succeeded,
            Self::Http(wanted) => status == Some(wanted),
        }
    }
}

/// Filters of the list of log rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Kind of log: `webhook_delivery` (the default) or `api_request`.
    #[param(value_type = Option<vocabulary::LogKind>, inline)]
    kind: Option<Kind>,
    /// Only rows of this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Only rows with this status: `succeeded`, `failed`, or an HTTP status.
    #[param(value_type = Option<String>)]
    status: Option<WantedStatus>,
    /// Only deliveries to this webhook.
    #[serde(default, deserialize_with = "optional_id")]
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Only deliveries of this event.
    #[serde(default, deserialize_with = "optional_id")]
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// Only deliveries of events of this type.
    #[serde(default, deserialize_with = "optional_type")]
    #[param(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Only requests with this API key.
    #[serde(default, deserialize_with = "optional_id")]
    #[param(value_type = Option<String>)]
    api_key_id: Option<KeyId>,
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

/// Reads an optional identifier, and reports errors in its parser's words.
pub(crate) fn optional_id<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
    D: Deserializer<'de>,
{
    parsed(deserializer).map(Some)
}

/// Row of either log.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Log)]
pub enum Resource {
    /// A request made with an API key.
    Request(Box<RequestLog>),
    /// An attempt of a delivery.
    Delivery(Box<DeliveryLog>),
}

impl Filters {
    /// Returns the sources of the rows of `partitions`; `late` are the partitions of late ones.
    fn sources(
        &self,
        partitions: Vec<Partition>,
        index: bool,
        late: impl Iterator<Item = Partition>,
    ) -> Vec<Source> {
        let range = created(LogId::PREFIX, self.since, self.until);
        let source = Source { partitions, index, range };
        match self.written_since {
            None => vec![source],
            Some(since) => written_since(source, late.collect(), since),
        }
    }

    /// Returns whether a row with these times passes; `listed` is the list entry it was found by,
    /// if any.
    fn times_pass(&self, created_at: Timestamp, written: Lateness, listed: Option<&Row>) -> bool {
        self.since.is_none_or(|since| created_at >= since)
            && self.until.is_none_or(|until| created_at <= until)
            && self.written_since.is_none_or(|since| {
                written.is_since(since, created_at)
                    && listed.is_none_or(|row| written.is_at_its_place(row))
            })
    }

    /// Returns the kind of log: by default the one that the other filters are for.
    ///
    /// # Errors
    /// When a filter is for the other log.
    fn kind(&self) -> Result<Kind, Problem> {
        let of_deliveries = [
            ("webhook_id", self.webhook_id.is_some()),
            ("event_id", self.event_id.is_some()),
            ("event_type", self.event_type.is_some()),
        ];
        let of_requests = [("api_key_id", self.api_key_id.is_some())];
        let kind = self.kind.unwrap_or(if self.api_key_id.is_some() {
            Kind::ApiRequest
        } else {
            Kind::WebhookDelivery
        });
        let (foreign, name): (&[(&'static str, bool)], _) = match kind {
            Kind::ApiRequest => (&of_deliveries, "webhook_delivery"),
            Kind::WebhookDelivery => (&of_requests, "api_request"),
        };
        match foreign.iter().find(|(_, given)| *given) {
            None => Ok(kind),
            Some((param, _)) => {
                Err(Problem::invalid(*param, format_args!("goes with kind={name}")))
            }
        }
    }
}

/// List log rows
#[utoipa::path(get, path = "/v1/logs", tag = "Logs", params(Filters, PageParams),
    responses((status = 200, description = "Rows, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Listed { filters, page } = listed;
    let environments = access.listed(filters.environment)?;
    match filters.kind()? {
        Kind::ApiRequest => {
            let rows = request::rows(&work.backend, &access, environments, &filters, &page).await?;
            Ok(Reply::ok(&page.list(rows, None)))
        }
        Kind::WebhookDelivery => match filters.event_id {
            Some(event) => {
                of_event(&work.backend, &access, environments, event, &filters, &page).await
            }
            None => of_deliveries(&work.backend, &access, environments, &filters, &page).await,
        },
    }
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
    let environments = access.environments().iter();
    let keys: Vec<Key> = environments
        .flat_map(|env| {
            let deliveries = collections::delivery_logs(access.id(), *env);
            [deliveries.key(id), collections::request_logs(access.id(), *env).key(id)]
        })
        .collect();
    // In the order of the keys: a delivery's row and a request's by turns.
    let found =
        work.backend.store.get(&keys).await?.into_iter().zip([true, false].into_iter().cycle());
    let mut found = found.filter_map(|(document, is_delivery)| Some((document?, is_delivery)));
    let (document, is_delivery) = found.next().ok_or(Code::NotFound)?;
    let resource = if is_delivery {
        let row = read(&document.body)?;
        let shown = delivery::shown(&work.backend, access.id(), vec![(document, row)]).await?;
        shown.into_iter().next().ok_or(Code::NotFound)?
    } else {
        request::shown(&document, read(&document.body)?)?
    };
    Ok(Reply::ok(&resource))
}

/// Reads the rows of one event's deliveries; each delivery records its own.
async fn of_event(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    event: EventId,
    filters: &Filters,
    page: &Page,
) -> Answered {
    let deliveries = Query {
        partition: collections::deliveries(access.id(), event),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: usize::MAX,
    };
    let mut logs: Vec<LogId> = Vec::new();
    for row in backend.store.query(&deliveries).await? {
        let delivery: Delivery = read(&row.document.body)?;
        logs.extend(delivery.logs);
    }
    let keys: Vec<Key> = environments
        .iter()
        .flat_map(|env| {
            logs.iter().map(|log| collections::delivery_logs(access.id(), *env).key(log))
        })
        .collect();
    let mut rows = Vec::new();
    for document in backend.store.get(&keys).await?.into_iter().flatten() {
        if let Some(row) = kept(&document, filters, None)? {
            rows.push((document, row));
        }
    }
    rows.sort_by(|(a, _), (b, _)| b.key.sort.cmp(&a.key.sort));
    let sorts: Vec<String> = rows.iter().map(|(document, _)| document.key.sort.clone()).collect();
    let shown = delivery::shown(backend, access.id(), rows).await?;
    let rows = sorts.into_iter().zip(shown).collect();
    Ok(Reply::ok(&List { count: None, ..page.of(rows) }))
}

async fn of_deliveries(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    filters: &Filters,
    page: &Page,
) -> Answered {
    let (partitions, index) = match (filters.webhook_id, filters.status) {
        (Some(webhook), _) => {
            (vec![collections::delivery_logs_by_webhook(access.id(), webhook)], true)
        }
        (None, Some(WantedStatus::Failed)) => {
            let failed = |env: &Environment| collections::delivery_logs_failed(access.id(), *env);
            (environments.iter().map(failed).collect(), true)
        }
        (None, _) => {
            let all = |env: &Environment| collections::delivery_logs(access.id(), *env);
            (environments.iter().map(all).collect(), false)
        }
    };
    let late = |env: &Environment| collections::delivery_logs_late(access.id(), *env);
    let sources = filters.sources(partitions, index, environments.iter().map(late));
    let rows = Source::page_of(&sources, backend, page, |row| {
        let kept = kept(&row.document, filters, Some(row))?;
        let there = kept.filter(|kept| environments.contains(&kept.environment));
        Ok(there.map(|kept| (row.document.clone(), kept)))
    })
    .await?;
    let rows = rows.try_map_all(|rows| delivery::shown(backend, access.id(), rows)).await?;
    Ok(Reply::ok(&page.list(rows, None)))
}

/// Returns the row in `document`, if it passes the filters; `listed` is the list entry it was found
/// by, if any.
fn kept(
    document: &Document,
    filters: &Filters,
    listed: Option<&Row>,
) -> Result<Option<DeliveryRow>, Problem> {
    let row: DeliveryRow = read(&document.body)?;
    let passes = filters.status.is_none_or(|status| status.is(row.succeeded, row.response_status))
        && filters.webhook_id.is_none_or(|webhook| webhook == row.webhook)
        && filters.event_type.as_ref().is_none_or(|wanted| *wanted == row.event_type)
        && filters.times_pass(row.created_at, row.written_at, listed);
    Ok(passes.then_some(row))
}

/// Reads a row's identifier, which is malformed only in a damaged store.
fn log_id(document: &Document) -> Result<LogId, Problem> {
    document.key.sort.parse().map_err(|_| Code::Unavailable.into())
}
