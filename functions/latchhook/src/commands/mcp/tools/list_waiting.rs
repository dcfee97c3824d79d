//! `list_waiting`: which webhooks fail, and which deliveries wait for another attempt.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{Environment, Event, ListedDelivery, Tool, Untrusted, size};
use crate::{
    client::Query,
    commands::mcp::{
        api::{Api, OnAccount, Page},
        refusal::{Refusal, Scopes},
        untrusted::NAME,
    },
};

const SCOPES: Scopes = &["logs:read", "events:read"];

/// Tool that lists what waits.
pub(in crate::commands::mcp) struct ListWaiting;

/// Arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::commands::mcp) struct Input {
    /// The account, acct_…; without it, failing webhooks of all accounts.
    account: Option<String>,
    /// Only of this environment.
    environment: Option<Environment>,
    /// The most of each list: 10 unless said, 25 at most.
    limit: Option<usize>,
}

/// Result.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands::mcp) struct Output {
    summary: String,
    next_steps: Vec<String>,
    /// Enabled webhooks whose every delivery fails, longest first.
    failing_webhooks: Vec<FailingWebhook>,
    /// Number of deliveries of the account that wait for an attempt, as far as they were counted.
    waiting: Option<u64>,
    /// True if more than those may wait.
    waiting_may_be_more: Option<bool>,
    /// Deliveries of the account that wait for another attempt, newest first.
    retrying: Vec<ListedDelivery>,
}

/// Webhook whose every delivery fails.
#[derive(Serialize, JsonSchema)]
struct FailingWebhook {
    account_id: Option<String>,
    account_name: Option<Untrusted>,
    webhook_id: String,
    environment: Option<String>,
    webhook_url: Option<Untrusted>,
    failing_since: String,
    /// Time from which the next failure disables it.
    disabled_from: Option<String>,
    attempts_in_24_hours: u64,
    failures_in_24_hours: u64,
    response_status: Option<u16>,
    error_code: Option<String>,
    /// Meaning of the cause, and what to check.
    meaning: Option<String>,
}

/// Failing webhook, as the API shows it: whole to the operator, and by its identifier to an account.
#[derive(Deserialize)]
struct Failing {
    account_id: Option<String>,
    account_name: Option<String>,
    webhook_id: String,
    webhook_url: Option<String>,
    environment: Option<String>,
    failing_since: String,
    disables_at: Option<String>,
    recent_attempts: u64,
    recent_failures: u64,
    cause: Option<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    response_status: Option<u16>,
    error_code: String,
}

impl From<Failing> for FailingWebhook {
    fn from(failing: Failing) -> Self {
        let untrusted = |text: String| Untrusted::new(&text, NAME);
        let meaning =
            |cause: &Cause| dashboard::what_to_check(cause.response_status, &cause.error_code);
        Self {
            meaning: failing.cause.as_ref().and_then(meaning),
            response_status: failing.cause.as_ref().and_then(|cause| cause.response_status),
            error_code: failing.cause.map(|cause| cause.error_code),
            account_id: failing.account_id,
            account_name: failing.account_name.map(untrusted),
            webhook_id: failing.webhook_id,
            environment: failing.environment,
            webhook_url: failing.webhook_url.map(untrusted),
            failing_since: failing.failing_since,
            disabled_from: failing.disables_at,
            attempts_in_24_hours: failing.recent_attempts,
            failures_in_24_hours: failing.recent_failures,
        }
    }
}

impl Tool for ListWaiting {
    const NAME: &'static str = "list_waiting";
    const TITLE: &'static str = "List what fails and waits";
    const DESCRIPTION: &'static str = "Lists webhooks whose every delivery fails, with since when and why; \
        with an account also its deliveries that wait for another attempt. Call it for questions such as \
        \"is anything wrong?\" or \"what is stuck for this customer?\".";
    type Input = Input;
    type Output = Output;

    async fn call(api: &Api, input: Input, _: bool) -> Result<Output, Refusal> {
        let most = size(input.limit);
        let Some(on) = api.on(input.account.as_deref(), SCOPES)? else {
            let failing = of_installation(api, input.environment, most).await?;
            return Ok(Output::new(failing, None, vec![]));
        };
        let stats = stats(&on, input.environment).await?;
        let failing = stats.failing.into_iter().map(FailingWebhook::from).take(most).collect();
        let retrying = retrying(&on, input.environment, most).await?;
        Ok(Output::new(failing, Some(stats.waiting), retrying))
    }
}

/// Reads which webhooks of the whole installation fail.
async fn of_installation(
    api: &Api,
    environment: Option<Environment>,
    most: usize,
) -> Result<Vec<FailingWebhook>, Refusal> {
    #[derive(Deserialize)]
    struct Health {
        failing: Vec<Failing>,
    }
    let health: Health = api.get(Query::new("/v1/delivery_health"), SCOPES).await?;
    let wanted = environment.map(Environment::as_str);
    let is_wanted = |one: &Failing| wanted.is_none() || one.environment.as_deref() == wanted;
    let failing = health.failing.into_iter().filter(is_wanted);
    Ok(failing.take(most).map(FailingWebhook::from).collect())
}

/// Numbers of an account's deliveries.
#[derive(Deserialize)]
struct Stats {
    waiting: Waiting,
    failing: Vec<Failing>,
}

#[derive(Deserialize)]
struct Waiting {
    count: u64,
    sampled: bool,
}

async fn stats(on: &OnAccount, environment: Option<Environment>) -> Result<Stats, Refusal> {
    let query = Query::new("/v1/delivery_stats").with("buckets", Some("1"));
    on.get(query.with("environment", environment.map(Environment::as_str))).await
}

async fn retrying(
    on: &OnAccount,
    environment: Option<Environment>,
    most: usize,
) -> Result<Vec<ListedDelivery>, Refusal> {
    let query = Query::new("/v1/events")
        .with("status", Some("retrying"))
        .with("environment", environment.map(Environment::as_str))
        .with("per_page", Some(most.to_string()));
    let events: Page<Event> = on.get(query).await?;
    let mut retrying = Vec::new();
    for event in &events.data {
        let of_event = event.deliveries.iter().filter(|delivery| delivery.status == "retrying");
        retrying.extend(of_event.map(|delivery| ListedDelivery::of(event, delivery)));
    }
    retrying.truncate(most);
    Ok(retrying)
}

impl Output {
    fn new(
        failing: Vec<FailingWebhook>,
        waiting: Option<Waiting>,
        retrying: Vec<ListedDelivery>,
    ) -> Self {
        let summary = match (&waiting, failing.len()) {
            (None, 0) => "No webhook of any account fails everything.".to_owned(),
            (None, count) => format!("{count} webhooks fail everything that they are sent."),
            (Some(waiting), count) => {
                let more = if waiting.sampled { "at least " } else { "" };
                let waiting = waiting.count;
                format!(
                    "{count} webhooks of the account fail everything; {more}{waiting} deliveries wait."
                )
            }
        };
        let mut next_steps = Vec::new();
        if !retrying.is_empty() {
            next_steps.push(
                "explain_delivery says why one of them failed. They are tried again by themselves."
                    .to_owned(),
            );
        }
        if waiting.is_none() && !failing.is_empty() {
            next_steps.push("Pass an account to see what waits for it.".to_owned());
        }
        if !failing.is_empty() {
            next_steps.push(
                "Tell whoever runs a failing receiver its meaning. Once it is mended, a person sends \
                 everything again by `latchhook webhooks recover wh_… --since …`."
                    .to_owned(),
            );
        }
        if next_steps.is_empty() {
            next_steps.push(
                "Nothing has to be done. find_deliveries finds single deliveries.".to_owned(),
            );
        }
        Self {
            summary,
            next_steps,
            failing_webhooks: failing,
            waiting_may_be_more: waiting.as_ref().map(|waiting| waiting.sampled),
            waiting: waiting.map(|waiting| waiting.count),
            retrying,
        }
    }
}
