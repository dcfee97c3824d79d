//! Commands, one a file: arguments, examples, and code.

pub(crate) mod accounts;
pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod deliveries;
pub(crate) mod event_types;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod import;
mod input;
pub(crate) mod key_ring;
pub(crate) mod key_scopes;
pub(crate) mod keys;
pub(crate) mod listen;
pub(crate) mod logs;
pub(crate) mod mcp;
pub(crate) mod operator_token;
pub(crate) mod operator_tokens;
pub(crate) mod operator_webhooks;
pub(crate) mod portal_sessions;
pub(crate) mod rebuild;
pub(crate) mod reconcile;
pub(crate) mod redrive;
pub(crate) mod serve;
mod show;
pub(crate) mod vault;
pub(crate) mod webhooks;
pub(crate) mod words;

use std::path::PathBuf;

use http::Method;
use serde_json::Value;

use crate::{
    client::{ApiError, Call, Client, Document},
    context::Context,
};

/// Returns the data directory of a command that works on files: from flag, environment, or default.
pub(crate) fn data_dir(flag: Option<&PathBuf>, context: &Context) -> PathBuf {
    let names = settings::table::DATA_DIR.names;
    let configured = context.var(names.env).or(names.default).map(PathBuf::from);
    flag.cloned().or(configured).unwrap_or_default()
}

/// Removes the options that were not given, which must be absent fields and not `null`.
fn given(mut body: Value) -> Value {
    if let Value::Object(fields) = &mut body {
        fields.retain(|_, value| !value.is_null());
    }
    body
}

async fn get(client: &Client, path: &str) -> Result<Document, ApiError> {
    client.ask(Method::GET, path, Call::default()).await
}

async fn post(client: &Client, path: &str, body: &Value) -> Result<Document, ApiError> {
    client.ask(Method::POST, path, Call::with(body)).await
}

async fn patch(client: &Client, path: &str, body: &Value) -> Result<Document, ApiError> {
    client.ask(Method::PATCH, path, Call::with(body)).await
}

async fn delete(client: &Client, path: &str) -> Result<Document, ApiError> {
    client.ask(Method::DELETE, path, Call::default()).await
}

#[cfg(test)]
mod tests;
