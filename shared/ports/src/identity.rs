//! Identity port: who a person is, as a provider says at which the operator's people sign in.

use std::error::Error;

use async_trait::async_trait;
use domain::{OperatorScopes, Secret};

/// One sign-in under way: random values that tie the provider's answer to the browser that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInAttempt {
    /// Value that the provider sends back with the browser.
    pub state: Secret,
    /// Value that the provider signs with the person's identity.
    pub nonce: Secret,
    /// Value whose hash the provider is given at first, and which redeems the code at last: 43 to 128
    /// letters, digits, `-`, `.`, `_` and `~` (RFC 7636, section 4.1).
    pub verifier: Secret,
}

/// Person whom the provider has identified, and who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Identifier of the person at the provider, which never becomes another's.
    pub subject: String,
    /// Email address, or else name, of the person.
    pub name: String,
    /// Scopes that the person has at the operator's API.
    pub scopes: OperatorScopes,
}

/// Reason why nobody was identified.
#[derive(Debug, thiserror::Error)]
pub enum NotIdentified {
    /// The provider did not answer, or with something else than its protocol says.
    #[error("the identity provider gave no usable answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The code or what it was redeemed for proves nothing.
    #[error("the identity provider's answer proves nothing: {0}")]
    Unproven(&'static str),
    /// The person is none of those who may sign in.
    #[error("that person may not sign in")]
    NotAllowed,
}

/// Identity provider, by a flow in which the browser goes there and comes back with a code.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// Returns the URL at which the provider asks the person to sign in.
    ///
    /// # Errors
    /// [`NotIdentified::Unavailable`].
    async fn authorization_url(&self, attempt: &SignInAttempt) -> Result<String, NotIdentified>;

    /// Redeems the code that the browser came back with.
    ///
    /// # Errors
    /// [`NotIdentified`].
    async fn identify(
        &self,
        code: &Secret,
        attempt: &SignInAttempt,
    ) -> Result<Identified, NotIdentified>;
}
