//! Options of the provider, which the operator sets.

use domain::OperatorScopes;

use crate::allowed::Allowed;

/// Options of the provider, which the operator sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// URL of the issuer, as it stands in its tokens.
    pub issuer: String,
    /// Identifier of this installation at the provider.
    pub client_id: String,
    /// People who may sign in.
    pub allowed: Allowed,
    /// Scopes that they have.
    pub scopes: OperatorScopes,
    /// Name of the provider on the button.
    pub name: String,
}
