//! Authority: what a caller may do, looked at again whenever it is used.
//!
//! A request takes as long as its caller likes to send the body; meanwhile keys expire, sessions
//! end and accounts are closed. So what was read when a request began permits nothing at its end.
//! Each try of a use case has the authority as it is then ([`Authority::again`]). Its commit only
//! happens if the documents that the authority rests on are still those that were read, and before
//! the time at which it ends by itself ([`Authority::guard`]).

use std::{net::IpAddr, sync::Arc};

use domain::{Environment, OperatorScopes, Secret, Timestamp, account::Account, id::AccountId};
use ports::{
    Commit,
    store::{Condition, Key, Sight, Write},
};

use super::{
    Access, Caller, Demand, Denied, NeededScope, Needs, access, identify, no_such_account, usable,
};
use crate::{
    App,
    problem::{Code, Problem},
    views::{Versioned, collections},
};

/// Document that an authority rests on, at the revision that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Key of the document.
    pub key: Key,
    /// Revision that was read.
    pub revision: u64,
}

/// Authority under which work is done.
#[derive(Clone)]
pub enum Authority {
    /// Authority of Latchhook itself.
    System,
    /// Authority of a caller.
    Caller(Arc<Admission>),
}

/// Admission of a caller: what it was identified by and what it may do, as it was read.
pub struct Admission {
    app: App,
    credential: Secret,
    /// Address that the request came from.
    address: Option<IpAddr>,
    caller: Caller,
    /// Access to an account, where the route needs that.
    acting: Option<Acting>,
    /// Demand of the route.
    demand: Demand,
}

/// Access to an account, and what it takes to determine it again.
#[derive(Clone)]
struct Acting {
    needs: Needs,
    named: Option<String>,
    access: Access,
}

impl Admission {
    /// Identifies the caller at `address` with `credential`; an operator token is seen as `sight` says.
    ///
    /// # Errors
    /// The refusal of the credential.
    pub(crate) async fn of(
        app: &App,
        credential: Secret,
        address: Option<IpAddr>,
        sight: Sight,
    ) -> Result<Self, Denied> {
        let caller = identify(app, &credential, address, sight).await?;
        let (app, demand) = (app.clone(), Demand::NOTHING);
        Ok(Self { app, credential, address, caller, acting: None, demand })
    }

    /// Returns the caller.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Returns this admission at a route with a `demand`.
    ///
    /// # Errors
    /// [`Code::PermissionDenied`] when the caller does not meet it.
    pub(crate) fn with(self, demand: Demand) -> Result<Self, Problem> {
        demand.of(&self.caller)?;
        Ok(Self { demand, ..self })
    }

    /// Returns this admission at a route that `needs` a kind of caller for an account; `named` is
    /// the account that the operator names. Returns the access as well.
    ///
    /// # Errors
    /// The errors of [`access`].
    pub(crate) async fn acting(
        &self,
        needs: Needs,
        named: Option<&str>,
    ) -> Result<(Self, Access), Problem> {
        let access = access(&self.app, &self.caller, needs, named).await?;
        if access.id() == AccountId::OPERATOR && !self.demand.reaches_own(&self.caller) {
            return Err(no_such_account());
        }
        let acting = Acting { needs, named: named.map(str::to_owned), access: access.clone() };
        let (app, credential) = (self.app.clone(), self.credential.clone());
        let (caller, demand) = (self.caller.clone(), self.demand);
        let address = self.address;
        Ok((Self { app, credential, address, caller, acting: Some(acting), demand }, access))
    }

    /// Returns this admission for the operator's own account, with the access to it; none if that is not
    /// open.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn on_own(&self) -> Result<Option<(Self, Access)>, Problem> {
        let own = AccountId::OPERATOR.to_string();
        match self.acting(Needs::Operator, Some(&own)).await {
            Ok((admission, access)) => {
                Ok(Some((admission, Access { fixed: Some(Environment::OPERATIONAL), ..access })))
            }
            Err(problem) if problem.code == Code::NotFound => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Identifies the caller again, and determines its access again.
    async fn again(&self) -> Result<Self, Problem> {
        let credential = self.credential.clone();
        let again = Self::of(&self.app, credential, self.address, Sight::Present).await;
        let again = again.map_err(|denied| denied.problem)?.with(self.demand)?;
        match &self.acting {
            None => Ok(again),
            Some(acting) => Ok(again.acting(acting.needs, acting.named.as_deref()).await?.0),
        }
    }

    /// Returns the account that is acted on: the caller's own, or the one that the operator names.
    fn account(&self) -> Option<&Arc<Versioned<Account>>> {
        match (&self.caller, &self.acting) {
            (Caller::Portal { account, .. } | Caller::Key { account, .. }, _) => Some(account),
            (Caller::Operator(_), acting) => acting.as_ref().map(|acting| &acting.access.account),
        }
    }

    /// Refuses changes at `now` that the caller may not make any more.
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        if self.account().is_some_and(|account| account.state.is_closed()) {
            return Err(Code::AccountClosed.into());
        }
        self.demand.of(&self.caller)?;
        match &self.caller {
            Caller::Portal { ends_at, .. } if *ends_at <= now => {
                Err(Code::BadAuthentication.into())
            }
            Caller::Portal { .. } => Ok(()),
            Caller::Operator(operator) => operator.check(now),
            Caller::Key { key, account, .. } => {
                usable(key, &account.state, self.address, now).map_err(Problem::from)
            }
        }
    }

    /// Returns the time at which it ends by itself.
    fn ends_at(&self) -> Option<Timestamp> {
        match &self.caller {
            Caller::Operator(operator) => operator.ends_at(),
            Caller::Portal { ends_at, .. } => Some(*ends_at),
            Caller::Key { key, .. } => key.expires_at,
        }
    }

    /// Returns the documents that it rests on.
    ///
    /// In a store that processes share, an operator token is none of them but for the making and ending
    /// of such tokens: the commits of all accounts would meet in its document. There it is as it was read
    /// for this try, or remembered for seconds.
    fn grounds(&self) -> Vec<Ground> {
        let is_shared = self.app.backend.store.is_shared();
        let credential = match &self.caller {
            Caller::Operator(_) if is_shared && self.demand.scope != NeededScope::OWN => None,
            Caller::Operator(operator) => operator.ground(),
            Caller::Portal { ground, .. } | Caller::Key { ground, .. } => Some(ground.clone()),
        };
        let account = self.account().map(|account| Ground {
            key: collections::accounts().key(account.state.id),
            revision: account.revision,
        });
        account.into_iter().chain(credential).collect()
    }
}

impl Authority {
    /// Returns the caller; none if it is Latchhook itself.
    #[must_use]
    pub fn caller(&self) -> Option<&Caller> {
        match self {
            Self::System => None,
            Self::Caller(admission) => Some(admission.caller()),
        }
    }

    /// Returns the authority as it is now.
    ///
    /// # Errors
    /// The refusal of the credential or of the account, or that the backend is unavailable.
    pub async fn again(&self) -> Result<Self, Problem> {
        match self {
            Self::System => Ok(Self::System),
            Self::Caller(admission) => Ok(Self::Caller(Arc::new(admission.again().await?))),
        }
    }

    /// Refuses changes at `now` that the caller may not make any more.
    ///
    /// # Errors
    /// [`Code::AccountClosed`], or the reason for refusing the credential.
    pub fn check(&self, now: Timestamp) -> Result<(), Problem> {
        match self {
            Self::System => Ok(()),
            Self::Caller(admission) => admission.check(now),
        }
    }

    /// Returns the account that is acted on.
    ///
    /// # Errors
    /// [`Code::AccountRequired`] where there is none.
    pub fn account(&self) -> Result<&Arc<Versioned<Account>>, Problem> {
        match self {
            Self::System => Err(Code::AccountRequired.into()),
            Self::Caller(admission) => {
                admission.account().ok_or_else(|| Code::AccountRequired.into())
            }
        }
    }

    /// Returns the operator's authority over their own account, with the access to it; none if that is not
    /// open.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn on_own(&self) -> Result<Option<(Self, Access)>, Problem> {
        let Self::Caller(admission) = self else { return Ok(None) };
        let own = admission.on_own().await?;
        Ok(own.map(|(admission, access)| (Self::Caller(Arc::new(admission)), access)))
    }

    /// Returns the operator's scopes: all of Latchhook itself, none of a customer.
    #[must_use]
    pub fn operator_scopes(&self) -> OperatorScopes {
        match self {
            Self::System => OperatorScopes::All,
            Self::Caller(admission) => match &admission.caller {
                Caller::Operator(operator) => operator.scopes(),
                Caller::Portal { .. } | Caller::Key { .. } => OperatorScopes::Some([].into()),
            },
        }
    }

    /// Adds to `commit` that every document which the authority rests on is as it was read, and
    /// that the authority has not ended by itself. Returns false if the commit was made from another
    /// revision of such a document.
    #[must_use]
    pub fn guard(&self, commit: &mut Commit) -> bool {
        let Self::Caller(admission) = self else { return true };
        commit.until = [commit.until, admission.ends_at()].into_iter().flatten().min();
        let mut checks = Vec::new();
        for Ground { key, revision } in admission.grounds() {
            let stands = Condition::Revision(revision);
            // No two writes of a commit may name the same document.
            match commit.writes.iter_mut().find_map(|write| condition_on(write, &key)) {
                None => checks.push(Write::Check { key, condition: stands }),
                Some(known @ (Condition::None | Condition::Present)) => *known = stands,
                Some(known) if *known == stands => {}
                Some(_) => return false,
            }
        }
        // First, so that whoever lost their authority is told that, and not what else is wrong.
        commit.writes.splice(0..0, checks);
        true
    }
}

/// Returns the condition of `write`, if it is one on the document at `wanted`.
fn condition_on<'a>(write: &'a mut Write, wanted: &Key) -> Option<&'a mut Condition> {
    match write {
        Write::Put { key, condition, .. }
        | Write::Delete { key, condition }
        | Write::Check { key, condition } => (key == wanted).then_some(condition),
        Write::Count { .. } => None,
    }
}
