//! Provider of identities that speaks OpenID Connect.

mod flow;
mod remembered;

use std::sync::Arc;

use async_trait::async_trait;
use domain::Secret;
use ports::{
    Clock, Fetch, IdentityProvider,
    identity::{Identified, NotIdentified, SignInAttempt},
};

use crate::{
    ClientSecret, Options,
    claims::{Claims, Expected},
    keys::{NotSigned, Token},
};
use remembered::Remembered;

/// Provider of identities that speaks OpenID Connect.
pub struct OpenIdConnect {
    options: Options,
    secret: Arc<dyn ClientSecret>,
    /// URL that the provider sends the browser back to.
    redirect_uri: String,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    remembered: Remembered,
}

impl OpenIdConnect {
    /// Creates the provider with `options`, which knows this installation by `secret` and sends browsers
    /// back to `redirect_uri`.
    #[must_use]
    pub fn new(
        options: Options,
        secret: Arc<dyn ClientSecret>,
        redirect_uri: String,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { options, secret, redirect_uri, fetch, clock, remembered: Remembered::default() }
    }

    /// Returns the claims of a token that the provider signed.
    async fn signed(&self, token: &Token<'_>) -> Result<Claims, NotIdentified> {
        let keys = self.keys().await?;
        let payload = match keys.verify(token) {
            // The provider may have changed its keys.
            Err(NotSigned::UnknownKey) => self.newer_keys().await?.verify(token),
            verified => verified,
        };
        let payload = payload.map_err(|why| {
            NotIdentified::Unproven(match why {
                NotSigned::UnknownKey => "it is signed by a key that the provider does not have",
                NotSigned::Wrong => "its signature is wrong",
            })
        })?;
        serde_json::from_slice(payload)
            .map_err(|_| NotIdentified::Unproven("its claims are incomplete"))
    }
}

#[async_trait]
impl IdentityProvider for OpenIdConnect {
    async fn authorization_url(&self, attempt: &SignInAttempt) -> Result<String, NotIdentified> {
        let provider = self.provider().await?;
        flow::authorization_url(&provider, &self.options, &self.redirect_uri, attempt)
    }

    async fn identify(
        &self,
        code: &Secret,
        attempt: &SignInAttempt,
    ) -> Result<Identified, NotIdentified> {
        let id_token = self.redeem(code, &attempt.verifier).await?;
        let token = Token::parse(id_token.expose()).map_err(NotIdentified::Unproven)?;
        let claims = self.signed(&token).await?;
        let expected = Expected {
            issuer: &self.options.issuer,
            client_id: &self.options.client_id,
            nonce: &attempt.nonce,
            now: self.clock.now(),
        };
        claims.check(&expected).map_err(NotIdentified::Unproven)?;
        if !self.options.allowed.admit(&claims) {
            return Err(NotIdentified::NotAllowed);
        }
        let (name, scopes) = (claims.name(), self.options.scopes.clone());
        Ok(Identified { subject: claims.sub, name, scopes })
    }
}
