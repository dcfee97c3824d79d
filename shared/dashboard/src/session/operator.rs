//! Operator's session, sealed into a cookie.
//!
//! The cookie holds the operator token and an expiry, sealed with the installation's own key. Only
//! this installation can open it, and it is worthless once the operator token has changed.

use std::time::Duration;

use axum::{
    extract::{FromRequestParts, State},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Revealed, Secret, Timestamp};
use http::{header, request::Parts};
use ports::vault::SealScope;
use serde::{Deserialize, Serialize};

use super::{Form, FormToken, cookie::Whose, form::SignedIn};
use crate::{
    client::{
        Client, Refusal,
        resources::{Account, List},
    },
    html::{Failure, see_other},
    state::Page,
};

/// Lifetime of a session.
const LASTS: Duration = Duration::from_hours(1);
/// Label that a sealed session is bound to, so that no other sealed value can pass for one.
const LABEL: &str = "operator-session";

/// Contents of the cookie, to be sealed.
#[derive(Serialize)]
struct Sealed {
    token: Revealed,
    ends_at: Timestamp,
}

/// Contents of the cookie, opened.
#[derive(Deserialize)]
struct Opened {
    token: Secret,
    ends_at: Timestamp,
}

/// The signed-in operator, as an extractor.
pub(crate) struct Operator {
    /// State of the pages.
    pub(crate) page: Page,
    /// Client of the API with the operator's token.
    pub(crate) api: Client,
    /// Token of the operator's forms.
    pub(crate) token: FormToken,
    /// Time of the request.
    pub(crate) now: Timestamp,
}

impl SignedIn for Operator {
    fn form_token(&self) -> &FormToken {
        &self.token
    }
}

impl FromRequestParts<Page> for Operator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, page: &Page) -> Result<Self, Failure> {
        let now = page.now();
        let cookie = page.cookie(&parts.headers, Whose::Operator);
        let cookie = cookie.ok_or(Failure::OperatorSignedOut)?;
        let opened = page.opened(cookie).await.filter(|opened| opened.ends_at > now);
        let Opened { token, .. } = opened.ok_or(Failure::OperatorSignedOut)?;
        let api = page.client(parts).with_token(&token);
        let token = FormToken::of(format!("{}/{cookie}", token.expose()).as_bytes());
        Ok(Self { page: page.clone(), api, token, now })
    }
}

impl Page {
    async fn opened(&self, cookie: &str) -> Option<Opened> {
        let sealed = BASE64.decode(cookie).ok()?;
        let vault = &self.0.options.vault;
        let opened = vault.open(SealScope::Installation, LABEL, &sealed).await.ok()?;
        serde_json::from_slice(&opened).ok()
    }

    /// Begins the operator's session with `token`, if it is the operator's.
    ///
    /// # Errors
    /// The API's error answer to that token.
    pub(crate) async fn begin(&self, parts: &Parts, token: &str) -> Result<Response, Refusal> {
        let token = Secret::new(token);
        let api = self.client(parts).with_token(&token);
        let _: List<Account> = api.get("/v1/accounts?per_page=1").await?;
        let sealed = Sealed { token: Revealed(token), ends_at: self.now().plus(LASTS) };
        let sealed = serde_json::to_vec(&sealed).unwrap_or_default();
        let sealed = self.0.options.vault.seal(SealScope::Installation, LABEL, &sealed).await;
        let sealed = sealed.map_err(|why| {
            tracing::error!(%why, "an operator's session could not be sealed");
            Refusal::unavailable()
        })?;
        let cookie = self.set_cookie(Whose::Operator, &BASE64.encode(sealed), LASTS.as_secs());
        let mut response = see_other("/operator/accounts");
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }
}

/// Ends the session in this browser.
pub(crate) async fn leave(State(page): State<Page>, _: Form<Operator>) -> Response {
    let mut response = see_other("/operator");
    let cookie = page.set_cookie(Whose::Operator, "", 0);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
