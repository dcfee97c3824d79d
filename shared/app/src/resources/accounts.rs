//! Accounts: the operator's customers.

use domain::{
    Decider as _, Timestamp,
    account::{Account, Command, DEFAULT_WEBHOOK_QUOTA, Rejection},
    id::AccountId,
};
use http::StatusCode;
use ports::{
    Commit,
    store::{Range, StreamId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::find_account,
    http::{
        answer::Answered,
        extract::{Asks, Developer, NoQuery, Operator, PathId, Posted, Query, Sent},
        fields::{optional_time, present},
        list::{List, Listed, PageParams, Source},
        routes::{Routes, routes},
        text::{Name, Reference},
    },
    problem::{Code, Problem},
    resources::audit_events::state_as_of,
    views::{Versioned, collections},
    work::{Halt, Reply, Work, no_refusal, read, refusal},
};

/// Maximum webhook quota per environment that the operator can give an account.
const LARGEST_QUOTA: u32 = 10_000;

/// Returns the routes of accounts.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve, update, close))
}

/// Returns the routes that publishable keys may call.
pub(crate) fn public_routes() -> Routes {
    Routes::new().routes(routes!(own))
}

/// An account: one customer of the operator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct Resource {
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: AccountId,
    #[schema(example = "account")]
    object: &'static str,
    #[schema(example = "/v1/accounts/acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(example = "Ada's Background Checks")]
    name: String,
    /// Identifier in the operator's own system.
    #[schema(example = "customer-42")]
    external_id: Option<String>,
    /// True if live mode is open to the account.
    credentialed: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    credentialed_at: Option<Timestamp>,
    /// Limit of webhooks in each environment.
    #[schema(example = 2)]
    webhook_quota: u32,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
}

impl From<Account> for Resource {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            object: "account",
            uri: format!("/v1/accounts/{}", account.id),
            credentialed: account.is_credentialed(),
            name: account.name,
            external_id: account.external_id,
            credentialed_at: account.credentialed_at,
            webhook_quota: account.webhook_quota,
            created_at: account.created_at,
            closed_at: account.closed_at,
        }
    }
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ada's Background Checks", "external_id": "customer-42"}))]
pub struct CreateAccount {
    /// Display name.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "Ada's Background Checks")]
    name: Name,
    /// Identifier in your own system; unique.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "customer-42")]
    external_id: Option<Reference>,
}

/// A change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"credentialed": true, "webhook_quota": 5}))]
pub struct UpdateAccount {
    /// Display name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    name: Option<Name>,
    /// True to open live mode to the account, false to close it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, example = true)]
    credentialed: Option<bool>,
    /// Limit of webhooks in each environment.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = u32, maximum = 10000, example = 5)]
    webhook_quota: Option<u32>,
}

/// Filters of the list of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only accounts with this in the name, the `external_id` or the `id`, ignoring case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: Option<Name>,
}

impl Filters {
    /// Returns the filter of accounts.
    fn keeps(self) -> impl Fn(&Account) -> bool {
        let wanted = self.search.map(|text| text.0.trim().to_lowercase());
        move |account| {
            wanted.as_ref().is_none_or(|wanted| {
                account.name.to_lowercase().contains(wanted)
                    || account.id.to_string().contains(wanted)
                    || account
                        .external_id
                        .as_ref()
                        .is_some_and(|id| id.to_lowercase().contains(wanted))
            })
        }
    }
}

/// Query for the settings as they were at a time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOf {
    /// Show the account as it was at this time.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// Open an account
#[utoipa::path(post, path = "/v1/accounts", tag = "Accounts", request_body = CreateAccount,
    responses((status = 201, description = "The new account", body = Resource)))]
async fn create(_: Operator, Posted(input, work): Posted<CreateAccount>) -> Answered {
    let id = work.backend.new_id(work.now);
    let place = work.backend.vault.open_account(id).await?;
    let taken = Code::Conflict.of("external_id").saying("Another account has this external_id.");
    let taken = refusal(collections::ACCOUNT_EXTERNAL_IDS, taken);
    work.run(|| async {
        let command = Command::Open {
            id,
            name: input.name.0.clone(),
            external_id: input.external_id.clone().map(|id| id.0),
            webhook_quota: DEFAULT_WEBHOOK_QUOTA,
        };
        let events = Account::decide(None, command, work.now)?;
        let mut commit = Commit { writes: place.clone(), ..Commit::default() };
        let opened = work.record::<Account>(&mut commit, None, events).ok_or(Code::NotFound)?;
        let reply = Reply::new(StatusCode::CREATED, &Resource::from(opened.state));
        work.commit(commit, &reply, &taken).await.map(|()| reply)
    })
    .await
}

/// List accounts
#[utoipa::path(get, path = "/v1/accounts", tag = "Accounts", params(Filters, PageParams),
    responses((status = 200, description = "Accounts, newest first", body = List<Resource>)))]
async fn list(_: Operator, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let counts = listed.filters.search.is_none();
    let keeps = listed.filters.keeps();
    let source =
        Source { partitions: vec![collections::accounts()], index: false, range: Range::default() };
    let rows = source
        .page(&work.backend, &listed.page, |row| {
            let account: Versioned<Account> = read(&row.document.body)?;
            Ok(Some(account.state).filter(&keeps).map(Resource::from))
        })
        .await?;
    let count = if counts {
        Some(work.backend.store.counter(&collections::account_count()).await?)
    } else {
        None
    };
    Ok(Reply::ok(&listed.page.list(rows, count)))
}

/// Show an account
#[utoipa::path(get, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path), AsOf),
    responses((status = 200, description = "The account", body = Resource)))]
async fn retrieve(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<AccountId>,
    Query(query): Query<AsOf>,
) -> Answered {
    let account = match query.as_of {
        None => find_account(&work.backend, id).await?.map(|found| found.state),
        Some(at) => state_as_of::<Account>(&work.backend, StreamId::Account(id), at).await?,
    };
    let account = account.ok_or(Code::NotFound)?;
    Ok(Reply::ok(&Resource::from(account)))
}

/// Show your own account
#[utoipa::path(get, path = "/v1/account", tag = "Accounts",
    responses((status = 200, description = "The caller's account", body = Resource)))]
async fn own(Developer(access): Developer, _: NoQuery) -> Answered {
    Ok(Reply::ok(&Resource::from(access.account.state.clone())))
}

/// Change an account
#[utoipa::path(patch, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path)),
    request_body = UpdateAccount,
    responses((status = 200, description = "The changed account", body = Resource)))]
async fn update(
    _: Operator,
    PathId(id): PathId<AccountId>,
    Sent(input, work): Sent<UpdateAccount>,
) -> Answered {
    if input.webhook_quota.is_some_and(|quota| quota > LARGEST_QUOTA) {
        return Err(Problem::invalid(
            "webhook_quota",
            format_args!("must be 0 to {LARGEST_QUOTA}"),
        ));
    }
    decided(&work, id, || Command::Update {
        name: input.name.clone().map(|name| name.0),
        credentialed: input.credentialed,
        webhook_quota: input.webhook_quota,
    })
    .await
}

/// Close an account
#[utoipa::path(delete, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path)),
    responses((status = 200, description = "The closed account", body = Resource)))]
async fn close(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<AccountId>,
    _: NoQuery,
) -> Answered {
    let destroyed = work.backend.vault.close_account(id).await?;
    work.run(|| async {
        let account = find_account(&work.backend, id).await?.ok_or(Code::NotFound)?;
        let events = Account::decide(Some(&account.state), Command::Close, work.now)?;
        let mut commit = Commit { writes: destroyed.clone(), ..Commit::default() };
        let closed = work.record(&mut commit, Some(&account), events).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&Resource::from(closed.state));
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Decides `command` on the account and answers with the resulting account.
async fn decided(work: &Work, id: AccountId, command: impl Fn() -> Command) -> Answered {
    work.run(|| async {
        let account = find_account(&work.backend, id).await?.ok_or(Code::NotFound)?;
        let events = Account::decide(Some(&account.state), command(), work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&account), events).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&Resource::from(after.state));
        work.commit(commit, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyOpen => Code::Conflict.into(),
            Rejection::Closed => Code::AccountClosed.into(),
        }
    }
}
