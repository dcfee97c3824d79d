//! Pages of the logs: deliveries and API requests.

use std::borrow::Cow;

use askama::Template;
use axum::{Router, extract::Path, routing::get};
use domain::Timestamp;
use http::StatusCode;

use super::{
    curl,
    expiry::instant,
    export, retries, search,
    timeline::{self, Timeline, Timelines},
    webhooks::picture,
};
use crate::{
    client::{
        Refusal, encoded,
        resources::{ApiKey, ApiRequest, Attempt, Event, List, Log, Webhook},
    },
    html::{
        Failure, Frame, Notice, Picture, Problems, Section, Shown, page, readable, see_other, shown,
    },
    session::{Fields, Portal},
    state::Page,
    words::{FormWords, Words},
};

/// Filters of the form, by their names in the API.
const FILTERS: &[&str] = &[
    "environment",
    "status",
    "webhook_id",
    "event_id",
    "event_type",
    "object_id",
    "api_key_id",
    "method",
    "path",
    "ip",
    "request_id",
    "since",
    "until",
];
/// Query parameters that are not filters.
const NOT_FILTERS: &[&str] = &["cursor", "live", "q", "export", "done", "sent", "left"];

/// Filter that is set.
struct Chip<'a> {
    label: Cow<'a, str>,
    value: Cow<'a, str>,
    /// Instant that the value is, if it is one.
    moment: Option<Timestamp>,
    /// Link to the list without it.
    without: String,
}

/// Adds the routes of logs.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/logs", get(list)).route("/dashboard/logs/{id}", get(one))
}

#[derive(Template)]
#[template(path = "logs.html")]
struct LogsPage<'a> {
    frame: Frame<'a>,
    query: &'a Fields,
    rows: List<Log>,
    picture: Option<Picture>,
    webhooks: Vec<Webhook>,
    /// Keys to choose from, in the log of requests.
    keys: Vec<ApiKey>,
    problems: Problems,
}

impl LogsPage<'_> {
    /// Returns whether this is the log of API requests.
    fn of_requests(&self) -> bool {
        self.query.get("kind") == "api_request"
    }

    /// Log that is shown.
    fn kind(&self) -> &'static str {
        if self.of_requests() { "requests" } else { "deliveries" }
    }

    /// Link to the other log, with the filters that it shares.
    fn of_kind(&self, kind: &str) -> String {
        let foreign = FILTERS.iter().filter(|filter| !belongs(filter, kind)).copied();
        let less: Vec<_> = NOT_FILTERS.iter().copied().chain(foreign).chain(["kind"]).collect();
        self.query.query(&less, &[("kind", kind)])
    }

    /// Link to the next page.
    fn next(&self) -> Option<String> {
        let cursor = self.rows.next()?;
        Some(self.query.query(&["cursor"], &[("cursor", &cursor)]))
    }

    /// Link to the newest rows of this list, live or not.
    fn newest(&self, live: bool) -> String {
        self.query.query(NOT_FILTERS, if live { &[("live", "1")] } else { &[] })
    }

    /// Periods up to now that are chosen by one click: the name of each, and the link to it.
    fn presets(&self) -> Vec<(Cow<'_, str>, String)> {
        let say = &self.frame.say.logs;
        let spans = [(say.last_hour(), 1), (say.last_day(), 24), (say.last_week(), 7 * 24)];
        let less = [NOT_FILTERS, &["since", "until"]].concat();
        let presets = spans.into_iter().map(|(name, hours)| {
            let since = self.frame.times.now.minus(std::time::Duration::from_hours(hours));
            (name, self.query.query(&less, &[("since", &since.to_string())]))
        });
        presets.collect()
    }

    /// Link to a file of this list.
    fn export(&self, form: &str) -> String {
        self.query.query(NOT_FILTERS, &[("export", form)])
    }

    /// Rows that are delivery attempts.
    fn attempts(&self) -> Vec<&Attempt> {
        let attempts = self.rows.data.iter().filter_map(|row| match row {
            Log::WebhookDelivery(attempt) => Some(&**attempt),
            Log::ApiRequest(_) => None,
        });
        attempts.collect()
    }

    /// Returns whether rows can be ticked, to retry them.
    fn ticks(&self) -> bool {
        !self.of_requests() && self.frame.terms.writes_webhooks()
    }

    /// Query of this very list.
    fn here(&self) -> String {
        self.query.query(&["done", "sent", "left"], &[])
    }

    fn is_first_page(&self) -> bool {
        self.query.some("cursor").is_none()
    }

    fn is_live(&self) -> bool {
        self.is_first_page() && self.query.some("live").is_some()
    }

    /// Filters that are set.
    fn chips(&self) -> Vec<Chip<'_>> {
        let kind = if self.of_requests() { "api_request" } else { "webhook_delivery" };
        let set = FILTERS.iter().filter(|filter| belongs(filter, kind)).filter_map(|filter| {
            let value = self.query.some(filter)?;
            let less = [NOT_FILTERS, &[*filter]].concat();
            let is_of_time = matches!(*filter, "since" | "until");
            Some(Chip {
                label: label(filter, self.frame.say),
                value: self.named(filter, value),
                moment: is_of_time.then(|| instant(value)).flatten(),
                without: self.query.query(&less, &[]),
            })
        });
        set.collect()
    }

    /// Value of a filter as people know it: a webhook's URL, a key's name.
    fn named<'b>(&'b self, filter: &str, value: &'b str) -> Cow<'b, str> {
        let say = self.frame.say;
        let url = self.webhooks.iter().find(|webhook| webhook.id == value);
        let key = self.keys.iter().find(|key| key.id == value);
        match (filter, url, key) {
            ("webhook_id", Some(webhook), _) => Cow::Borrowed(&webhook.webhook_url),
            ("api_key_id", _, Some(key)) => key.title(&say.keys),
            ("environment", ..) => say.common.mode(value),
            _ => Cow::Borrowed(value),
        }
    }

    /// Returns whether any filter is set.
    fn is_filtered(&self) -> bool {
        FILTERS.iter().any(|filter| self.query.some(filter).is_some())
    }
}

async fn list(portal: Portal, query: Fields) -> Shown {
    let webhooks = webhooks(&portal).await?;
    if let Some(searched) = query.some("q") {
        let found = search::find(searched, &keys(&portal).await?, &webhooks);
        return Ok(see_other(&format!("/dashboard/logs{found}")));
    }
    if let Some(form) = export::Form::of(query.get("export")) {
        let keys = keys_of(&portal, &query).await?;
        return Ok(export::file(&portal, &path(&query, &keys, &portal.say().forms)?, form).await?);
    }
    let (status, logs) = logs_page(&portal, &query, webhooks, None).await?;
    Ok(page(status, &logs))
}

/// Shows the list that a form was sent from again, with the reason for its refusal.
pub(super) async fn refused(portal: &Portal, fields: &Fields, refusal: Refusal) -> Shown {
    let status = refusal.status;
    let query = Fields::parse(fields.get("list").as_bytes());
    let webhooks = webhooks(portal).await?;
    let (_, logs) = logs_page(portal, &query, webhooks, Some(refusal)).await?;
    Ok(page(status, &logs))
}

async fn logs_page<'a>(
    portal: &'a Portal,
    query: &'a Fields,
    webhooks: Vec<Webhook>,
    refused: Option<Refusal>,
) -> Result<(StatusCode, LogsPage<'a>), Failure> {
    let keys = keys_of(portal, query).await?;
    let rows: Result<List<Log>, Refusal> = match path(query, &keys, &portal.say().forms) {
        Ok(path) => portal.api.get(&path).await,
        Err(refusal) => Err(refusal),
    };
    let (status, mut rows, mut problems) = match rows {
        Ok(rows) => (StatusCode::OK, rows, Problems::default()),
        Err(refusal) if refusal.status.is_server_error() => return Err(refusal.into()),
        Err(refusal) if refusal.code == "bad_authentication" => return Err(refusal.into()),
        Err(refusal) => {
            let none = List { data: vec![], count: None, next_href: None };
            (refusal.status, none, Problems::new(refusal, FILTERS, 0, &portal.say().forms))
        }
    };
    if let Some(refusal) = refused {
        problems = Problems::new(refusal, FILTERS, 0, &portal.say().forms);
    }
    let attempts = rows.data.iter_mut().filter_map(|row| match row {
        Log::WebhookDelivery(attempt) => Some(&mut **attempt),
        Log::ApiRequest(_) => None,
    });
    retries::settle(attempts, &webhooks);
    let of_requests = query.get("kind") == "api_request";
    let picture = if of_requests { None } else { of_filters(portal, query).await };
    let mut frame = Frame::new(portal, Section::Logs, portal.say().logs.title());
    frame.notice = sent_again(query, portal.say());
    Ok((status, LogsPage { frame, query, rows, picture, webhooks, keys, problems }))
}

/// Notice for rows that were just retried.
fn sent_again<'a>(query: &Fields, say: &'a Words) -> Option<Notice<'a>> {
    let count = |field| query.get(field).parse::<u64>().ok();
    let (sent, left) = count("sent").zip(count("left"))?;
    (query.get("done") == "again").then(|| Notice::again(sent, left, say))
}

/// Webhooks to choose from; none if the session may not see them.
pub(super) async fn webhooks(portal: &Portal) -> Result<Vec<Webhook>, Refusal> {
    if !portal.terms.reads_webhooks() {
        return Ok(vec![]);
    }
    let webhooks: List<Webhook> = portal.api.get("/v1/webhooks?per_page=100").await?;
    Ok(webhooks.data)
}

/// Keys to choose from; none if the session may not see them.
async fn keys(portal: &Portal) -> Result<Vec<ApiKey>, Refusal> {
    if !portal.terms.reads_keys() {
        return Ok(vec![]);
    }
    let keys: List<ApiKey> =
        portal.api.get("/v1/api_keys?per_page=100&include_expired=true").await?;
    Ok(keys.data)
}

/// Keys to choose from in the log that the query asks for: none in that of deliveries.
async fn keys_of(portal: &Portal, query: &Fields) -> Result<Vec<ApiKey>, Refusal> {
    if query.get("kind") == "api_request" { keys(portal).await } else { Ok(vec![]) }
}

/// Label of a filter.
fn label<'a>(filter: &str, say: &'a Words) -> Cow<'a, str> {
    if filter == "environment" { say.common.environment() } else { say.logs.label(filter) }
}

/// Path in the API of the list that the query asks for.
fn path(query: &Fields, keys: &[ApiKey], say: &FormWords) -> Result<String, Refusal> {
    let kind = if query.get("kind") == "api_request" { "api_request" } else { "webhook_delivery" };
    let mut path = format!("/v1/logs?kind={kind}");
    for filter in FILTERS.iter().filter(|filter| belongs(filter, kind)) {
        let Some(text) = query.some(filter) else { continue };
        let value = match *filter {
            "since" | "until" => {
                let wrong = || Refusal::of(filter, &say.date());
                instant(text).ok_or_else(wrong)?.to_string()
            }
            "api_key_id" => search::key_named(text, keys).unwrap_or(text).to_owned(),
            _ => text.to_owned(),
        };
        path = format!("{path}&{filter}={}", encoded(&value));
    }
    if query.some("live").is_some() {
        // Rows are listed in the order of writing, so that slow attempts come to the top as well.
        path = format!("{path}&written_since={}", encoded(&Timestamp::from_millis(0).to_string()));
    }
    if let Some(cursor) = query.some("cursor") {
        path = format!("{path}&cursor={}", encoded(cursor));
    }
    Ok(path)
}

/// Returns whether a log has a filter.
fn belongs(filter: &str, kind: &str) -> bool {
    match filter {
        "webhook_id" | "event_id" | "event_type" | "object_id" => kind == "webhook_delivery",
        "api_key_id" | "method" | "path" | "ip" | "request_id" => kind == "api_request",
        _ => true,
    }
}

/// Chart of the webhook or environment that is filtered for.
async fn of_filters(portal: &Portal, query: &Fields) -> Option<Picture> {
    let filter = match (query.some("webhook_id"), query.some("environment")) {
        (Some(webhook), _) => format!("webhook_id={}", encoded(webhook)),
        (None, Some(environment)) => format!("environment={}", encoded(environment)),
        (None, None) => String::new(),
    };
    let filter = filter.as_str();
    picture(&portal.api, portal.now, filter).await
}

#[derive(Template)]
#[template(path = "log_delivery.html")]
struct DeliveryPage<'a> {
    frame: Frame<'a>,
    log: &'a Attempt,
    body: Option<String>,
    timelines: Vec<Timeline>,
    takes: bool,
    /// Command that sends the request again from a shell.
    curl: Option<String>,
    once: String,
}

impl DeliveryPage<'_> {
    /// Time of the delivery's next attempt, if there will be one.
    fn next(&self) -> Option<&Timestamp> {
        self.timelines.first()?.coming.first()
    }
}

#[derive(Template)]
#[template(path = "log_request.html")]
struct RequestPage<'a> {
    frame: Frame<'a>,
    log: &'a ApiRequest,
}

async fn one(portal: Portal, Path(id): Path<String>) -> Shown {
    let log: Log = portal.api.get(&format!("/v1/logs/{}", encoded(&id))).await?;
    match log {
        Log::ApiRequest(log) => {
            let title = format!("{} {}", log.method, log.path);
            let frame = Frame::new(&portal, Section::Logs, &title);
            shown(&RequestPage { frame, log: &log })
        }
        Log::WebhookDelivery(log) => {
            let (timelines, takes) = timeline_of(&portal, &log).await?;
            let title = portal.say().logs.attempt_of(&log.event_type, log.attempt);
            let frame = Frame::new(&portal, Section::Logs, title);
            let body = log.request.body.as_deref().map(readable);
            let (once, curl) = (portal.page.once(), curl::command(&log));
            shown(&DeliveryPage { frame, log: &log, body, timelines, takes, curl, once })
        }
    }
}

/// Timeline of the delivery that an attempt belongs to, and whether it can be sent again. None once
/// the event has expired.
async fn timeline_of(
    portal: &Portal,
    log: &Attempt,
) -> Result<(Vec<Timeline>, bool), crate::html::Failure> {
    let event = portal.api.get::<Event>(&format!("/v1/events/{}", log.event_id)).await;
    let mut event = match event {
        Ok(event) => event,
        Err(refusal) if refusal.code == "not_found" => return Ok((vec![], false)),
        Err(refusal) => return Err(refusal.into()),
    };
    event.deliveries.retain(|delivery| delivery.webhook_id == log.webhook_id);
    let Timelines { shown, webhooks, .. } = timeline::of(portal, &mut event).await?;
    let takes = |webhook: &Webhook| webhook.id == log.webhook_id && webhook.is_enabled();
    let takes = portal.terms.writes_webhooks() && webhooks.iter().any(takes);
    Ok((shown, takes))
}
