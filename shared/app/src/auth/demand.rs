//! Demand of a route: what it asks of its callers, beside their kind.

use http::Method;

use super::{Caller, Needed, scopes::NeededScope};
use crate::problem::{Code, Problem};

/// Demand of a route: the capability of a portal session, and the scope of an operator token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    capability: Needed,
    pub(super) scope: NeededScope,
    /// True if the route may be for the operator's own account: it reads, or acts on what is there.
    is_for_own: bool,
}

impl Demand {
    /// Demand of a route that is not in the tables.
    pub(crate) const UNKNOWN: Self =
        Self { capability: Needed::All, scope: NeededScope::Root, is_for_own: false };
    /// Demand of nothing.
    pub(super) const NOTHING: Self =
        Self { capability: Needed::Nothing, scope: NeededScope::Nothing, is_for_own: false };

    /// Returns what a route, by its method and the pattern of its path, asks for.
    pub(crate) fn at(method: &Method, path: &str) -> Self {
        let reads = *method == Method::GET || *method == Method::HEAD;
        let acts = *method == Method::POST
            && (path.starts_with("/v1/webhooks/{id}/") || path.starts_with("/v1/events/{id}/"));
        let (capability, scope) = (Needed::at(method, path), NeededScope::at(method, path));
        Self { capability, scope, is_for_own: reads || acts || scope == NeededScope::OWN }
    }

    /// Returns whether `caller` may act on the operator's own account: with the scope of the operational
    /// webhooks, and where nothing is made that only customers have.
    pub(super) fn reaches_own(self, caller: &Caller) -> bool {
        let Caller::Operator(operator) = caller else { return false };
        self.is_for_own && operator.may(NeededScope::OWN)
    }

    /// Refuses a caller that has not what it asks for.
    pub(super) fn of(self, caller: &Caller) -> Result<(), Problem> {
        let is_met = match caller {
            Caller::Operator(operator) => operator.may(self.scope),
            Caller::Portal { capabilities, .. } => capabilities.allow(self.capability),
            Caller::Key { .. } => true,
        };
        if is_met { Ok(()) } else { Err(Code::PermissionDenied.into()) }
    }
}
