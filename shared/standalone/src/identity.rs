//! Identity provider of the operator's people, by the server's settings.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use dashboard::SignInWays;
use http::{Request, Response};
use oidc::{Fetch, OpenIdConnect};
use ports::{Clock, IdentityProvider, Resolve};
use sender::OperatorClient;

use crate::{Error, Settings};

/// Path to which the provider sends browsers back.
const CALLBACK: &str = "/operator/oidc/callback";
/// Time limit of a request to the provider, while a reader waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the identity provider of an installation that is reached at `public_url`, if it has one.
pub(crate) fn provider(
    settings: &Settings,
    public_url: &str,
    clock: &Arc<dyn Clock>,
    resolver: &Arc<dyn Resolve>,
) -> Result<Option<Arc<dyn IdentityProvider>>, Error> {
    let Some(options) = settings.sign_in.provider.clone() else { return Ok(None) };
    let (clock, resolver) = (Arc::clone(clock), Arc::clone(resolver));
    let extra_ca = settings.extra_ca.as_deref();
    let client = OperatorClient::new(TIMEOUT, extra_ca, Arc::clone(&clock), resolver)?;
    let fetch = Arc::new(Client(client));
    let redirect_uri = format!("{public_url}{CALLBACK}");
    Ok(Some(Arc::new(OpenIdConnect::new(options, redirect_uri, fetch, clock))))
}

/// Returns the ways of signing in, for the pages.
pub(crate) fn ways(settings: &Settings) -> SignInWays {
    let provider = settings.sign_in.provider.as_ref().map(|provider| provider.name.clone());
    SignInWays { token: settings.sign_in.token, provider }
}

/// Client of the provider. The operator has configured where it is, so it may be in a private network.
struct Client(OperatorClient);

#[async_trait]
impl Fetch for Client {
    async fn fetch(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn StdError + Send + Sync>> {
        self.0.send(request).await.map_err(Into::into)
    }
}
