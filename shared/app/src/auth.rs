//! Who calls: authentication, and what each kind of caller may do.

mod keys;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{
    Environment, Timestamp,
    account::Account,
    id::{AccountId, PortalSessionId},
    key::ApiKey,
};
use http::{HeaderMap, header::AUTHORIZATION};
use ports::{
    store::{Actor, ActorKind, Condition, Write},
    vault::FingerprintOf,
};
use serde::{Deserialize, Serialize};

use crate::{
    App, Backend,
    problem::{Code, Problem},
    settings::OPERATOR_TOKEN_PREFIX,
    views::{Versioned, collections},
    work::read,
};

pub(crate) use keys::Owners;

/// What every portal session token starts with.
pub const PORTAL_TOKEN_PREFIX: &str = "lhps_";

/// Who calls.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The company that runs Latchhook.
    Operator,
    /// A person in the dashboard.
    Portal {
        /// Which session.
        session: PortalSessionId,
        /// Whose dashboard.
        account: Arc<Versioned<Account>>,
    },
    /// An API key.
    Key {
        /// Which key.
        key: Arc<ApiKey>,
        /// Whose key.
        account: Arc<Versioned<Account>>,
    },
}

impl Caller {
    /// The caller as events name it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let (kind, id) = match self {
            Self::Operator => (ActorKind::Operator, None),
            Self::Portal { session, .. } => (ActorKind::PortalSession, Some(session.to_string())),
            Self::Key { key, .. } => (ActorKind::ApiKey, Some(key.id.to_string())),
        };
        Actor { kind, id }
    }
}

/// Why a credential was not taken; with the key it is, where it is one.
#[derive(Debug)]
pub struct Denied {
    /// What the caller is told.
    pub problem: Problem,
    /// The key, for its owner's log.
    pub key: Option<Arc<ApiKey>>,
}

impl<P: Into<Problem>> From<P> for Denied {
    fn from(problem: P) -> Self {
        Self { problem: problem.into(), key: None }
    }
}

/// A portal token or sign-in code, as a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PortalToken {
    /// The session it belongs to.
    pub session: PortalSessionId,
    /// Whose dashboard it opens.
    pub account: AccountId,
    /// When the session ends.
    pub session_expires_at: Timestamp,
    /// Whether it only starts the session, once.
    pub single_use: bool,
}

/// Finds out who calls from the `Authorization` header.
///
/// # Errors
/// [`Code::BadAuthentication`], or what keeps a known key from being taken.
pub async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Caller, Denied> {
    let backend = &app.backend;
    let credential = credential(headers).ok_or(Code::BadAuthentication)?;
    if credential.starts_with(OPERATOR_TOKEN_PREFIX) {
        let known = backend.operator.knows(&credential).await?;
        return if known { Ok(Caller::Operator) } else { Err(Code::BadAuthentication.into()) };
    }
    if credential.starts_with(PORTAL_TOKEN_PREFIX) {
        return portal(backend, &credential, now).await;
    }
    let Some((key, account)) = app.find_key(&credential).await? else {
        return Err(Code::BadAuthentication.into());
    };
    match standing(&key, &account.state, now) {
        Standing::Good => Ok(Caller::Key { key, account }),
        bad => Err(Denied { problem: bad.code().into(), key: Some(key) }),
    }
}

/// The credential of a request: Basic with an empty password, or Bearer.
#[must_use]
pub fn credential(headers: &HeaderMap) -> Option<String> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(value).ok()?).ok()?;
    match decoded.split_once(':') {
        None => Some(decoded),
        Some((user, "")) => Some(user.to_owned()),
        Some(_) => None,
    }
}

async fn portal(backend: &Backend, token: &str, now: Timestamp) -> Result<Caller, Denied> {
    let found = find_portal_token(backend, token).await?.filter(|found| !found.single_use);
    let found =
        found.filter(|found| found.session_expires_at > now).ok_or(Code::BadAuthentication)?;
    let account = find_account(backend, found.account).await?.ok_or(Code::BadAuthentication)?;
    if account.state.is_closed() {
        return Err(Code::AccountClosed.into());
    }
    Ok(Caller::Portal { session: found.session, account: Arc::new(account) })
}

/// What a portal token or sign-in code stands for.
///
/// # Errors
/// When the backend is unavailable.
pub async fn find_portal_token(
    backend: &Backend,
    token: &str,
) -> Result<Option<PortalToken>, Problem> {
    let fingerprint =
        backend.vault.fingerprint(FingerprintOf::PortalToken, token.as_bytes()).await?;
    let key = collections::portal_token(&hex::encode(fingerprint));
    let found = backend.store.get(&[key]).await?.into_iter().flatten().next();
    Ok(found.map(|document| read(&document.body)).transpose()?)
}

/// An account.
///
/// # Errors
/// When the backend is unavailable.
pub async fn find_account(
    backend: &Backend,
    id: AccountId,
) -> Result<Option<Versioned<Account>>, Problem> {
    let found = backend.store.get(&[collections::accounts().key(id)]).await?;
    Ok(found.into_iter().flatten().next().map(|document| Versioned::read(&document)).transpose()?)
}

/// What a commit relies on when it relies on `account` being as it was read.
#[must_use]
pub fn account_stands(account: &Versioned<Account>) -> Write {
    let key = collections::accounts().key(account.state.id);
    Write::Check { key, condition: Condition::Revision(account.revision) }
}

/// What a known key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Good,
    /// It has expired.
    Expired,
    /// It is live and its account is not credentialed.
    NotCredentialed,
    /// Its account was closed.
    Closed,
}

/// What `key` of `account` is good for at `now`.
#[must_use]
pub fn standing(key: &ApiKey, account: &Account, now: Timestamp) -> Standing {
    if account.is_closed() {
        Standing::Closed
    } else if key.is_expired(now) {
        Standing::Expired
    } else if key.environment == Environment::Live && !account.is_credentialed() {
        Standing::NotCredentialed
    } else {
        Standing::Good
    }
}

impl Standing {
    const fn code(self) -> Code {
        match self {
            Self::Good | Self::Expired => Code::KeyExpired,
            Self::NotCredentialed => Code::AccountNotCredentialed,
            Self::Closed => Code::AccountClosed,
        }
    }
}

/// What a caller may act on: one account, in one environment or both.
#[derive(Debug, Clone)]
pub struct Access {
    /// The account.
    pub account: Arc<Versioned<Account>>,
    /// The environment that an API key fixes; none for callers of both.
    pub fixed: Option<Environment>,
    /// Whether the caller is the operator.
    pub is_operator: bool,
}

impl Access {
    /// The account's identifier.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.state.id
    }

    /// The environments that the caller sees.
    #[must_use]
    pub const fn environments(&self) -> &'static [Environment] {
        match self.fixed {
            None => Environment::ALL,
            Some(Environment::Test) => &[Environment::Test],
            Some(Environment::Live) => &[Environment::Live],
        }
    }

    /// The environment that the caller means, naming `named`.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`] when a key names the other one.
    pub fn environment(&self, named: Option<Environment>) -> Result<Option<Environment>, Problem> {
        match (self.fixed, named) {
            (Some(fixed), Some(named)) if fixed != named => {
                Err(Code::WrongEnvironment.of("environment"))
            }
            (fixed, named) => Ok(fixed.or(named)),
        }
    }

    /// The same, where exactly one is needed.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`], or [`Code::MissingField`] when nothing says which.
    pub fn one_environment(&self, named: Option<Environment>) -> Result<Environment, Problem> {
        self.environment(named)?.ok_or_else(|| {
            Code::MissingField.of("environment").saying("environment is required: test or live.")
        })
    }

    /// The same, for lists: all that are meant.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`].
    pub fn listed(&self, named: Option<Environment>) -> Result<&'static [Environment], Problem> {
        let one = Self { fixed: self.environment(named)?, ..self.clone() };
        Ok(one.environments())
    }

    /// The account as it is now, which a lost race can have changed.
    ///
    /// # Errors
    /// [`Code::AccountClosed`], or when the backend is unavailable.
    pub async fn current(&self, backend: &Backend) -> Result<Versioned<Account>, Problem> {
        let account = find_account(backend, self.id()).await?.ok_or(Code::NotFound)?;
        if account.state.is_closed() { Err(Code::AccountClosed.into()) } else { Ok(account) }
    }

    /// Holds changes of a closed account off.
    ///
    /// # Errors
    /// [`Code::AccountClosed`].
    pub fn writable(&self) -> Result<(), Problem> {
        if self.account.state.is_closed() { Err(Code::AccountClosed.into()) } else { Ok(()) }
    }
}

/// What a route asks of its callers. Publishable keys come only as far as the routes that
/// [`parts`](crate::http::parts) names; there they may what secret keys may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// A key, a portal session or the operator.
    Developer,
    /// A portal session or the operator.
    Settings,
    /// The operator, for an account.
    Operator,
}

/// What `caller` may act on at a route that `needs` something; `named` is the account that the
/// operator names.
///
/// # Errors
/// [`Code::PermissionDenied`], [`Code::AccountRequired`], or [`Code::NotFound`] when the operator
/// names an account that is not there.
pub async fn access(
    backend: &Backend,
    caller: &Caller,
    needs: Needs,
    named: Option<&str>,
) -> Result<Access, Problem> {
    match caller {
        Caller::Operator => {
            let named = named.ok_or(Code::AccountRequired)?;
            let id = named.parse().map_err(|_| no_such_account())?;
            let account = find_account(backend, id).await?.ok_or_else(no_such_account)?;
            Ok(Access { account: Arc::new(account), fixed: None, is_operator: true })
        }
        Caller::Portal { account, .. } if needs != Needs::Operator => {
            Ok(Access { account: account.clone(), fixed: None, is_operator: false })
        }
        Caller::Key { key, account } if needs == Needs::Developer => Ok(Access {
            account: account.clone(),
            fixed: Some(key.environment),
            is_operator: false,
        }),
        Caller::Portal { .. } | Caller::Key { .. } => Err(Code::PermissionDenied.into()),
    }
}

fn no_such_account() -> Problem {
    Problem::from(Code::NotFound).saying("There is no such account.")
}
