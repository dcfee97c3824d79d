//! `find_deliveries`: deliveries, by whatever somebody has of them.

mod wanted;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use self::wanted::{Place, Wanted};
use super::{Delivery, Environment, Event, ListedDelivery, Status, Tool, Untrusted, size};
use crate::{
    client::Query,
    commands::mcp::{
        api::{Api, OnAccount, Page},
        refusal::{Refusal, Scopes},
        untrusted::{NAME, SENTENCE},
    },
};

const SCOPES: Scopes = &["events:read", "webhooks:read", "logs:read", "accounts:read"];

/// Tool that finds deliveries.
pub(in crate::commands::mcp) struct FindDeliveries;

/// Arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::commands::mcp) struct Input {
    /// Event id (evt_…), identifier of the object that the event is about, webhook id (wh_…)
    /// or URL or a part of it, log row (log_…), or request id (req_…, or the operator's own). Without it,
    /// the newest.
    search: Option<String>,
    /// The account, acct_…; without it, the newest 100 accounts are looked in.
    account: Option<String>,
    /// Only of this environment.
    environment: Option<Environment>,
    /// Only deliveries in this state.
    status: Option<Status>,
    /// The most to list: 10 unless said, 25 at most.
    limit: Option<usize>,
}

/// Result.
#[derive(Default, Serialize, JsonSchema)]
pub(in crate::commands::mcp) struct Output {
    summary: String,
    next_steps: Vec<String>,
    /// Deliveries, newest events first.
    deliveries: Vec<ListedDelivery>,
    /// Events that were meant for no webhook when they were accepted.
    events_without_deliveries: Vec<String>,
    /// API requests with the identifier.
    requests: Vec<Request>,
    /// True if there may be more.
    more: bool,
}

/// Request that was made with an API key.
#[derive(Serialize, JsonSchema)]
struct Request {
    log_id: String,
    at: String,
    environment: String,
    method: Untrusted,
    path: Untrusted,
    response_status: Option<u16>,
    error_code: Option<Untrusted>,
    api_key_id: Option<String>,
}

/// Request, as the API shows it.
#[derive(Deserialize)]
struct ShownRequest {
    id: String,
    created_at: String,
    environment: String,
    method: String,
    path: String,
    status: Option<u16>,
    error_code: Option<String>,
    api_key_id: Option<String>,
}

impl From<ShownRequest> for Request {
    fn from(shown: ShownRequest) -> Self {
        Self {
            log_id: shown.id,
            at: shown.created_at,
            environment: shown.environment,
            method: Untrusted::new(&shown.method, NAME),
            path: Untrusted::new(&shown.path, SENTENCE),
            response_status: shown.status,
            error_code: shown.error_code.map(|code| Untrusted::new(&code, NAME)),
            api_key_id: shown.api_key_id,
        }
    }
}

impl Tool for FindDeliveries {
    const NAME: &'static str = "find_deliveries";
    const TITLE: &'static str = "Find deliveries";
    const DESCRIPTION: &'static str = "Finds deliveries of events to webhooks by whatever is known: event \
        id, id of the event's object, webhook id or URL, log row, request id; or lists an account's newest \
        ones, optionally by status. Begin here. Then explain_delivery says why one failed. Payloads are not \
        shown.";
    type Input = Input;
    type Output = Output;

    async fn call(api: &Api, input: Input, _: bool) -> Result<Output, Refusal> {
        let wanted = Wanted::of(input.search.as_deref())?;
        let filter = Filter {
            environment: input.environment,
            status: input.status,
            webhook: None,
            most: size(input.limit),
        };
        let mut output = Output::default();
        if matches!(wanted, Wanted::Newest) && api.on(input.account.as_deref(), SCOPES)?.is_none() {
            return Err(Refusal::without_account());
        }
        let accounts = api.accounts(input.account.as_deref(), SCOPES).await?;
        for on in &accounts.all {
            search(on, &wanted, filter.clone(), &mut output).await?;
            if output.is_enough(&wanted, filter.most) {
                break;
            }
        }
        output.deliveries.truncate(filter.most);
        output.tell(accounts.more);
        Ok(output)
    }
}

/// Conditions of the deliveries in a result.
#[derive(Clone)]
struct Filter {
    environment: Option<Environment>,
    status: Option<Status>,
    webhook: Option<String>,
    most: usize,
}

impl Filter {
    /// Returns the query for the list of events with such deliveries.
    fn events(&self) -> Query {
        Query::new("/v1/events")
            .with("environment", self.environment.map(Environment::as_str))
            .with("status", self.status.map(Status::as_str))
            .with("webhook_id", self.webhook.as_ref())
            .with("per_page", Some(self.most.to_string()))
    }

    fn lets(&self, delivery: &Delivery) -> bool {
        self.status.is_none_or(|status| delivery.status == status.as_str())
            && self.webhook.as_ref().is_none_or(|webhook| delivery.webhook_id == *webhook)
    }
}

/// Adds what the account has of what is wanted.
async fn search(
    on: &OnAccount,
    wanted: &Wanted<'_>,
    mut filter: Filter,
    output: &mut Output,
) -> Result<(), Refusal> {
    match wanted {
        Wanted::Newest => output.add_page(&on.get(filter.events()).await?, &filter),
        Wanted::Webhook(id) => {
            filter.webhook = Some(id.clone());
            let page: Option<Page<Event>> = on.find(filter.events()).await?;
            if let Some(page) = page {
                output.add_page(&page, &filter);
            }
        }
        Wanted::Event(id) => output.add(on, id, &filter).await?,
        Wanted::Row(id) => {
            let row: Option<Place> = on.find(Query::new(format!("/v1/logs/{id}"))).await?;
            if let Some(Place { event_id: Some(event), webhook_id }) = row {
                filter.webhook = webhook_id;
                output.add(on, &event, &filter).await?;
            }
        }
        Wanted::Named(name) => {
            let environment = filter.environment.map(Environment::as_str);
            for webhook in wanted::webhooks_at(on, name, environment).await? {
                filter.webhook = Some(webhook);
                output.add_page(&on.get(filter.events()).await?, &filter);
            }
            filter.webhook = None;
            let events = filter.events().with("object_id", Some(name));
            output.add_page(&on.get(events).await?, &filter);
            if output.deliveries.is_empty() {
                output.add_requests(on, name, &filter).await?;
            }
        }
    }
    Ok(())
}

impl Output {
    /// Returns whether no other account need be looked in.
    fn is_enough(&self, wanted: &Wanted<'_>, most: usize) -> bool {
        let is_found = !self.deliveries.is_empty() || !self.events_without_deliveries.is_empty();
        let is_whole = self.deliveries.len() >= most || !self.requests.is_empty();
        is_whole || (is_found && wanted.is_of_one_account())
    }

    async fn add(&mut self, on: &OnAccount, event: &str, filter: &Filter) -> Result<(), Refusal> {
        if let Some(event) = on.find(Query::new(format!("/v1/events/{event}"))).await? {
            self.add_event(&event, filter);
        }
        Ok(())
    }

    fn add_page(&mut self, page: &Page<Event>, filter: &Filter) {
        self.more |= page.has_more();
        page.data.iter().for_each(|event| self.add_event(event, filter));
    }

    fn add_event(&mut self, event: &Event, filter: &Filter) {
        if event.deliveries.is_empty() {
            self.events_without_deliveries.push(event.id.clone());
        }
        let deliveries = event.deliveries.iter().filter(|delivery| filter.lets(delivery));
        self.deliveries.extend(deliveries.map(|delivery| ListedDelivery::of(event, delivery)));
        self.more |= self.deliveries.len() > filter.most;
    }

    async fn add_requests(
        &mut self,
        on: &OnAccount,
        request: &str,
        filter: &Filter,
    ) -> Result<(), Refusal> {
        let query = Query::new("/v1/logs")
            .with("kind", Some("api_request"))
            .with("request_id", Some(request))
            .with("environment", filter.environment.map(Environment::as_str))
            .with("per_page", Some(filter.most.to_string()));
        let page: Page<ShownRequest> = on.get(query).await?;
        self.requests.extend(page.data.into_iter().map(Request::from));
        Ok(())
    }

    /// Says what was found, and what to do next; there are `more_accounts` than were looked in.
    fn tell(&mut self, more_accounts: bool) {
        let failed =
            self.deliveries.iter().filter(|delivery| delivery.status != "delivered").count();
        let (count, requests) = (self.deliveries.len(), self.requests.len());
        let next = if count > 0 {
            self.summary = format!("{count} deliveries, of which {failed} are not delivered.");
            "explain_delivery with event and webhook says why one failed."
        } else if requests > 0 {
            self.summary =
                format!("No delivery, but {requests} API requests have this identifier.");
            "error_code says why a request was refused. Requests are not deliveries."
        } else if !self.events_without_deliveries.is_empty() {
            "The event was meant for no webhook.".clone_into(&mut self.summary);
            "No webhook subscribed to it, or no filter matched, when it was accepted. Tell the person."
        } else {
            "Nothing was found.".clone_into(&mut self.summary);
            "Check the identifier and the environment, leave status out, or pass the account. Events and logs \
             are kept for a limited time."
        };
        self.next_steps.push(next.to_owned());
        if count == 0 && more_accounts {
            let next = "Only the newest 100 accounts were looked in: pass the account.";
            self.next_steps.push(next.to_owned());
        }
        if self.more {
            self.next_steps
                .push("There may be more: narrow it by status or environment.".to_owned());
        }
    }
}
