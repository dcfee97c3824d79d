//! Pages of accounts.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use domain::id::AccountId;
use http::{Method, request::Parts};
use serde_json::{Value, json};

use crate::{
    client::{
        Refusal, encoded,
        resources::{Account, List, OpenedSession, PortalSession},
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, see_other, shown, told},
    session::{Fields, Form, Operator},
    state::Page,
};

/// The fields of the form for a new account.
const NEW_FIELDS: &[&str] = &["name", "external_id"];
/// The fields of the form that changes an account.
const CHANGE_FIELDS: &[&str] = &["name", "webhook_quota"];
/// The field of the form that closes an account.
const CLOSE_FIELDS: &[&str] = &["confirm"];

/// Adds the routes of accounts.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/operator/accounts", get(list).post(create))
        .route("/operator/accounts/{id}", get(one).post(save))
        .route("/operator/accounts/{id}/credential", post(credential))
        .route("/operator/accounts/{id}/open", post(open))
        .route("/operator/accounts/{id}/sessions/{session}/end", post(end))
        .route("/operator/accounts/{id}/close", post(close))
}

#[derive(Template)]
#[template(path = "operator_accounts.html")]
struct AccountsPage<'a> {
    frame: OperatorFrame<'a>,
    accounts: List<Account>,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
    once: String,
}

impl AccountsPage<'_> {
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
    let frame = OperatorFrame::new(operator, OperatorSection::Accounts, "Accounts");
    Ok(AccountsPage {
        frame: frame.after(query.get("done")),
        accounts: operator.api.get(&path).await?,
        query,
        form,
        problems,
        once: operator.page.once(),
    })
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
            let problems = Problems::new(refusal, NEW_FIELDS, 0);
            let nothing = Fields::default();
            Ok(page(status, &accounts_page(&operator, &nothing, &fields, problems).await?))
        }
    }
}

#[derive(Template)]
#[template(path = "operator_account.html")]
struct AccountPage<'a> {
    frame: OperatorFrame<'a>,
    account: &'a Account,
    /// Open portal sessions; all there can be, unless the operator raised their quota.
    sessions: Vec<PortalSession>,
    form: &'a Fields,
    changing: Problems,
    closing: Problems,
}

impl AccountPage<'_> {
    /// Value of a field: the input if the form was refused, otherwise the current value.
    fn edited(&self, field: &str, current: &(impl ToString + ?Sized)) -> String {
        if self.changing.any() { self.form.get(field).to_owned() } else { current.to_string() }
    }
}

/// Path of an account in the API.
fn path(id: &str) -> String {
    format!("/v1/accounts/{}", encoded(id))
}

async fn one(operator: Operator, Path(id): Path<String>, query: Fields) -> Shown {
    let account: Account = operator.api.get(&path(&id)).await?;
    let frame = OperatorFrame::new(&operator, OperatorSection::Accounts, &account.name);
    let (form, frame) = (Fields::default(), frame.after(query.get("done")));
    let (changing, closing) = (Problems::default(), Problems::default());
    let sessions = open_sessions(&operator, &id).await?;
    shown(&AccountPage { frame, account: &account, sessions, form: &form, changing, closing })
}

/// Reads the portal sessions of an account that are open: the newest hundred at most.
async fn open_sessions(operator: &Operator, id: &str) -> Result<Vec<PortalSession>, Refusal> {
    let path = "/v1/portal_sessions?per_page=100";
    let mut sessions: List<PortalSession> = operator.api.on(id).get(path).await?;
    sessions.data.retain(|session| session.ended_at.is_none());
    Ok(sessions.data)
}

/// Redirects to the account's page, or shows it again with the refusal.
async fn answered(
    operator: &Operator,
    (id, fields): (&str, &Fields),
    done: Result<Account, Refusal>,
    (words, names): (&str, &'static [&'static str]),
) -> Shown {
    let Err(refusal) = done else {
        return Ok(told(&format!("/operator/accounts/{id}"), words));
    };
    let account: Account = operator.api.get(&path(id)).await?;
    let frame = OperatorFrame::new(operator, OperatorSection::Accounts, &account.name);
    let status = refusal.status;
    let problems = Problems::new(refusal, names, 0);
    let (changing, closing) = if names == CLOSE_FIELDS {
        (Problems::default(), problems)
    } else {
        (problems, Problems::default())
    };
    let sessions = open_sessions(operator, id).await?;
    let form = fields;
    Ok(page(status, &AccountPage { frame, account: &account, sessions, form, changing, closing }))
}

async fn save(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let saved = match fields.get("webhook_quota").parse::<u32>() {
        Err(_) => Err(Refusal::of("webhook_quota", "Write a number from 0 to 10000.")),
        Ok(quota) => {
            let body = json!({ "name": fields.get("name"), "webhook_quota": quota });
            operator.api.send(Method::PATCH, &path(&id), &body).await
        }
    };
    answered(&operator, (&id, &fields), saved, ("account-saved", CHANGE_FIELDS)).await
}

async fn credential(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let body = json!({ "credentialed": fields.get("credentialed") == "true" });
    let saved = operator.api.send(Method::PATCH, &path(&id), &body).await;
    answered(&operator, (&id, &fields), saved, ("account-saved", CHANGE_FIELDS)).await
}

async fn close(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let account: Account = operator.api.get(&path(&id)).await?;
    let closed = if fields.get("confirm") == account.name {
        operator.api.send(Method::DELETE, &path(&id), &Value::Null).await
    } else {
        Err(Refusal::of("confirm", "Write the account\u{2019}s name exactly as it is shown above."))
    };
    answered(&operator, (&id, &fields), closed, ("account-closed", CLOSE_FIELDS)).await
}

/// Opens the account's own pages, in a portal session. The operator has asked for it, so there is
/// no confirmation.
async fn open(Path(id): Path<String>, parts: Parts, form: Form<Operator>) -> Shown {
    let api = form.who.api.on(&id);
    let opened: OpenedSession = api.post("/v1/portal_sessions", &json!({})).await?;
    let query = opened.url.expose().split_once('?').map_or("", |(_, query)| query);
    let query = Fields::parse(query.as_bytes());
    Ok(form.who.page.begin_portal(&parts, query.get("code")).await?)
}

/// Ends a portal session of the account.
async fn end(Path((id, session)): Path<(String, String)>, form: Form<Operator>) -> Shown {
    let path = format!("/v1/portal_sessions/{}", encoded(&session));
    let _: PortalSession = form.who.api.on(&id).send(Method::DELETE, &path, &Value::Null).await?;
    Ok(told(&format!("/operator/accounts/{}", encoded(&id)), "session-ended"))
}
