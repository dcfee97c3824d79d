//! Route of the verification of API keys.

use std::time::Duration;

use axum::extract::State;
use domain::{
    Environment, KeyType, Redacted, Secret, Timestamp,
    id::{AccountId, KeyId},
    key::{Metadata, Scope},
};
use ports::limiter::Allowance;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::key::{Fault, Verified, Wanted};
use crate::{
    App,
    checks::check_status,
    http::{
        extract::{Operator, Posted},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::{Address, Text},
    },
    resources::{api_keys::Scopes, logs::RequestRowDetails},
    work::{Answered, Reply},
};

/// Returns the routes of verification.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(verify))
}

/// Request to verify a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "lh_sk_test_2Hn8…",
    "environment": "test",
    "scopes": ["reports:read"],
    "request": {"method": "GET", "path": "/v1/reports", "status": 200},
}))]
pub(crate) struct VerifyApiKey {
    /// Key, as the caller of your API sent it.
    #[schema(value_type = String, example = "lh_sk_test_2Hn8…")]
    key: Secret,
    /// Environment that your API serves.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Environment>)]
    environment: Option<Environment>,
    /// Type of key that your API accepts.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::KeyType>)]
    r#type: Option<KeyType>,
    /// Scopes that the key has to have, all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 100, example = json!(["reports:read"]))]
    scopes: Option<Scopes>,
    /// Request that the key came with, for the account's log.
    #[serde(default)]
    request: Option<RequestDescription>,
}

/// Request to the operator's own API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestDescription {
    #[schema(value_type = String, min_length = 1, max_length = 16, example = "GET")]
    method: Text<16>,
    #[schema(value_type = String, min_length = 1, max_length = 1024, example = "/v1/reports")]
    path: Text<1024>,
    #[serde(default)]
    #[schema(minimum = 100, maximum = 599, example = 200)]
    status: Option<u16>,
    #[serde(default)]
    duration_ms: Option<u32>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    ip: Option<Address>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1024)]
    user_agent: Option<Text<1024>>,
}

/// Result of a verification. All fields but `code` and `missing_scopes` are filled only for a valid
/// key.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Verification {
    #[schema(example = "verification")]
    object: &'static str,
    valid: bool,
    /// `valid`, `not_found`, `expired`, `wrong_environment`, `wrong_type`,
    /// `account_not_credentialed`, `account_closed`, `ip_not_allowed`, `insufficient_scope` or
    /// `rate_limited`.
    #[schema(example = "valid")]
    code: &'static str,
    #[schema(value_type = Option<String>)]
    account_id: Option<AccountId>,
    account_external_id: Option<String>,
    #[schema(value_type = Option<String>)]
    key_id: Option<KeyId>,
    #[schema(value_type = Option<vocabulary::Environment>)]
    environment: Option<Environment>,
    #[schema(value_type = Option<vocabulary::KeyType>)]
    r#type: Option<KeyType>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Display name of the key.
    name: Option<String>,
    /// Scopes of the key; `null` for everything.
    #[schema(value_type = Option<Vec<String>>, example = json!(["reports:read"]))]
    scopes: Option<Vec<Scope>>,
    /// Pairs of your own.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"plan": "free"}))]
    metadata: Option<Metadata>,
    /// Rest of the key's rate limit, this use counted.
    rate_limit: Option<RateLimitLeft>,
    /// Scopes that the key lacks, with `insufficient_scope`.
    #[schema(value_type = Option<Vec<String>>)]
    missing_scopes: Option<Vec<Scope>>,
}

/// Rest of a key's rate limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateLimitLeft {
    /// Size of the limit.
    #[schema(example = 1200)]
    limit: u64,
    /// Number of uses that are left.
    #[schema(example = 1199)]
    remaining: u64,
    /// Unix seconds at which all are there again.
    #[schema(example = 1_769_851_861)]
    reset: i64,
}

impl From<Allowance> for RateLimitLeft {
    fn from(Allowance { limit, remaining, resets_at, .. }: Allowance) -> Self {
        // Rounded up, as in the headers of this API.
        let reset = resets_at.plus(Duration::from_millis(999)).as_seconds();
        Self { limit, remaining, reset }
    }
}

/// Verify an API key
///
/// Counts against the key's rate limit. Of a key that is not valid, only the code is told.
#[utoipa::path(post, path = "/v1/api_keys/verify", tag = "API keys", request_body = VerifyApiKey,
    responses((status = 200, description = "The result of the verification", body = Verification)))]
async fn verify(
    _: Operator,
    State(app): State<App>,
    Posted(input, work): Posted<VerifyApiKey>,
) -> Answered {
    if let Some(status) = input.request.as_ref().and_then(|request| request.status) {
        check_status("request.status", status)?;
    }
    let wanted = Wanted {
        environment: input.environment,
        key_type: input.r#type,
        scopes: input.scopes.map(|scopes| scopes.0).unwrap_or_default(),
        address: input.request.as_ref().and_then(|request| request.ip).map(|ip| ip.0),
    };
    let request = input.request.map(RequestDescription::details);
    let verified = app.verify(input.key.expose(), wanted, request).await?;
    let reply = Reply::ok(&match verified {
        Err(fault) => Verification::not(fault),
        Ok(Verified { key, account, allowance }) => Verification {
            object: "verification",
            valid: true,
            code: "valid",
            account_id: Some(key.account),
            account_external_id: account.state.external_id.clone(),
            key_id: Some(key.id),
            environment: Some(key.environment),
            r#type: Some(key.key_type),
            expires_at: key.expires_at,
            name: key.settings.name.clone(),
            scopes: key.settings.scopes.clone(),
            metadata: Some(key.settings.metadata.clone()),
            rate_limit: Some(allowance.into()),
            missing_scopes: None,
        },
    });
    work.keep(&reply).await?;
    Ok(reply)
}

impl Verification {
    fn not(fault: Fault) -> Self {
        let code = fault.as_str();
        let missing_scopes = match fault {
            Fault::InsufficientScope(missing) => Some(missing),
            _ => None,
        };
        Self { object: "verification", code, missing_scopes, ..Self::default() }
    }
}

impl RequestDescription {
    fn details(self) -> RequestRowDetails {
        RequestRowDetails {
            method: Redacted::new(&self.method.0),
            path: Redacted::new(&self.path.0),
            status: self.status,
            duration_ms: self.duration_ms.map(u64::from),
            ip: self.ip.map(|ip| Redacted::new(&ip.0.to_string())),
            user_agent: self.user_agent.map(|agent| Redacted::new(&agent.0)),
            request_id: None,
            error_code: None,
        }
    }
}
