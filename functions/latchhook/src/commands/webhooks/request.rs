//! Requests of the actions.

use http::Method;
use serde_json::{Value, json};

use super::Action;
use crate::{
    args::Window,
    client::{ApiError, Call, Client, Document, Query},
    commands::given,
    failure::Failure,
    system,
};

/// Request to the API.
pub(super) struct Request {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Request {
    /// Sends the request.
    pub(super) async fn send(self, client: &Client) -> Result<Document, ApiError> {
        let call = self.body.as_ref().map(Call::with).unwrap_or_default();
        client.ask(self.method, &self.path, call).await
    }
}

/// Returns the request of `action`.
///
/// # Errors
/// [`Failure::Usage`] when a period ends before it begins, or nothing is to be changed.
pub(super) fn of(action: Action) -> Result<Request, Failure> {
    let (method, path, body) = match action {
        Action::List { .. } | Action::Import { .. } => (Method::GET, String::new(), None),
        Action::Create { url, environment, jurisdiction, settings, fixed } => {
            let mut body = given(json!({
                "webhook_url": url,
                "environment": environment,
                "jurisdiction": jurisdiction,
            }));
            settings.add_to(&mut body);
            fixed.add_to(&mut body);
            (Method::POST, String::new(), Some(body))
        }
        Action::Update { webhook, update } => {
            (Method::PATCH, format!("/{}", webhook.id), Some(update.body()?))
        }
        Action::Get(webhook) => (Method::GET, format!("/{}", webhook.id), None),
        Action::Delete { webhook, .. } => (Method::DELETE, format!("/{}", webhook.id), None),
        Action::Ping { webhook, kind, data } => {
            let body = given(json!({"type": kind, "data": data}));
            (Method::POST, format!("/{}/ping", webhook.id), Some(body))
        }
        Action::PublicKeys(webhook) => {
            let (method, path) = (Method::GET, format!("/jwks/{}", webhook.id));
            return Ok(Request { method, path, body: None });
        }
        Action::RevealSecret(webhook) => {
            (Method::POST, format!("/{}/reveal_secret", webhook.id), Some(json!({})))
        }
        Action::RotateSecret { webhook, overlap, .. } => {
            let body = given(json!({"overlap_seconds": overlap}));
            (Method::POST, format!("/{}/rotate_secret", webhook.id), Some(body))
        }
        Action::Statement { webhook, window } => {
            let query = Query::new(format!("/v1/webhooks/{}/statement", webhook.id));
            let path = window.of(query, system::now())?.finish();
            return Ok(Request { method: Method::GET, path, body: None });
        }
        Action::Recover { webhook, since, until, include } => {
            let window = Window { since: Some(since), until };
            let (since, until) = window.ends(system::now())?;
            let body = given(json!({"since": since, "until": until, "include": include}));
            (Method::POST, format!("/{}/recover", webhook.id), Some(body))
        }
    };
    Ok(Request { method, path: format!("/v1/webhooks{path}"), body })
}
