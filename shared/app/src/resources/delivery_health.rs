//! Health of deliveries over all accounts, for the operator.

mod ranking;

use std::collections::BTreeMap;

use axum::extract::State;
use domain::{
    Environment, Redacted, Timestamp,
    account::Account,
    id::{AccountId, WebhookId},
    webhook::Webhook,
};
use ports::store::{Key, Order, Query, Range};
pub use ranking::Rankings;
use ranking::Tally;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App, Backend,
    delivery::attempt::Health,
    http::{
        answer::Answered,
        extract::{Asks, NoQuery, Operator},
        openapi::vocabulary,
        routes::{Routes, routes},
    },
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Reply, read},
};

/// Maximum number of webhooks in each list.
const MOST_WEBHOOKS: usize = 25;

/// Returns the routes of the health of deliveries.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(retrieve))
}

/// Health of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryHealth)]
struct Resource {
    #[schema(example = "delivery_health")]
    object: &'static str,
    /// Webhooks whose every delivery fails, longest first; 25 at most.
    failing: Vec<Failing>,
    /// Webhooks with the most failures among about the newest 250 first attempts that failed; 25 at
    /// most. The first attempt of an event's delivery counts, not a retry, resend, recovery or
    /// ping. If there are more than 50, they are counted every five seconds.
    most_failing: Vec<MostFailing>,
    /// Webhooks with the slowest of about the newest 250 attempts that took a second or more; 25 at
    /// most. If there are more than 50, they are ranked every five seconds.
    slowest: Vec<Slow>,
}

/// Webhook in a list.
#[derive(Debug, Serialize, ToSchema)]
struct Which {
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Display name of the account.
    account_name: Option<String>,
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    webhook_id: WebhookId,
    /// URL with its credentials masked; `null` once the webhook is deleted.
    #[schema(value_type = Option<String>)]
    webhook_url: Option<Redacted>,
    #[schema(value_type = Option<vocabulary::Environment>)]
    environment: Option<Environment>,
}

/// A webhook whose every delivery fails.
#[derive(Debug, Serialize, ToSchema)]
struct Failing {
    #[serde(flatten)]
    webhook: Which,
    /// Time since when every delivery has failed; after 60 days the webhook is disabled.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    failing_since: Timestamp,
}

/// A webhook with many failed deliveries.
#[derive(Debug, Serialize, ToSchema)]
struct MostFailing {
    #[serde(flatten)]
    webhook: Which,
    /// Number of the failed first attempts examined that went to this webhook.
    failed_first_attempts: u64,
    /// Time of the newest of them.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    last_at: Timestamp,
}

/// A slow webhook.
#[expect(clippy::struct_field_names, reason = "`slow_attempts` says more than `attempts` would")]
#[derive(Debug, Serialize, ToSchema)]
struct Slow {
    #[serde(flatten)]
    webhook: Which,
    /// Number of the slow attempts examined that went to this webhook.
    slow_attempts: u64,
    /// Duration of the slowest of them.
    slowest_ms: u64,
    /// Time of the newest of them.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    last_at: Timestamp,
}

/// Webhook of an account, by which its documents are found.
type Place = (AccountId, WebhookId);

/// Show how deliveries fare over all accounts
#[utoipa::path(get, path = "/v1/delivery_health", tag = "Logs",
    responses((status = 200, description = "The webhooks that fail and that are slow", body = Resource)))]
async fn retrieve(_: Operator, State(app): State<App>, Asks(work): Asks, _: NoQuery) -> Answered {
    let backend = &work.backend;
    let failing = failing(backend).await?;
    let most_failing = app.rankings.most_failing.look(&work).await?;
    let slowest = app.rankings.slowest.look(&work).await?;
    let tallied = most_failing.iter().chain(&slowest).map(|(place, _)| *place);
    let places = failing.iter().map(|(place, _)| *place).chain(tallied);
    let known = Known::look_up(backend, places).await?;
    let resource = Resource {
        object: "delivery_health",
        failing: failing
            .into_iter()
            .map(|(place, failing_since)| Failing { webhook: known.which(place), failing_since })
            .collect(),
        most_failing: most_failing
            .into_iter()
            .map(|(place, Tally { attempts, last_at, .. })| MostFailing {
                webhook: known.which(place),
                failed_first_attempts: attempts,
                last_at,
            })
            .collect(),
        slowest: slowest
            .into_iter()
            .map(|(place, Tally { attempts, slowest_ms, last_at })| Slow {
                webhook: known.which(place),
                slow_attempts: attempts,
                slowest_ms,
                last_at,
            })
            .collect(),
    };
    Ok(Reply::ok(&resource))
}

async fn failing(backend: &Backend) -> Result<Vec<(Place, Timestamp)>, Problem> {
    let query = Query {
        partition: collections::failing_webhooks(),
        index: true,
        range: Range::default(),
        order: Order::Ascending,
        limit: MOST_WEBHOOKS,
    };
    let mut failing = Vec::new();
    for row in backend.store.query(&query).await? {
        let webhook = row.document.key.sort.parse().map_err(|_| Code::Unavailable)?;
        let health: Health = read(&row.document.body)?;
        failing.push(((account_of(&row.document.key)?, webhook), health.failing_since));
    }
    Ok(failing)
}

/// Returns the account whose document it is.
fn account_of(key: &Key) -> Result<AccountId, Problem> {
    let account = key.partition.as_str().split('/').next().unwrap_or_default();
    account.parse().map_err(|_| Code::Unavailable.into())
}

/// Accounts and webhooks by their identifiers.
#[derive(Default)]
struct Known {
    accounts: BTreeMap<AccountId, String>,
    webhooks: BTreeMap<WebhookId, (Redacted, Environment)>,
}

impl Known {
    async fn look_up(
        backend: &Backend,
        places: impl Iterator<Item = Place>,
    ) -> Result<Self, Problem> {
        let mut known = Self::default();
        let (mut accounts, mut webhooks) = (Vec::new(), Vec::new());
        for (account, webhook) in places {
            accounts.push(collections::accounts().key(account));
            webhooks.extend(
                Environment::ALL
                    .iter()
                    .map(|env| collections::webhooks(account, *env).key(webhook)),
            );
        }
        for document in backend.store.get(&accounts).await?.into_iter().flatten() {
            let account = Versioned::<Account>::read(&document)?.state;
            known.accounts.insert(account.id, account.name);
        }
        for document in backend.store.get(&webhooks).await?.into_iter().flatten() {
            let webhook = Versioned::<Webhook>::read(&document)?.state;
            known
                .webhooks
                .insert(webhook.id, (Redacted::new(&webhook.endpoint.url), webhook.environment));
        }
        Ok(known)
    }

    fn which(&self, (account_id, webhook_id): Place) -> Which {
        let webhook = self.webhooks.get(&webhook_id);
        Which {
            account_id,
            account_name: self.accounts.get(&account_id).cloned(),
            webhook_id,
            webhook_url: webhook.map(|(url, _)| url.clone()),
            environment: webhook.map(|(_, environment)| *environment),
        }
    }
}
