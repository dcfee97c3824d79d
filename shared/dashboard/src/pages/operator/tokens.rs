//! Pages of operator tokens.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use domain::OperatorScope;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    client::{
        Refusal, encoded,
        resources::{List, OperatorToken},
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, shown, told},
    pages::{
        confirm::{Confirmation, ask_operator, is_sure},
        expiry::Expiry,
    },
    session::{Fields, Form, Operator},
    state::Page,
    words::Words,
};

/// Fields of the form.
const FIELDS: &[&str] = &["name", "scopes", "expires_at"];

/// Adds the routes of operator tokens.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/operator/tokens", get(list).post(create))
        .route("/operator/tokens/{id}/end", post(end))
}

#[derive(Template)]
#[template(path = "operator_tokens.html")]
struct TokensPage<'a> {
    frame: OperatorFrame<'a>,
    tokens: List<OperatorToken>,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
    once: String,
}

impl TokensPage<'_> {
    fn next(&self) -> Option<String> {
        let cursor = self.tokens.next()?;
        Some(self.query.query(&["cursor", "done"], &[("cursor", &cursor)]))
    }

    /// Returns whether the form has chosen `scope`.
    fn is_chosen(&self, scope: OperatorScope) -> bool {
        self.form.all("scopes").contains(&scope.as_str())
    }

    /// Says what a token with `scope` may do.
    fn what(&self, scope: OperatorScope) -> Cow<'_, str> {
        what(scope, self.frame.say)
    }
}

fn what(scope: OperatorScope, say: &Words) -> Cow<'_, str> {
    let say = &say.operator;
    match scope {
        OperatorScope::KeysVerify => say.scope_what_keys_verify(),
        OperatorScope::KeysRead => say.scope_what_keys_read(),
        OperatorScope::KeysWrite => say.scope_what_keys_write(),
        OperatorScope::SecretsReveal => say.scope_what_secrets_reveal(),
        OperatorScope::RequestLogsWrite => say.scope_what_request_logs_write(),
        OperatorScope::EventsWrite => say.scope_what_events_write(),
        OperatorScope::EventsRead => say.scope_what_events_read(),
        OperatorScope::AccountsRead => say.scope_what_accounts_read(),
        OperatorScope::AccountsWrite => say.scope_what_accounts_write(),
        OperatorScope::PortalSessionsWrite => say.scope_what_portal_sessions_write(),
        OperatorScope::WebhooksRead => say.scope_what_webhooks_read(),
        OperatorScope::WebhooksWrite => say.scope_what_webhooks_write(),
        OperatorScope::LogsRead => say.scope_what_logs_read(),
        OperatorScope::EventTypesWrite => say.scope_what_event_types_write(),
        OperatorScope::OperatorTokensWrite => say.scope_what_operator_tokens_write(),
    }
}

async fn list(operator: Operator, query: Fields) -> Shown {
    let nothing = Fields::default();
    shown(&tokens_page(&operator, &query, &nothing, Problems::default()).await?)
}

async fn tokens_page<'a>(
    operator: &'a Operator,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
) -> Result<TokensPage<'a>, Refusal> {
    let cursor = query.some("cursor").map(|cursor| format!("?cursor={}", encoded(cursor)));
    let path = format!("/v1/operator_tokens{}", cursor.unwrap_or_default());
    let title = operator.page.say().operator.tokens();
    let frame = OperatorFrame::new(operator, OperatorSection::Tokens, title);
    Ok(TokensPage {
        frame: frame.after(query.get("done")),
        tokens: operator.api.get(&path).await?,
        query,
        form,
        problems,
        once: operator.page.once(),
    })
}

/// Page that shows a new token, this once.
#[derive(Template)]
#[template(path = "operator_token_made.html")]
struct MadePage<'a> {
    frame: OperatorFrame<'a>,
    made: &'a OperatorToken,
}

async fn create(Form { who: operator, fields }: Form<Operator>) -> Shown {
    match created(&operator, &fields).await {
        Ok(made) => {
            let title = operator.page.say().operator.token_made(&made.name);
            let frame = OperatorFrame::new(&operator, OperatorSection::Tokens, title);
            Ok(page(StatusCode::OK, &MadePage { frame, made: &made }))
        }
        Err(refusal) => {
            let status = refusal.status;
            let problems = Problems::new(refusal, FIELDS, 0, &operator.page.say().forms);
            let nothing = Fields::default();
            Ok(page(status, &tokens_page(&operator, &nothing, &fields, problems).await?))
        }
    }
}

async fn created(operator: &Operator, fields: &Fields) -> Result<OperatorToken, Refusal> {
    let say = &operator.page.say().operator;
    let scopes = fields.all("scopes");
    let expiry = Expiry::read(fields, operator.now, &operator.page.say().forms);
    let mut wrong = vec![];
    if scopes.is_empty() {
        wrong.push(Refusal::of("scopes", &say.scopes_none()));
    }
    match &expiry {
        Err(refusal) => wrong.push(refusal.clone()),
        Ok(Expiry::At(at)) if *at <= operator.now => {
            wrong.push(Refusal::of("expires_at", &say.date_past()));
        }
        Ok(_) => {}
    }
    Refusal::all(wrong)?;
    let mut body = json!({ "name": fields.get("name"), "scopes": scopes });
    if let Expiry::At(at) = expiry? {
        body["expires_at"] = json!(at);
    }
    operator.api.post_once("/v1/operator_tokens", &body, fields.get("once")).await
}

async fn end(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let path = format!("/v1/operator_tokens/{}", encoded(&id));
    if !is_sure(&fields) {
        let token: OperatorToken = operator.api.get(&path).await?;
        return asked(&operator, &token, &fields);
    }
    let _: OperatorToken = operator.api.send(Method::DELETE, &path, &Value::Null).await?;
    Ok(told("/operator/tokens", "token-ended"))
}

/// Asks once more before a token is ended.
fn asked(operator: &Operator, token: &OperatorToken, fields: &Fields) -> Shown {
    let (say, keys) = (&operator.page.say().operator, &operator.page.say().keys);
    let frame = OperatorFrame::new(operator, OperatorSection::Tokens, say.end_token_now());
    let used = token.last_used_at;
    let used = used.map_or_else(|| keys.never_used(), |at| keys.used(frame.times.words(at)));
    ask_operator(
        frame,
        Confirmation {
            title: say.end_token_now(),
            what: &token.name,
            told: &[&say.end_token_now_what(), &used],
            action: format!("/operator/tokens/{}/end", token.id),
            back: "/operator/tokens".to_owned(),
            button: say.end_token_it(),
            destroys: true,
            fields,
        },
    )
}
