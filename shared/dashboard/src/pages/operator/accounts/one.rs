//! Page of one account.

use askama::Template;
use axum::extract::Path;
use http::{HeaderValue, Method, header, request::Parts};
use serde_json::{Value, json};

use crate::{
    client::{
        Refusal, encoded,
        resources::{
            Account, DeliveryStats, FailingOwn, List, OpenedSession, OperatorMay, PortalSession,
            Trouble, Webhook,
        },
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, shown, told},
    session::{Fields, Form, Operator},
};

/// The fields of the form that changes an account.
const CHANGE_FIELDS: &[&str] = &["name", "webhook_quota"];
/// The field of the form that closes an account.
const CLOSE_FIELDS: &[&str] = &["confirm"];
/// Longest name of a person that a portal session takes.
const LONGEST_NAME: usize = 255;

#[derive(Template)]
#[template(path = "operator_account.html")]
struct AccountPage<'a> {
    frame: OperatorFrame<'a>,
    account: &'a Account,
    /// Its webhooks, newest first; none of a closed account.
    webhooks: List<Webhook>,
    /// Failing ones among them.
    failing: Vec<FailingOwn>,
    /// Open portal sessions; all there can be, unless the operator raised their quota.
    sessions: Vec<PortalSession>,
    form: &'a Fields,
    changing: Problems,
    closing: Problems,
}

impl AccountPage<'_> {
    /// Trouble of a webhook that fails.
    fn trouble(&self, webhook: &Webhook) -> Option<&Trouble> {
        let failing = self.failing.iter().find(|failing| failing.webhook_id == webhook.id);
        failing.map(|failing| &failing.trouble)
    }

    /// Value of a field: the input if the form was refused, otherwise the current value.
    fn edited(&self, field: &str, current: &(impl ToString + ?Sized)) -> String {
        if self.changing.any() { self.form.get(field).to_owned() } else { current.to_string() }
    }
}

/// Path of an account in the API.
pub(super) fn path(id: &str) -> String {
    format!("/v1/accounts/{}", encoded(id))
}

pub(super) async fn one(operator: Operator, Path(id): Path<String>, query: Fields) -> Shown {
    let account: Account = operator.api.get(&path(&id)).await?;
    let frame = OperatorFrame::new(&operator, OperatorSection::Accounts, &account.name);
    let (form, frame) = (Fields::default(), frame.after(query.get("done")));
    let (changing, closing) = (Problems::default(), Problems::default());
    let sessions = open_sessions(&operator, &id).await?;
    let webhooks = webhooks(&operator, &account).await?;
    let failing = failing(&operator, &account).await;
    let (account, form) = (&account, &form);
    shown(&AccountPage { frame, account, webhooks, failing, sessions, form, changing, closing })
}

/// Reads the portal sessions of an account that are open: the newest hundred at most.
async fn open_sessions(operator: &Operator, id: &str) -> Result<Vec<PortalSession>, Refusal> {
    if !operator.may.opens_sessions() {
        return Ok(vec![]);
    }
    let path = "/v1/portal_sessions?per_page=100";
    let mut sessions: List<PortalSession> = operator.api.on(id).get(path).await?;
    sessions.data.retain(|session| session.ended_at.is_none());
    Ok(sessions.data)
}

/// Reads the webhooks of an account: the newest 25.
async fn webhooks(operator: &Operator, account: &Account) -> Result<List<Webhook>, Refusal> {
    if account.closed_at.is_some() || !operator.may.reads_webhooks() {
        return Ok(List { data: vec![], count: None, next_href: None });
    }
    operator.api.on(&account.id).get("/v1/webhooks").await
}

/// Reads the webhooks of an account that fail; none if the operator may not see that, or if it can't be told.
async fn failing(operator: &Operator, account: &Account) -> Vec<FailingOwn> {
    if account.closed_at.is_some() || !operator.may.reads_webhooks() || !operator.may.reads_logs() {
        return vec![];
    }
    let api = operator.api.on(&account.id);
    let stats: Result<DeliveryStats, _> = api.get("/v1/delivery_stats?buckets=1").await;
    stats.map_or_else(|_| vec![], |stats| stats.failing)
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
    let problems = Problems::new(refusal, names, 0, &operator.page.say().forms);
    let (changing, closing) = if names == CLOSE_FIELDS {
        (Problems::default(), problems)
    } else {
        (problems, Problems::default())
    };
    let sessions = open_sessions(operator, id).await?;
    let webhooks = webhooks(operator, &account).await?;
    let failing = failing(operator, &account).await;
    let (account, form) = (&account, fields);
    let again =
        AccountPage { frame, account, webhooks, failing, sessions, form, changing, closing };
    Ok(page(status, &again))
}

pub(super) async fn save(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let saved = match fields.get("webhook_quota").parse::<u32>() {
        Err(_) => {
            Err(Refusal::of("webhook_quota", &operator.page.say().operator.webhook_quota_wrong()))
        }
        Ok(quota) => {
            let body = json!({ "name": fields.get("name"), "webhook_quota": quota });
            operator.api.send(Method::PATCH, &path(&id), &body).await
        }
    };
    answered(&operator, (&id, &fields), saved, ("account-saved", CHANGE_FIELDS)).await
}

pub(super) async fn credential(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let body = json!({ "credentialed": fields.get("credentialed") == "true" });
    let saved = operator.api.send(Method::PATCH, &path(&id), &body).await;
    answered(&operator, (&id, &fields), saved, ("account-saved", CHANGE_FIELDS)).await
}

pub(super) async fn close(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let account: Account = operator.api.get(&path(&id)).await?;
    let closed = if fields.get("confirm") == account.name {
        operator.api.send(Method::DELETE, &path(&id), &Value::Null).await
    } else {
        Err(Refusal::of("confirm", &operator.page.say().operator.close_wrong()))
    };
    answered(&operator, (&id, &fields), closed, ("account-closed", CLOSE_FIELDS)).await
}

/// Opens the account's own pages, in a portal session, at the page that the form asks `for`. The
/// operator has asked for it, so there is no confirmation.
pub(super) async fn open(Path(id): Path<String>, parts: Parts, form: Form<Operator>) -> Shown {
    let api = form.who.api.on(&id);
    let opened: OpenedSession = api.post("/v1/portal_sessions", &terms(&form.who.may)).await?;
    let query = opened.url.expose().split_once('?').map_or("", |(_, query)| query);
    let query = Fields::parse(query.as_bytes());
    let mut begun = form.who.page.begin_portal(&parts, query.get("code")).await?;
    if let Some(place) = form.fields.some("place").filter(|place| is_of_ours(place))
        && let Ok(place) = HeaderValue::try_from(place)
    {
        begun.headers_mut().insert(header::LOCATION, place);
    }
    Ok(begun)
}

/// Terms of the operator's session on an account's pages: the history there names who it is.
fn terms(may: &OperatorMay) -> Value {
    let name = may.name.as_deref().filter(|name| name.chars().count() <= LONGEST_NAME);
    name.map_or_else(|| json!({}), |name| json!({ "actor": { "id": name, "name": name } }))
}

/// Returns whether `place` is a page of an account, and of no other site.
fn is_of_ours(place: &str) -> bool {
    place.starts_with("/dashboard/") && !place.contains(['\\', '\r', '\n'])
}

/// Ends a portal session of the account.
pub(super) async fn end(
    Path((id, session)): Path<(String, String)>,
    form: Form<Operator>,
) -> Shown {
    let path = format!("/v1/portal_sessions/{}", encoded(&session));
    let _: PortalSession = form.who.api.on(&id).send(Method::DELETE, &path, &Value::Null).await?;
    Ok(told(&format!("/operator/accounts/{}", encoded(&id)), "session-ended"))
}
