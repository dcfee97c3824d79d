//! Verification of an API key by the key itself.

use std::{net::IpAddr, sync::Arc};

use domain::{
    Environment, KeyType, Redacted, Timestamp,
    account::Account,
    key::{ApiKey, Scope},
};
use ports::limiter::Allowance;

use crate::{
    App,
    auth::{self, FoundKey, Standing},
    problem::Problem,
    resources::logs::{RequestRow, RequestRowDetails},
    views::Versioned,
};

/// Kind of key that is accepted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Required environment; none accepts either.
    pub environment: Option<Environment>,
    /// Required type; none accepts either.
    pub key_type: Option<KeyType>,
    /// Scopes that the key has to have, all of them.
    pub scopes: Vec<Scope>,
    /// Address that the key is used from, if that is known.
    pub address: Option<IpAddr>,
}

/// Verified key and its account.
#[derive(Debug)]
pub struct Verified {
    /// Key that was verified.
    pub key: Arc<ApiKey>,
    /// Account that owns the key.
    pub account: Arc<Versioned<Account>>,
    /// Rest of its rate limit.
    pub allowance: Allowance,
}

/// Reason for rejecting a key.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The key is used from elsewhere than its networks.
    IpNotAllowed,
    /// The key lacks these scopes.
    InsufficientScope(Vec<Scope>),
    /// The key exceeded its rate limit for this minute.
    RateLimited,
}

impl Fault {
    /// Returns the code in the API.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Expired => "expired",
            Self::WrongEnvironment => "wrong_environment",
            Self::WrongType => "wrong_type",
            Self::AccountNotCredentialed => "account_not_credentialed",
            Self::AccountClosed => "account_closed",
            Self::IpNotAllowed => "ip_not_allowed",
            Self::InsufficientScope(_) => "insufficient_scope",
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
        request: Option<RequestRowDetails>,
    ) -> Result<Result<Verified, Fault>, Problem> {
        let Some(FoundKey { key, account, .. }) = self.find_key(text).await? else {
            return Ok(Err(Fault::NotFound));
        };
        // The time after the key was read, so that an expiry that was read is never overlooked.
        let now = self.backend.now();
        let drawn = self.backend.draw_key(&key, now).await?;
        let fault = fault(&key, auth::standing(&key, &account.state, now), &wanted)
            .or_else(|| drawn.problem.map(|_| Fault::RateLimited));
        let row = request.map(|details| row(&key, now, details, fault.as_ref()));
        if let Some(fault) = fault {
            if let Some(row) = row {
                self.count_refusal(key.account, key.id, row).await;
            }
            return Ok(Err(fault));
        }
        let logged = self.log_key_use(key.account, key.id, now, row.into_iter().collect()).await;
        // The caller is serving a request right now: a log that can't be written must not stop
        // that.
        if let Err(problem) = logged {
            tracing::warn!(code = problem.code.as_str(), "a verification could not be logged");
        }
        Ok(Ok(Verified { key, account, allowance: drawn.allowance }))
    }
}

/// Returns the reason for not accepting `key` as wanted, if any.
fn fault(key: &ApiKey, standing: Standing, wanted: &Wanted) -> Option<Fault> {
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
        Standing::Good if !key.settings.allow(wanted.address) => Some(Fault::IpNotAllowed),
        Standing::Good => {
            let missing = key.settings.missing(&wanted.scopes);
            (!missing.is_empty()).then_some(Fault::InsufficientScope(missing))
        }
    }
}

fn row(
    key: &ApiKey,
    now: Timestamp,
    details: RequestRowDetails,
    fault: Option<&Fault>,
) -> RequestRow {
    let error_code = fault.map(|fault| Redacted::new(fault.as_str()));
    RequestRow {
        api_key_id: Some(key.id),
        environment: key.environment,
        created_at: now,
        count: None,
        details: RequestRowDetails { error_code, ..details },
    }
}
