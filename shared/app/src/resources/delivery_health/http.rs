//! Route of the health of deliveries.

use axum::extract::State;

use super::{
    failing::{Known, failing},
    place::Place,
    ranking::Tally,
    representation::{Failing, MostFailing, Resource, Slow, Which},
};
use crate::{
    App,
    http::{
        extract::{Asks, NoQuery, Operator},
        routes::{Routes, routes},
    },
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
    let tallied = most_failing.iter().chain(&slowest).map(|(place, _)| *place);
    let places = failing.iter().map(|(place, _)| *place).chain(tallied);
    let known = Known::look_up(backend, places).await?;
    let resource = Resource {
        object: "delivery_health",
        failing: failing
            .into_iter()
            .map(|(place, failing_since)| Failing { webhook: which(&known, place), failing_since })
            .collect(),
        most_failing: most_failing
            .into_iter()
            .map(|(place, Tally { attempts, last_at, .. })| MostFailing {
                webhook: which(&known, place),
                failed_first_attempts: attempts,
                last_at,
            })
            .collect(),
        slowest: slowest
            .into_iter()
            .map(|(place, Tally { attempts, slowest_ms, last_at })| Slow {
                webhook: which(&known, place),
                slow_attempts: attempts,
                slowest_ms,
                last_at,
            })
            .collect(),
    };
    Ok(Reply::ok(&resource))
}

/// Returns the webhook at `place` as lists show it.
fn which(known: &Known, (account_id, webhook_id): Place) -> Which {
    let webhook = known.webhooks.get(&webhook_id);
    Which {
        account_id,
        account_name: known.accounts.get(&account_id).cloned(),
        webhook_id,
        webhook_url: webhook.map(|(url, _)| url.clone()),
        environment: webhook.map(|(_, environment)| *environment),
    }
}
