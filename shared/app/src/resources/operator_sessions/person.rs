//! Sign-in of a person at the identity provider.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Revealed, Secret};
use ports::{
    Chain, IdentityProvider, Unavailable,
    identity::{NotIdentified, SignInAttempt},
};

use super::{Begun, LASTS, keep};
use crate::{
    App,
    auth::OperatorSession,
    problem::{Code, Problem},
};

/// Begins the sign-in of somebody at `address`: returns the provider's URL for it.
///
/// # Errors
/// [`Code::NotFound`] without a provider; [`Code::RateLimited`] after too many failures; when the
/// provider does not answer.
pub(super) async fn ask(
    app: &App,
    address: Option<IpAddr>,
) -> Result<(String, SignInAttempt), Problem> {
    let provider = provider(app)?;
    app.backend.draw_sign_in(address, app.backend.now()).await?;
    let random = || Secret::new(BASE64.encode(app.backend.random::<32>()));
    let attempt = SignInAttempt { state: random(), nonce: random(), verifier: random() };
    let url = provider.authorization_url(&attempt).await.map_err(refused)?;
    app.backend.sign_in_succeeded(address).await;
    Ok((url, attempt))
}

/// Begins the session of the person who came back to `attempt` with `code`.
///
/// # Errors
/// [`Code::BadAuthentication`] for a code that proves nothing, [`Code::PermissionDenied`] of a person who
/// may not sign in, and those of [`ask`].
pub(super) async fn begin(
    app: &App,
    code: &Secret,
    attempt: &SignInAttempt,
    address: Option<IpAddr>,
) -> Result<Begun, Problem> {
    let provider = provider(app)?;
    app.backend.draw_sign_in(address, app.backend.now()).await?;
    let person = provider.identify(code, attempt).await.map_err(refused)?;
    app.backend.sign_in_succeeded(address).await;
    let scopes = person.scopes.list();
    // The provider took its time.
    let now = app.backend.now();
    let (id, expires_at) = (app.backend.new_id(now), now.plus(LASTS));
    let entropy = app.backend.random();
    let (session, token) = OperatorSession::of_person(id, expires_at, person, entropy);
    keep(app, &session).await?;
    Ok(Begun { id, expires_at, scopes, token: Some(Revealed(token)) })
}

fn provider(app: &App) -> Result<&dyn IdentityProvider, Problem> {
    app.backend.identity.as_deref().ok_or_else(|| Code::NotFound.into())
}

fn refused(why: NotIdentified) -> Problem {
    tracing::warn!(error = %Chain(&why), "nobody was signed in by the identity provider");
    match why {
        NotIdentified::Unproven(_) => Code::BadAuthentication.into(),
        NotIdentified::NotAllowed => Code::PermissionDenied.into(),
        why @ NotIdentified::Unavailable(_) => {
            Unavailable::new("signing in at the identity provider", why).into()
        }
    }
}
