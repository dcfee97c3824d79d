//! Sign-in of the operator's people at the identity provider.
//!
//! The browser takes a cookie along, for ten minutes, with the values that tie the answer to it. Whoever comes back without it, or with another state, begins nothing.

use std::time::Duration;

use axum::response::Response;
use domain::{Revealed, Secret, Timestamp};
use http::{header, request::Parts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fields, cookie::Whose};
use crate::{
    client::{
        Refusal,
        resources::{AskedProvider, BegunOperatorSession},
    },
    html::see_other,
    state::Page,
};

/// Path, beside the API, of sign-ins at the provider.
const SIGN_INS: &str = "/page/operator_sign_ins";
/// Path, beside the API, that redeems the code of one.
const COME_BACK: &str = "/page/operator_sign_ins/come_back";
/// Label that the cookie's content is bound to.
const LABEL: &str = "operator-sign-in";
/// Time that somebody has at the provider.
const LASTS: Duration = Duration::from_mins(10);
/// Longest code that is passed on, in bytes.
const LONGEST_CODE: usize = 4096;

/// Contents of the cookie, to be sealed.
#[derive(Serialize)]
struct Sealed {
    state: Revealed,
    nonce: Revealed,
    verifier: Revealed,
    expires_at: Timestamp,
}

/// Contents of the cookie, opened.
#[derive(Deserialize)]
struct Opened {
    state: Secret,
    nonce: Secret,
    verifier: Secret,
    expires_at: Timestamp,
}

/// Reason why nobody was signed in.
pub(crate) enum NotSignedIn {
    /// The provider did not let the person in, or they turned round.
    TurnedAway,
    /// The browser came back too late, or never left from here.
    Unexpected,
    /// The API's error answer.
    Refused(Refusal),
}

impl From<Refusal> for NotSignedIn {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Page {
    /// Sends the reader to the provider.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn leave_for_provider(&self, parts: &Parts) -> Result<Response, NotSignedIn> {
        let asked: AskedProvider = self.client(parts).post(SIGN_INS, &Value::Null).await?;
        let AskedProvider { authorization_url, state, nonce, verifier } = asked;
        let [state, nonce, verifier] = [state, nonce, verifier].map(Revealed);
        let expires_at = self.now().plus(LASTS);
        let sealed = Sealed { state, nonce, verifier, expires_at };
        let sealed = self.sealed(LABEL, &sealed).await?;
        let mut response = see_other(&authorization_url);
        let cookie = self.set_cookie(Whose::Provider, &sealed, LASTS.as_secs());
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// Begins the session of a reader whom the provider sent back. The cookie of the session is strict, so
    /// browsers would not send it along with a redirect: `welcome` makes a page that leads on.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub(crate) async fn come_back(
        &self,
        parts: &Parts,
        welcome: impl FnOnce(&'static str) -> Response,
    ) -> Result<Response, NotSignedIn> {
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let Opened { state, nonce, verifier, .. } =
            self.expected(parts, query.get("state")).await?.ok_or(NotSignedIn::Unexpected)?;
        let code = query.some("code").filter(|code| code.len() <= LONGEST_CODE);
        let code = Secret::new(code.ok_or(NotSignedIn::TurnedAway)?);
        let [code, state, nonce, verifier] = [code, state, nonce, verifier].map(Revealed);
        let body = json!({ "code": code, "state": state, "nonce": nonce, "verifier": verifier });
        let mut begun: BegunOperatorSession = self.client(parts).post(COME_BACK, &body).await?;
        let token = begun.token.take().ok_or_else(Refusal::unavailable)?;
        let (home, cookie) = self.begun(begun, token).await?;
        let mut response = welcome(home);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// Returns what the reader took along, if they come back in time with the `given` state.
    ///
    /// # Errors
    /// When the vault is unavailable.
    async fn expected(&self, parts: &Parts, given: &str) -> Result<Option<Opened>, Refusal> {
        let Some(cookie) = self.cookie(&parts.headers, Whose::Provider) else { return Ok(None) };
        let opened: Option<Opened> = self.unsealed(LABEL, cookie).await?;
        let is_expected =
            |one: &Opened| one.expires_at > self.now() && one.state == Secret::new(given);
        Ok(opened.filter(is_expected))
    }
}
