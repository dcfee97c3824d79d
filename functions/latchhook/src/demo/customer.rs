//! Customer of the demo: an account, keys, and a webhook.

use domain::Secret;
use http::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    client::{Call, Client},
    failure::Failure,
    output::{Output, Tone},
};

/// Customer of the operator.
pub(super) struct Customer {
    /// Client of the operator, acting on this account.
    pub(super) client: Client,
    /// Account.
    pub(super) account: String,
    /// Secret key of the test environment.
    pub(super) secret_key: Secret,
    /// Secret that signs the webhook's deliveries.
    pub(super) signing_secret: Secret,
}

impl Customer {
    /// Opens an account, credentials it, creates keys, and registers a webhook at `hooks`.
    pub(super) async fn open(
        operator: &Client,
        hooks: &TcpListener,
        output: &Output,
    ) -> Result<Self, Failure> {
        let account = operator.post("/v1/accounts", &json!({"name": "Acme Inc."})).await?;
        let account = text(&account, "id")?;
        told(output, "account", &account, "Acme Inc.")?;
        let credentialed = json!({"credentialed": true});
        let path = format!("/v1/accounts/{account}");
        operator.call(Method::PATCH, &path, Call::with(&credentialed)).await?;
        told(output, "account", &account, "credentialed: live mode is open")?;

        let client = operator.on(&account);
        let secret_key = key(&client, output, "secret", "test").await?;
        key(&client, output, "publishable", "test").await?;
        key(&client, output, "secret", "live").await?;

        let url = hooks.local_addr().map_err(|why| Failure::of("the receiver", why))?;
        let url = format!("http://{url}/hooks");
        let webhook = json!({"webhook_url": url, "environment": "test", "include_object": true});
        let webhook = client.post("/v1/webhooks", &webhook).await?;
        told(output, "webhook", &text(&webhook, "id")?, &url)?;
        let signing_secret = Secret::new(text(&webhook, "signing_secret")?);
        Ok(Self { client, account, secret_key, signing_secret })
    }

    /// Creates a link that signs the customer's person into the dashboard, once.
    pub(super) async fn dashboard(&self) -> Result<Secret, Failure> {
        let session =
            self.client.post("/v1/portal_sessions", &json!({"expires_in": 86_400})).await?;
        Ok(Secret::new(text(&session, "url")?))
    }
}

async fn key(
    client: &Client,
    output: &Output,
    kind: &str,
    environment: &str,
) -> Result<Secret, Failure> {
    let wanted = json!({"type": kind, "environment": environment, "name": "demo"});
    let key = client.post("/v1/api_keys", &wanted).await?;
    let about = format!("{environment} {kind} key {}", text(&key, "redacted")?);
    told(output, "key", &text(&key, "id")?, &about)?;
    Ok(Secret::new(text(&key, "key")?))
}

fn told(output: &Output, what: &str, id: &str, about: &str) -> Result<(), Failure> {
    let what = output.paint(Tone::Quiet, format_args!("{what:<12}"));
    Ok(output.line(format_args!("{what}  {id}  {about}"))?)
}

/// Returns a text field of an answer.
pub(super) fn text(object: &Value, field: &str) -> Result<String, Failure> {
    let text = object[field].as_str().map(str::to_owned);
    text.ok_or_else(|| Failure::Failed(format!("an answer of the API has no {field}")))
}
