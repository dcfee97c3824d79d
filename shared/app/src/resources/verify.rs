//! Verification of an API key, called by the operator's own API for each of its requests.

use std::{borrow::Cow, sync::Arc};

use domain::{
    Environment, KeyType, Redacted, Secret, Timestamp,
    account::Account,
    id::{AccountId, KeyId},
    key::ApiKey,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::logs::{Address, RequestRow, RequestRowDetails};
use crate::{
    App,
    auth::{self, Standing},
    http::{
        answer::Answered,
        extract::{Operator, Posted},
        openapi::vocabulary,
        text::Text,
    },
    problem::Problem,
    views::Versioned,
    work::Reply,
};

/// Request to verify a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "lh_sk_test_2Hn8…",
    "environment": "test",
    "request": {"method": "GET", "path": "/v1/reports", "status": 200},
}))]
pub struct VerifyApiKey {
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
    /// Request that the key came with, for the account's log.
    #[serde(default)]
    request: Option<RequestDescription>,
}

/// Request to the operator's own API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestDescription {
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

/// Result of a verification. All fields but `code` are filled only for a valid key.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Verification {
    #[schema(example = "verification")]
    object: &'static str,
    valid: bool,
    /// `valid`, `not_found`, `expired`, `wrong_environment`, `wrong_type`,
    /// `account_not_credentialed`, `account_closed` or `rate_limited`.
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
}

/// Verify an API key
///
/// Counts against the key's rate limit. Of a key that is not valid, only the code is told.
#[utoipa::path(post, path = "/v1/api_keys/verify", tag = "API keys", request_body = VerifyApiKey,
    responses((status = 200, description = "The result of the verification", body = Verification)))]
pub(crate) async fn verify(
    _: Operator,
    axum::extract::State(app): axum::extract::State<App>,
    Posted(input, work): Posted<VerifyApiKey>,
) -> Answered {
    if let Some(status) = input.request.as_ref().and_then(|request| request.status) {
        check_status("request.status", status)?;
    }
    let wanted = Wanted { environment: input.environment, key_type: input.r#type };
    let request = input.request.map(RequestDescription::details);
    let verified = app.verify(input.key.expose(), wanted, work.now, request).await?;
    let reply = Reply::ok(&match verified {
        Err(fault) => Verification::not(fault.as_str()),
        Ok(Verified { key, account }) => Verification {
            object: "verification",
            valid: true,
            code: "valid",
            account_id: Some(key.account),
            account_external_id: account.state.external_id.clone(),
            key_id: Some(key.id),
            environment: Some(key.environment),
            r#type: Some(key.key_type),
            expires_at: key.expires_at,
        },
    });
    work.keep(&reply).await?;
    Ok(reply)
}

/// Kind of key that is accepted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Required environment; none accepts either.
    pub environment: Option<Environment>,
    /// Required type; none accepts either.
    pub key_type: Option<KeyType>,
}

/// Verified key and its account.
#[derive(Debug)]
pub struct Verified {
    /// Key that was verified.
    pub key: Arc<ApiKey>,
    /// Account that owns the key.
    pub account: Arc<Versioned<Account>>,
}

/// Reason for rejecting a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The key does not exist.
    NotFound,
    /// The key has expired.
    Expired,
    /// The key belongs to the other environment.
    WrongEnvironment,
    /// The key is of the other type.
    WrongType,
    /// The key is a live one and its account is not credentialed.
    AccountNotCredentialed,
    /// The account is closed.
    AccountClosed,
    /// The key exceeded its rate limit for this minute.
    RateLimited,
}

impl Fault {
    /// Returns the code in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Expired => "expired",
            Self::WrongEnvironment => "wrong_environment",
            Self::WrongType => "wrong_type",
            Self::AccountNotCredentialed => "account_not_credentialed",
            Self::AccountClosed => "account_closed",
            Self::RateLimited => "rate_limited",
        }
    }
}

impl App {
    /// Verifies the key `text`, counts that against its rate limit, and adds `request`, which it
    /// came with, to its account's API log.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn verify(
        &self,
        text: &str,
        wanted: Wanted,
        now: Timestamp,
        request: Option<RequestRowDetails>,
    ) -> Result<Result<Verified, Fault>, Problem> {
        let Some((key, account)) = self.find_key(text).await? else {
            return Ok(Err(Fault::NotFound));
        };
        let limit = self.backend.settings.rate_limit;
        let allowance = self.backend.limiter.admit(key.id, limit, now).await?;
        let fault = fault(&key, auth::standing(&key, &account.state, now), wanted)
            .or_else(|| (!allowance.admitted).then_some(Fault::RateLimited));
        let row = request.map(|details| row(&key, now, details, fault)).into_iter().collect();
        let logged = if fault.is_none() {
            self.log_key_use(key.account, key.id, now, row).await
        } else {
            self.log_requests(key.account, row).await
        };
        // The caller is serving a request right now: a log that can't be written must not stop
        // that.
        if let Err(problem) = logged {
            tracing::warn!(code = problem.code.as_str(), "a verification could not be logged");
        }
        Ok(fault.map_or(Ok(Verified { key, account }), Err))
    }
}

/// Returns the reason for not accepting `key` as wanted, if any.
fn fault(key: &ApiKey, standing: Standing, wanted: Wanted) -> Option<Fault> {
    match standing {
        Standing::Closed => Some(Fault::AccountClosed),
        Standing::Expired => Some(Fault::Expired),
        Standing::NotCredentialed => Some(Fault::AccountNotCredentialed),
        Standing::Good if wanted.environment.is_some_and(|wanted| wanted != key.environment) => {
            Some(Fault::WrongEnvironment)
        }
        Standing::Good if wanted.key_type.is_some_and(|wanted| wanted != key.key_type) => {
            Some(Fault::WrongType)
        }
        Standing::Good => None,
    }
}

/// Refuses a number that is not an HTTP status.
pub(crate) fn check_status(
    param: impl Into<Cow<'static, str>>,
    status: u16,
) -> Result<(), Problem> {
    let is_status = (100..=599).contains(&status);
    if is_status { Ok(()) } else { Err(Problem::invalid(param, "must be 100 to 599")) }
}

impl Verification {
    fn not(code: &'static str) -> Self {
        Self { object: "verification", code, ..Self::default() }
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

fn row(
    key: &ApiKey,
    now: Timestamp,
    details: RequestRowDetails,
    fault: Option<Fault>,
) -> RequestRow {
    let error_code = fault.map(|fault| Redacted::new(fault.as_str()));
    RequestRow {
        api_key_id: Some(key.id),
        environment: key.environment,
        created_at: now,
        details: RequestRowDetails { error_code, ..details },
    }
}
