//! Route of the health of deliveries.

use axum::extract::State;
use domain::Timestamp;

use super::{
    failing::{Known, failing},
    place::{MOST_WEBHOOKS, Place},
    ranking::Tally,
    representation::{Failing, MostFailing, Resource, Slow, Trouble, Which},
};
use crate::{
    App, Backend,
    delivery::recent::Recent,
    http::{
        extract::{Asks, NoQuery, Operator},
        routes::{Routes, routes},
    },
    problem::Problem,
    work::{Answered, Reply},
};

/// Returns the routes of the health of deliveries.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(retrieve))
}

/// Show how deliveries fare over all accounts
#[utoipa::path(get, path = "/v1/delivery_health", tag = "Logs",
    responses((status = 200, description = "The webhooks that fail and that are slow", body = Resource)))]
async fn retrieve(_: Operator, State(app): State<App>, Asks(work): Asks, _: NoQuery) -> Answered {
    let backend = &work.backend;
    let failing = failing(backend).await?;
    let most_failing = app.rankings.most_failing.look(&work.backend, work.now).await?;
    let slowest = app.rankings.slowest.look(&work.backend, work.now).await?;
    let tallied = most_failing.iter().chain(&slowest).map(|(place, ..)| *place);
    let places = failing.iter().map(|(place, _)| *place).chain(tallied);
    let known = Known::look_up(backend, places).await?;
    let resource = Resource {
        object: "delivery_health",
        failing: in_trouble(backend, &known, failing, work.now).await?,
        most_failing: most_failing
            .into_iter()
            .map(|(place, Tally { recent, last_at, .. })| MostFailing {
                webhook: which(&known, place),
                failed_first_attempts: recent.failed_first,
                last_at,
            })
            .collect(),
        slowest: slowest
            .into_iter()
            .map(|(place, Tally { recent, slowest_ms, last_at, .. })| Slow {
                webhook: which(&known, place),
                slow_attempts: recent.slow,
                slowest_ms,
                last_at,
            })
            .collect(),
    };
    Ok(Reply::ok(&resource))
}

/// Returns those of `failing` that are enabled, with what is counted of their attempts.
async fn in_trouble(
    backend: &Backend,
    known: &Known,
    failing: Vec<(Place, Timestamp)>,
    now: Timestamp,
) -> Result<Vec<Failing>, Problem> {
    let mut in_trouble = Vec::new();
    for (place @ (account, id), since) in failing {
        let Some(webhook) = known.webhooks.get(&id).filter(|webhook| webhook.is_enabled) else {
            continue;
        };
        if in_trouble.len() == MOST_WEBHOOKS {
            break;
        }
        let recent = Recent::of(backend, (account, webhook.environment, id), now).await?;
        let trouble = Trouble::new(since, recent);
        in_trouble.push(Failing { webhook: which(known, place), trouble });
    }
    Ok(in_trouble)
}

/// Returns the webhook at `place` as lists show it.
fn which(known: &Known, (account_id, webhook_id): Place) -> Which {
    let webhook = known.webhooks.get(&webhook_id);
    Which {
        account_id,
        account_name: known.accounts.get(&account_id).cloned(),
        webhook_id,
        webhook_url: webhook.map(|webhook| webhook.url.clone()),
        environment: webhook.map(|webhook| webhook.environment),
        status: webhook.map(|webhook| if webhook.is_enabled { "enabled" } else { "disabled" }),
    }
}
