//! Identity provider of the operator's people, by the server's settings.

use std::{sync::Arc, time::Duration};

use dashboard::{SIGN_IN_CALLBACK, SignInWays};
use oidc::OpenIdConnect;
use ports::{Clock, IdentityProvider, Resolve};
use sender::OperatorClient;

use crate::{Error, Settings};

/// Time limit of a request to the provider, while a reader waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the identity provider of an installation that is reached at `public_url`, if it has one.
pub(crate) fn provider(
    settings: &Settings,
    public_url: &str,
    clock: &Arc<dyn Clock>,
    resolver: &Arc<dyn Resolve>,
) -> Result<Option<Arc<dyn IdentityProvider>>, Error> {
    let Some(provider) = settings.sign_in.provider.clone() else { return Ok(None) };
    let (clock, resolver) = (Arc::clone(clock), Arc::clone(resolver));
    let extra_ca = settings.extra_ca.as_deref();
    // The operator has configured where the provider is, so it may be in a private network.
    let fetch = Arc::new(OperatorClient::new(TIMEOUT, extra_ca, Arc::clone(&clock), resolver)?);
    let redirect_uri = format!("{public_url}{SIGN_IN_CALLBACK}");
    let secret = Arc::new(provider.secret);
    Ok(Some(Arc::new(OpenIdConnect::new(provider.options, secret, redirect_uri, fetch, clock))))
}

/// Returns the ways of signing in, for the pages.
pub(crate) fn ways(settings: &Settings) -> SignInWays {
    let provider = settings.sign_in.provider.as_ref().map(|provider| provider.options.name.clone());
    SignInWays { token: settings.sign_in.token, provider }
}
