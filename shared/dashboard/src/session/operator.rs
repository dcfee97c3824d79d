//! Operator's session, sealed into a cookie.
//!
//! The cookie holds an operator token, or the credential of a person's own session, and the session,
//! sealed with the installation's own key. Only this installation can open it. It is worthless once the
//! session has ended, by signing out or after an hour, or once the operator token has ended.

use axum::{
    extract::{FromRequestParts, State},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Revealed, Secret, Timestamp};
use http::{HeaderValue, Method, header, request::Parts};
use ports::{
    Chain,
    vault::{SealScope, VaultError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Form, FormToken, cookie::Whose, form::SignedIn};
use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{BegunOperatorSession, OperatorMay},
    },
    html::{Failure, see_other},
    state::Page,
};

/// Path, beside the API, of the operator's sessions.
const SESSIONS: &str = "/page/operator_sessions";
/// Label that a sealed session is bound to, so that no other sealed value can pass for one.
const LABEL: &str = "operator-session";

/// Contents of the cookie, to be sealed.
#[derive(Serialize)]
struct Sealed {
    token: Revealed,
    session: String,
}

/// Contents of the cookie, opened.
#[derive(Deserialize)]
struct Opened {
    token: Secret,
    session: String,
}

/// The signed-in operator, as an extractor.
pub(crate) struct Operator {
    /// State of the pages.
    pub(crate) page: Page,
    /// Client of the API with the operator's token.
    pub(crate) api: Client,
    /// Token of the operator's forms.
    pub(crate) token: FormToken,
    /// Scopes of the operator.
    pub(crate) may: OperatorMay,
    /// Session of the operator.
    session: String,
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
        let opened = page.unsealed(LABEL, cookie).await?;
        let Opened { token, session } = opened.ok_or(Failure::OperatorSignedOut)?;
        let api = page.client(parts).with_token(&token);
        let may = api.get(&path(&session)).await.map_err(not_open)?;
        let token = FormToken::of(format!("{}/{cookie}", token.expose()).as_bytes());
        Ok(Self { page: page.clone(), api, token, may, session, now })
    }
}

impl Page {
    /// Opens a cookie that was sealed under `label`; none if it was not.
    ///
    /// # Errors
    /// When the vault is unavailable, so that it can't be known.
    pub(super) async fn unsealed<T: DeserializeOwned>(
        &self,
        label: &str,
        cookie: &str,
    ) -> Result<Option<T>, Refusal> {
        let Ok(sealed) = BASE64.decode(cookie) else { return Ok(None) };
        match self.0.options.vault.open(SealScope::Installation, label, &sealed).await {
            Ok(opened) => Ok(serde_json::from_slice(&opened).ok()),
            Err(VaultError::Gone) => Ok(None),
            Err(why) => {
                tracing::error!(error = %Chain(&why), "a cookie could not be opened");
                Err(Refusal::unavailable())
            }
        }
    }

    /// Seals `content` for a cookie, under `label`: no other cookie can pass for it.
    ///
    /// # Errors
    /// When the vault is unavailable.
    pub(super) async fn sealed(
        &self,
        label: &str,
        content: &impl Serialize,
    ) -> Result<String, Refusal> {
        let content = serde_json::to_vec(content).unwrap_or_default();
        let sealed = self.0.options.vault.seal(SealScope::Installation, label, &content).await;
        sealed.map(|sealed| BASE64.encode(sealed)).map_err(|why| {
            tracing::error!(error = %Chain(&why), "an operator's session could not be sealed");
            Refusal::unavailable()
        })
    }

    /// Begins the operator's session with `token`, if it is the operator's and opens a page.
    ///
    /// # Errors
    /// The API's error answer to that token.
    pub(crate) async fn begin(&self, parts: &Parts, token: &str) -> Result<Response, Refusal> {
        let body = json!({ "token": token });
        let begun: BegunOperatorSession = self.client(parts).post(SESSIONS, &body).await?;
        let (home, cookie) = self.begun(begun, Secret::new(token)).await?;
        let mut response = see_other(home);
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// Makes the cookie of a session that has `begun` with `token`; returns its first page as well.
    ///
    /// # Errors
    /// If it opens no page.
    pub(super) async fn begun(
        &self,
        begun: BegunOperatorSession,
        token: Secret,
    ) -> Result<(&'static str, HeaderValue), Refusal> {
        let home = begun.may.home().ok_or_else(Refusal::not_permitted)?;
        let sealed = Sealed { token: Revealed(token), session: begun.id };
        let sealed = self.sealed(LABEL, &sealed).await?;
        let lasts = begun.expires_at.since(self.now()).as_secs();
        Ok((home, self.set_cookie(Whose::Operator, &sealed, lasts)))
    }
}

/// Ends the session, for every copy of its cookie.
pub(crate) async fn leave(
    State(page): State<Page>,
    Form { who: operator, .. }: Form<Operator>,
) -> Result<Response, Failure> {
    let ended: Result<Value, Refusal> =
        operator.api.send(Method::DELETE, &path(&operator.session), &Value::Null).await;
    ended.map_err(not_open)?;
    let mut response = see_other("/operator");
    let cookie = page.set_cookie(Whose::Operator, "", 0);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Path of a session, beside the API.
fn path(session: &str) -> String {
    format!("{SESSIONS}/{}", encoded(session))
}

/// Reason why a session can't be used: it has ended, or the operator token has.
fn not_open(refusal: Refusal) -> Failure {
    match refusal.code.as_str() {
        "not_found" | "bad_authentication" | "key_expired" => Failure::OperatorSignedOut,
        _ => Failure::Refused(refusal),
    }
}
