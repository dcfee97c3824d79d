//! Requests of the actions.

use http::Method;
use serde_json::{Value, json};

use super::{Action, Update};
use crate::{
    args::Window,
    client::{ApiError, Call, Client, Document},
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
        Action::List { .. } => (Method::GET, String::new(), None),
        Action::Create { url, environment, jurisdiction, settings } => {
            let body = json!({
                "webhook_url": url,
                "environment": environment,
                "jurisdiction": jurisdiction,
                "include_object": settings.include_object,
                "event_types": settings.event_types,
                "description": settings.description,
            });
            (Method::POST, String::new(), Some(given(body)))
        }
        Action::Update { webhook, update } => {
            (Method::PATCH, format!("/{}", webhook.id), Some(changed(update)?))
        }
        Action::Get(webhook) => (Method::GET, format!("/{}", webhook.id), None),
        Action::Delete { webhook, .. } => (Method::DELETE, format!("/{}", webhook.id), None),
        Action::Ping(webhook) => (Method::POST, format!("/{}/ping", webhook.id), Some(json!({}))),
        Action::RevealSecret(webhook) => {
            (Method::POST, format!("/{}/reveal_secret", webhook.id), Some(json!({})))
        }
        Action::RotateSecret { webhook, overlap, .. } => {
            let body = given(json!({"overlap_seconds": overlap}));
            (Method::POST, format!("/{}/rotate_secret", webhook.id), Some(body))
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

fn changed(update: Update) -> Result<Value, Failure> {
    let Update { webhook_url, status, changes } = update;
    let body = given(json!({
        "webhook_url": webhook_url,
        "status": status,
        "include_object": changes.include_object,
        "event_types": changes.event_types,
        "description": changes.description,
    }));
    if body == json!({}) {
        let why = "nothing to change: give --webhook-url, --status, --include-object, --event-type or \
                   --description";
        return Err(Failure::Usage(why.to_owned()));
    }
    Ok(body)
}
