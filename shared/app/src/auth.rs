//! Authentication of callers, and the access that each kind of caller has.

mod authority;
mod capabilities;
mod demand;
mod keys;
mod operator;
mod operator_session;
pub(crate) mod owners;
mod portal_token;
mod scopes;

use std::{net::IpAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{
    Environment, Secret, Timestamp,
    account::Account,
    id::{AccountId, PortalSessionId},
    key::ApiKey,
};
use http::{HeaderMap, header::AUTHORIZATION};
use ports::store::{Actor, ActorKind, Condition, Person, Sight, Write};

use crate::{
    App, Backend,
    documents::state,
    problem::{Code, Problem},
    settings::OPERATOR_TOKEN_PREFIX,
    views::{Versioned, collections},
};

pub use authority::{Admission, Authority, Ground};
pub use capabilities::Capabilities;
pub(crate) use capabilities::Needed;
pub(crate) use demand::Demand;
pub(crate) use keys::{FoundKey, lookups, of_hash, of_key};
pub use operator::{Operator, OperatorPerson};
pub(crate) use operator::{
    fingerprint as operator_token_fingerprint, identify as identify_operator,
};
pub(crate) use operator_session::OperatorSession;
pub use portal_token::PortalToken;
pub(crate) use scopes::NeededScope;

/// Prefix of every portal session token.
pub const PORTAL_TOKEN_PREFIX: &str = "lhps_";

/// Caller of the API.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The company that runs Latchhook.
    Operator(Operator),
    /// A person in the dashboard.
    Portal {
        /// Portal session of the caller.
        session: PortalSessionId,
        /// Account whose dashboard is open.
        account: Arc<Versioned<Account>>,
        /// Time at which the session ends by itself.
        ends_at: Timestamp,
        /// Person in the dashboard, if the operator told who that is.
        person: Option<Person>,
        /// Capabilities of the session.
        capabilities: Capabilities,
        /// Document of the session's token.
        ground: Ground,
    },
    /// An API key.
    Key {
        /// Key that the request was made with.
        key: Arc<ApiKey>,
        /// Account that owns the key.
        account: Arc<Versioned<Account>>,
        /// Document that the key was found by.
        ground: Ground,
    },
}

impl Caller {
    /// Returns the caller in the form that events record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let (kind, id, person) = match self {
            Self::Operator(operator) => return operator.actor(),
            Self::Portal { session, person, .. } => {
                (ActorKind::PortalSession, Some(session.to_string()), person.clone())
            }
            Self::Key { key, .. } => (ActorKind::ApiKey, Some(key.id.to_string()), None),
        };
        Actor { kind, id, name: None, person }
    }
}

/// Refusal of a credential, with the key if it is a known one.
#[derive(Debug)]
pub struct Denied {
    /// Answer to the caller.
    pub problem: Problem,
    /// Refused key, for the log of its account.
    pub key: Option<Arc<ApiKey>>,
}

impl<P: Into<Problem>> From<P> for Denied {
    fn from(problem: P) -> Self {
        Self { problem: problem.into(), key: None }
    }
}

/// Identifies the caller at `address` by the `Authorization` header.
///
/// # Errors
/// [`Code::BadAuthentication`], or the reason for refusing a known key.
pub async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    address: Option<IpAddr>,
) -> Result<Admission, Denied> {
    let credential = credential(headers).ok_or(Code::BadAuthentication)?;
    Admission::of(app, Secret::new(credential), address, Sight::Remembered).await
}

/// Identifies the caller at `address` with `credential`; an operator token is seen as `sight` says. Whether
/// it has expired is decided by the time after it was read.
async fn identify(
    app: &App,
    credential: &Secret,
    address: Option<IpAddr>,
    sight: Sight,
) -> Result<Caller, Denied> {
    let backend = &app.backend;
    if operator_session::is_credential(credential) {
        return Ok(Caller::Operator(operator_session::find(backend, credential).await?));
    }
    if credential.expose().starts_with(OPERATOR_TOKEN_PREFIX) {
        let operator = operator::identify(backend, credential, sight).await?;
        return operator.map(Caller::Operator).ok_or_else(|| Code::BadAuthentication.into());
    }
    let credential = credential.expose();
    if credential.starts_with(PORTAL_TOKEN_PREFIX) {
        return portal(backend, credential).await;
    }
    let Some(FoundKey { key, account, ground }) = app.find_key(credential).await? else {
        return Err(Code::BadAuthentication.into());
    };
    match usable(&key, &account.state, address, backend.now()) {
        Ok(()) => Ok(Caller::Key { key, account, ground }),
        Err(code) => Err(Denied { problem: code.into(), key: Some(key) }),
    }
}

/// Refuses a key that does not work at `now`, or not for calls from `address`.
fn usable(
    key: &ApiKey,
    account: &Account,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<(), Code> {
    match standing(key, account, now) {
        Standing::Good if key.settings.allow(address) => Ok(()),
        Standing::Good => Err(Code::IpNotAllowed),
        bad => Err(bad.code()),
    }
}

/// Returns the credential of a request: Basic with an empty password, or Bearer. None if there are
/// two, of which somebody in between may have read the other.
#[must_use]
pub fn credential(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, value) = value.to_str().ok()?.split_once(' ')?;
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

async fn portal(backend: &Backend, token: &str) -> Result<Caller, Denied> {
    let (found, ground) =
        portal_token::find(backend, token).await?.ok_or(Code::BadAuthentication)?;
    let account = find_account(backend, found.account).await?.ok_or(Code::BadAuthentication)?;
    if found.single_use || found.session_expires_at <= backend.now() {
        return Err(Code::BadAuthentication.into());
    }
    if account.state.is_closed() {
        return Err(Code::AccountClosed.into());
    }
    Ok(Caller::Portal {
        session: found.session,
        account: Arc::new(account),
        ends_at: found.session_expires_at,
        person: found.actor,
        capabilities: found.capabilities,
        ground,
    })
}

/// Reads an account.
///
/// # Errors
/// When the backend is unavailable.
pub async fn find_account(
    backend: &Backend,
    id: AccountId,
) -> Result<Option<Versioned<Account>>, Problem> {
    let found = backend.store.get(&[collections::accounts().key(id)]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
    state(&*backend.store, &document).await
}

impl App {
    /// Reads an account like [`find_account`]; what its document says is often known already.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn account(
        &self,
        id: AccountId,
    ) -> Result<Option<Arc<Versioned<Account>>>, Problem> {
        let store = &*self.backend.store;
        let found = store.get(&[collections::accounts().key(id)]).await?;
        let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
        self.readings.account(store, id, &document).await
    }
}

/// Makes the precondition that `account` is still as it was read.
#[must_use]
pub fn account_stands(account: &Versioned<Account>) -> Write {
    let key = collections::accounts().key(account.state.id);
    Write::Check { key, condition: Condition::Revision(account.revision) }
}

/// Standing of a known key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The key works.
    Good,
    /// The key has expired.
    Expired,
    /// The key is a live one and its account is not credentialed.
    NotCredentialed,
    /// The account is closed.
    Closed,
}

/// Returns the standing of `key` of `account` at `now`.
#[must_use]
pub fn standing(key: &ApiKey, account: &Account, now: Timestamp) -> Standing {
    if account.is_closed() {
        Standing::Closed
    } else if key.is_expired(now) {
        Standing::Expired
    } else if !account.has(key.environment) {
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

/// Access of a caller: one account, in one environment or both.
#[derive(Debug, Clone)]
pub struct Access {
    /// Account that the caller acts on.
    pub account: Arc<Versioned<Account>>,
    /// Environment fixed by an API key; none for callers that have access to both.
    pub fixed: Option<Environment>,
    /// True if the caller is the operator.
    pub is_operator: bool,
}

impl Access {
    /// Returns the account's identifier.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.state.id
    }

    /// Returns the environments that the caller has access to.
    #[must_use]
    pub const fn environments(&self) -> &'static [Environment] {
        match self.fixed {
            None => Environment::ALL,
            Some(Environment::Test) => &[Environment::Test],
            Some(Environment::Live) => &[Environment::Live],
        }
    }

    /// Returns the environment of the request: that of the key, or else `named`.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`] when the request names another one than the key's.
    pub fn environment(&self, named: Option<Environment>) -> Result<Option<Environment>, Problem> {
        match (self.fixed, named) {
            (Some(fixed), Some(named)) if fixed != named => {
                Err(Code::WrongEnvironment.of("environment"))
            }
            (fixed, named) => Ok(fixed.or(named)),
        }
    }

    /// Returns the environment of a request that needs exactly one.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`], or [`Code::MissingField`] when neither key nor request names
    /// one.
    pub fn one_environment(&self, named: Option<Environment>) -> Result<Environment, Problem> {
        self.environment(named)?.ok_or_else(|| {
            Code::MissingField.of("environment").saying("environment is required: test or live.")
        })
    }

    /// Returns the environments that a list covers.
    ///
    /// # Errors
    /// [`Code::WrongEnvironment`].
    pub fn listed(&self, named: Option<Environment>) -> Result<&'static [Environment], Problem> {
        let one = Self { fixed: self.environment(named)?, ..self.clone() };
        Ok(one.environments())
    }

    /// Reads the account again, which may have changed in a lost race.
    ///
    /// # Errors
    /// [`Code::AccountClosed`], or when the backend is unavailable.
    pub async fn current(&self, backend: &Backend) -> Result<Versioned<Account>, Problem> {
        let account = find_account(backend, self.id()).await?.ok_or(Code::NotFound)?;
        if account.state.is_closed() { Err(Code::AccountClosed.into()) } else { Ok(account) }
    }
}

/// Kind of caller that a route requires. Publishable keys reach only the routes that
/// [`parts`](crate::http::parts) names; there they may do what secret keys may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// A key, a portal session or the operator.
    Developer,
    /// A portal session or the operator.
    Settings,
    /// The operator, for an account.
    Operator,
}

/// Returns the access of `caller` at a route that `needs` a kind of caller; `named` is the account
/// that the operator names.
///
/// # Errors
/// [`Code::PermissionDenied`], [`Code::AccountRequired`], or [`Code::NotFound`] when the operator
/// names an account that does not exist.
pub async fn access(
    app: &App,
    caller: &Caller,
    needs: Needs,
    named: Option<&str>,
) -> Result<Access, Problem> {
    match caller {
        Caller::Operator(_) => {
            let named = named.ok_or(Code::AccountRequired)?;
            let id = named.parse().map_err(|_| no_such_account())?;
            let account = app.account(id).await?.ok_or_else(no_such_account)?;
            Ok(Access { account, fixed: None, is_operator: true })
        }
        Caller::Portal { account, .. } if needs != Needs::Operator => {
            Ok(Access { account: account.clone(), fixed: None, is_operator: false })
        }
        Caller::Key { key, account, .. } if needs == Needs::Developer => Ok(Access {
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
