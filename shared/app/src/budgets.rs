//! Budgets: what requests draw on, and the answers to those for which too little is left.

use std::{net::IpAddr, time::Duration};

use domain::{
    Rate, Timestamp,
    id::{AccountId, PortalSessionId},
    key::ApiKey,
    limits::OwnRate,
};
use ports::{
    Unavailable,
    limiter::{Allowance, Budget, Use},
};

use crate::{
    Backend,
    problem::{Code, Problem},
    tally::Spent,
};

/// Allowance of a caller, and the problem of one that has none left.
pub(crate) struct Drawn {
    pub(crate) allowance: Allowance,
    pub(crate) problem: Option<Problem>,
}

impl Backend {
    /// Takes one from a budget of `account`.
    ///
    /// # Errors
    /// [`Code::RateLimited`], or when the backend is unavailable.
    pub(crate) async fn spend(
        &self,
        account: AccountId,
        what: Use,
        now: Timestamp,
    ) -> Result<(), Problem> {
        self.draw(account, what, now).await?.problem.map_or(Ok(()), Err)
    }

    /// Puts back what was taken from a budget of `account` for something that did not happen.
    pub(crate) async fn unspend(&self, account: AccountId, what: Use) {
        let (rate, _) = self.terms(what);
        self.limiter.put_back(Budget::Account(account, what), rate, 1).await;
    }

    /// Counts a request in a portal session, which the account's requests include.
    ///
    /// # Errors
    /// [`Code::RateLimited`], or when the backend is unavailable.
    pub(crate) async fn spend_session(
        &self,
        account: AccountId,
        session: PortalSessionId,
        now: Timestamp,
    ) -> Result<(), Problem> {
        self.spend(account, Use::PortalSession(session), now).await?;
        self.spend(account, Use::Requests, now).await
    }

    /// Takes one from a budget of `account`, and returns what is left.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn draw(
        &self,
        account: AccountId,
        what: Use,
        now: Timestamp,
    ) -> Result<Drawn, Unavailable> {
        let (rate, spent) = self.terms(what);
        let budget = Budget::Account(account, what);
        let allowance = self.limiter.take(budget, rate, 1, now).await?;
        Ok(Drawn { allowance, problem: self.problem(allowance, spent) })
    }

    /// Takes one from the budget of `key`: its own, or else what every key has.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn draw_key(
        &self,
        key: &ApiKey,
        now: Timestamp,
    ) -> Result<Drawn, Unavailable> {
        let what = Use::Key(key.id);
        let Some(own) = key.settings.rate_limit.map(OwnRate::rate) else {
            return self.draw(key.account, what, now).await;
        };
        let budget = Budget::Account(key.account, what);
        let allowance = self.limiter.take(budget, own, 1, now).await?;
        let too_much = |limit| {
            let seconds = own.period.as_secs();
            format!("This API key was used for more than {limit} requests in {seconds} seconds")
        };
        Ok(Drawn { allowance, problem: self.problem_of(allowance, Spent::Key, too_much) })
    }

    /// Counts a sign-in of the operator as failed, before it is tried: so no more can fail, however
    /// many are tried at once. [`Backend::sign_in_succeeded`] takes that back.
    ///
    /// # Errors
    /// [`Code::RateLimited`], or when the backend is unavailable.
    pub(crate) async fn draw_sign_in(
        &self,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let rate = self.settings.limits.sign_in_failures;
        let allowance = self.limiter.take(sign_ins(address), rate, 1, now).await?;
        self.problem(allowance, Spent::SignIn).map_or(Ok(()), Err)
    }

    /// Takes back that a sign-in was counted as failed.
    pub(crate) async fn sign_in_succeeded(&self, address: Option<IpAddr>) {
        let rate = self.settings.limits.sign_in_failures;
        self.limiter.put_back(sign_ins(address), rate, 1).await;
    }

    /// Returns the size of a budget, and its name in the tally.
    fn terms(&self, what: Use) -> (Rate, Spent) {
        let limits = &self.settings.limits;
        match what {
            Use::Requests => (limits.account_requests, Spent::Account),
            Use::Key(_) => (limits.key_requests, Spent::Key),
            Use::PortalSession(_) => (limits.session_requests, Spent::PortalSession),
            Use::LogBytes => (limits.log_bytes, Spent::LogRows),
            Use::Pings(_) => (limits.pings, Spent::Ping),
            Use::Resends(_) => (limits.resends, Spent::Resend),
            Use::Changes => (limits.changes, Spent::Changes),
            Use::Openings => (limits.changes, Spent::Openings),
        }
    }

    /// Returns the problem of whoever was not admitted, and counts it.
    fn problem(&self, allowance: Allowance, spent: Spent) -> Option<Problem> {
        self.problem_of(allowance, spent, |limit| too_much(spent, limit))
    }

    fn problem_of(
        &self,
        allowance: Allowance,
        spent: Spent,
        too_much: impl FnOnce(u64) -> String,
    ) -> Option<Problem> {
        if allowance.admitted {
            return None;
        }
        self.tally.spent(spent);
        let seconds = whole_seconds(allowance.wait);
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let what = too_much(allowance.limit);
        let sentence = format!("{what}. Wait {seconds} {unit} and try again.");
        Some(Problem::from(Code::RateLimited).saying(sentence).after(seconds))
    }
}

fn sign_ins(address: Option<IpAddr>) -> Budget {
    Budget::SignIn(address.into())
}

/// Says what was more than `limit`.
fn too_much(spent: Spent, limit: u64) -> String {
    match spent {
        Spent::Key => format!("This API key was used for more than {limit} requests in a minute"),
        Spent::PortalSession => {
            format!("More than {limit} requests were made in this portal session in a minute")
        }
        Spent::Account => format!(
            "The API keys and portal sessions of this account together made more than {limit} \
             requests in a minute"
        ),
        Spent::Ping => format!("More than {limit} pings were sent to this webhook in a minute"),
        Spent::Resend => {
            format!("More than {limit} resends to this webhook were asked for in a minute")
        }
        Spent::Changes => {
            format!("More than {limit} changes were made to the settings of this account in a day")
        }
        Spent::Openings => {
            format!("More than {limit} portal sessions of this account were opened in a day")
        }
        Spent::SignIn => format!("More than {limit} sign-ins from this address failed in a minute"),
        Spent::LogRows | Spent::Keys | Spent::PortalSessions => {
            format!("The limit of this installation is {limit}")
        }
    }
}

/// Returns seconds, rounded up, and one at least.
fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000).max(1)).unwrap_or(u32::MAX)
}
