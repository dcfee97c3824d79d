//! Identity provider of the operator's people, for the function that has the pages.
//!
//! Nothing is asked of the provider or of Secrets Manager before somebody signs in.

use std::{sync::Arc, time::Duration};

use app::{App, Backend};
use async_trait::async_trait;
use aws::SecretsManager;
use domain::Secret;
use lambda_runtime::Error;
use oidc::{ClientSecret, OpenIdConnect};
use ports::{Clock, Fetch, IdentityProvider, Resolve, Unavailable};
use sender::OperatorClient;
use settings::{Provider, Reader, SecretName, SignIn, Subset, table};

use crate::{Settings, backend};

/// Time limit of a request to the provider. A sign-in makes three at most, in the 29 seconds that a
/// function has.
const TIMEOUT: Duration = Duration::from_secs(7);

/// Settings of signing in to the operator's pages.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    /// Ways of signing in.
    pub ways: SignIn<SecretName>,
    /// Base of the pages' addresses, if it is another than that of portal sessions.
    pub operator_url: Option<String>,
}

impl Subset for SignInSettings {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self { ways: SignIn::read(reader), operator_url: reader.optional(&table::OPERATOR_URL) }
    }
}

/// Identity provider, if there is one, in a function that does not yet know its address.
pub struct Identity {
    provider: Option<Provider<SecretName>>,
    operator_url: Option<String>,
    fetch: Arc<dyn Fetch>,
    secrets: SecretsManager,
}

impl Identity {
    /// Creates the provider that the settings name.
    ///
    /// # Errors
    /// When the client of the provider can't be created.
    pub fn new(
        sign_in: &SignInSettings,
        settings: &Settings,
        clock: &Arc<dyn Clock>,
        secrets: SecretsManager,
    ) -> Result<Self, Error> {
        let resolver: Arc<dyn Resolve> = backend::resolver_of(settings, clock);
        let client = OperatorClient::new(TIMEOUT, None, Arc::clone(clock), resolver)?;
        let SignInSettings { ways, operator_url } = sign_in.clone();
        Ok(Self { provider: ways.provider, operator_url, fetch: Arc::new(client), secrets })
    }

    /// Returns `app` with the provider, which sends browsers back to the path `callback`.
    #[must_use]
    pub fn complete(&self, app: &App, callback: &str) -> App {
        let Some(Provider { options, secret }) = self.provider.clone() else { return app.clone() };
        let secret = Arc::new(Kept { client: self.secrets.clone(), name: secret });
        let base = self.operator_url.as_ref().unwrap_or(&app.backend.settings.public_url);
        let (fetch, clock) = (Arc::clone(&self.fetch), Arc::clone(&app.backend.clock));
        let identity =
            OpenIdConnect::new(options, secret, format!("{base}{callback}"), fetch, clock);
        let identity: Arc<dyn IdentityProvider> = Arc::new(identity);
        App::new(Backend { identity: Some(identity), ..Backend::clone(&app.backend) })
    }
}

/// Secret of this installation at the provider, in Secrets Manager.
struct Kept {
    client: SecretsManager,
    name: SecretName,
}

#[async_trait]
impl ClientSecret for Kept {
    async fn read(&self) -> Result<Secret, Unavailable> {
        let text = aws::read_secret(&self.client, &self.name.0).await?;
        // A file that somebody made it from ends in a line feed.
        Ok(Secret::new(text.expose().trim()))
    }
}
