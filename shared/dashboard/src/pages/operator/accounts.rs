//! Pages of accounts.

mod erase;
mod one;
mod webhook;

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use domain::id::AccountId;
use serde_json::json;

use crate::{
    client::{
        Refusal, encoded,
        resources::{Account, FoundKind, List, Overview, Searched},
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, see_other, shown, told},
    session::{Fields, Form, Operator},
    state::Page,
};

/// The fields of the form for a new account.
const NEW_FIELDS: &[&str] = &["name", "external_id"];

/// Adds the routes of accounts.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/operator/accounts", get(list).post(create))
        .route("/operator/accounts/{id}", get(one::one).post(one::save))
        .route("/operator/accounts/{id}/webhooks/{webhook}", get(webhook::one))
        .route("/operator/accounts/{id}/credential", post(one::credential))
        .route("/operator/accounts/{id}/open", post(one::open))
        .route("/operator/accounts/{id}/sessions/{session}/end", post(one::end))
        .route("/operator/accounts/{id}/erase", get(erase::ask).post(erase::erase))
        .route("/operator/accounts/{id}/close", post(one::close))
}

#[derive(Template)]
#[template(path = "operator_accounts.html")]
struct AccountsPage<'a> {
    frame: OperatorFrame<'a>,
    accounts: List<Account>,
    overviews: Vec<Overview>,
    /// Accounts that have what is searched.
    searched: Searched,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
    once: String,
}

impl AccountsPage<'_> {
    /// Overview of an account of the list.
    fn overview(&self, id: &str) -> Option<&Overview> {
        self.overviews.iter().find(|overview| overview.account_id == id)
    }

    /// Name of what was found.
    fn kind(&self, kind: FoundKind) -> Cow<'_, str> {
        let say = &self.frame.say.operator;
        match kind {
            FoundKind::ApiKey => say.api_key(),
            FoundKind::Webhook => say.webhook(),
            FoundKind::Event => say.event(),
            FoundKind::Log => say.log_row(),
            FoundKind::PortalSession => say.session(),
            FoundKind::Request => say.request(),
            FoundKind::Object => say.object(),
        }
    }

    fn next(&self) -> Option<String> {
        let cursor = self.accounts.next()?;
        Some(self.query.query(&["cursor", "done"], &[("cursor", &cursor)]))
    }
}

async fn list(operator: Operator, query: Fields) -> Shown {
    let search = query.get("search");
    // A search for a whole identifier leads straight to the account.
    if search.parse::<AccountId>().is_ok() {
        return Ok(see_other(&format!("/operator/accounts/{search}")));
    }
    let nothing = Fields::default();
    shown(&accounts_page(&operator, &query, &nothing, Problems::default()).await?)
}

async fn accounts_page<'a>(
    operator: &'a Operator,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
) -> Result<AccountsPage<'a>, Refusal> {
    let mut asked = vec![];
    for filter in ["search", "cursor"] {
        asked.extend(query.some(filter).map(|text| (filter, text)));
    }
    let path = format!("/v1/accounts?{}", Fields::default().query(&[], &asked));
    let title = operator.page.say().operator.accounts();
    let frame = OperatorFrame::new(operator, OperatorSection::Accounts, title);
    let accounts: List<Account> = operator.api.get(&path).await?;
    Ok(AccountsPage {
        frame: frame.after(query.get("done")),
        overviews: overviews(operator, &accounts.data).await,
        searched: searched(operator, query, accounts.data.is_empty()).await?,
        accounts,
        query,
        form,
        problems,
        once: operator.page.once(),
    })
}

/// Reads what each of `accounts` has. None of them if the API does not answer: the page is shown
/// without it.
async fn overviews(operator: &Operator, accounts: &[Account]) -> Vec<Overview> {
    let ids: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    let path = format!("/page/accounts?ids={}", encoded(&ids.join(",")));
    operator.api.get(&path).await.unwrap_or_default()
}

/// Looks into the accounts for what is searched, unless it is of accounts themselves.
async fn searched(
    operator: &Operator,
    query: &Fields,
    is_no_account: bool,
) -> Result<Searched, Refusal> {
    match query.some("search").filter(|_| is_no_account) {
        None => Ok(Searched::default()),
        Some(text) => operator.api.get(&format!("/page/found?text={}", encoded(text))).await,
    }
}

async fn create(Form { who: operator, fields }: Form<Operator>) -> Shown {
    let mut body = json!({ "name": fields.get("name") });
    if let Some(external_id) = fields.some("external_id") {
        body["external_id"] = json!(external_id);
    }
    let created: Result<Account, _> =
        operator.api.post_once("/v1/accounts", &body, fields.get("once")).await;
    match created {
        Ok(account) => Ok(told(&format!("/operator/accounts/{}", account.id), "account-created")),
        Err(refusal) => {
            let status = refusal.status;
            let problems = Problems::new(refusal, NEW_FIELDS, 0, &operator.page.say().forms);
            let nothing = Fields::default();
            Ok(page(status, &accounts_page(&operator, &nothing, &fields, problems).await?))
        }
    }
}
