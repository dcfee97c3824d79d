//! Lists of the rows of the logs.

use domain::{
    Environment,
    id::{AccountId, LogId},
};

use super::{
    of_events::of_events,
    request::near,
    rows::{LogRow, kept, request_row, with_events},
    wanted::{Kind, Wanted},
};
use crate::{
    Backend,
    auth::Access,
    documents::{WrittenRow, read},
    paging::{Page, Rows, Source},
    problem::Problem,
    views::{Spread, SpreadList, collections},
};

/// Reads a page of the rows, newest first.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let environments = access.listed(wanted.environment)?;
    match wanted.kind()? {
        Kind::ApiRequest => of_requests(backend, access, environments, wanted, page).await,
        Kind::WebhookDelivery if wanted.event.is_some() || wanted.object.is_some() => {
            of_events(backend, access, environments, wanted, page).await
        }
        Kind::WebhookDelivery => of_deliveries(backend, access, environments, wanted, page).await,
    }
}

async fn of_deliveries(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let spread = Spread::of(&*backend.store);
    let of_each = |list: fn(AccountId, Environment) -> SpreadList| {
        spread.all_of(environments.iter().map(|env| list(access.id(), *env)))
    };
    let late = of_each(collections::delivery_logs_late).into_iter();
    let sources = match (wanted.webhook, wanted.status) {
        (Some(webhook), _) => {
            let list = collections::delivery_logs_by_webhook(access.id(), webhook);
            wanted.sources(spread.all(&list), true, late)
        }
        (None, Some(status)) if status.is_failed() => {
            let former = of_each(collections::delivery_logs_failed);
            let mut sources = wanted.sources(former, true, late);
            let failed = of_each(collections::failed_attempts);
            sources.extend(wanted.sources(failed, false, [].into_iter()));
            sources
        }
        (None, _) => {
            let all = environments.iter().flat_map(|env| collections::attempts(access.id(), *env));
            wanted.sources(spread.all_of(all), false, late)
        }
    };
    let rows = Source::page_of(&sources, backend, page, |row| {
        let kept = kept(&row.document, wanted, Some(row))?;
        let there = kept.filter(|kept| environments.contains(&kept.environment));
        Ok(there.map(|kept| (row.document.clone(), kept)))
    })
    .await?;
    rows.try_map_all(|rows| with_events(backend, access.id(), rows)).await
}

/// Reads a page of the API log.
async fn of_requests(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let all = |env: &Environment| collections::request_logs(access.id(), *env);
    let all = environments.iter().map(all).collect();
    let late = |env: &Environment| collections::request_logs_late(access.id(), *env);
    let late = environments.iter().map(late);
    let sources = match (&wanted.requests.request, wanted.requests.api_key) {
        (Some(request), _) => {
            let named =
                |env: &Environment| collections::request_logs_by_id(access.id(), *env, request);
            let range = wanted.period.of_ids(LogId::PREFIX);
            let named = environments.iter().map(named).collect();
            let named = Source { partitions: named, index: true, range };
            let near = near(request).map(|period| period.of_ids(LogId::PREFIX));
            let near = near.map(|range| Source { partitions: all, index: false, range });
            [named].into_iter().chain(near).collect()
        }
        (None, Some(key)) => {
            wanted.sources(vec![collections::request_logs_by_key(access.id(), key)], true, late)
        }
        (None, None) => wanted.sources(all, false, late),
    };
    Source::page_of(&sources, backend, page, |row| {
        let WrittenRow { row: kept, written_at } = read(&row.document.body)?;
        let details = &kept.details;
        let succeeded =
            details.status.is_some_and(|status| status < 400) && details.error_code.is_none();
        let passes = environments.contains(&kept.environment)
            && wanted.requests.passes(&kept)
            && wanted.times_pass(kept.created_at, written_at, Some(row))
            && wanted.status.is_none_or(|status| status.is(succeeded, details.status));
        passes.then(|| request_row(&row.document, kept)).transpose()
    })
    .await
}
