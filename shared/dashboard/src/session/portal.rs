//! A customer's person, by the token of their portal session.

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use domain::{Secret, Timestamp};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde_json::json;

use super::{Fields, Form, FormToken, cookie::Whose, form::SignedIn};
use crate::{
    Page,
    client::{
        Client,
        resources::{Account, BegunSession},
    },
    html::{Failure, see_other},
};

/// Somebody of an account.
pub(crate) struct Portal {
    /// The page.
    pub(crate) page: Page,
    /// The API, for them.
    pub(crate) api: Client,
    /// Whose settings they see.
    pub(crate) account: Account,
    /// The token of their forms.
    pub(crate) token: FormToken,
    /// When they asked.
    pub(crate) now: Timestamp,
}

impl SignedIn for Portal {
    fn form_token(&self) -> &FormToken {
        &self.token
    }
}

impl FromRequestParts<Page> for Portal {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, page: &Page) -> Result<Self, Failure> {
        let token = page.cookie(&parts.headers, Whose::Portal).ok_or(Failure::SignedOut)?;
        let token = Secret::new(token);
        let api = page.client(parts).with_token(&token);
        let account = api.get("/v1/account").await?;
        let token = FormToken::of(token.expose().as_bytes());
        Ok(Self { page: page.clone(), api, account, token, now: page.now() })
    }
}

/// `/dashboard`: with a sign-in code, begins the session that it is for; the code leaves the address
/// bar at once.
pub(crate) async fn enter(State(page): State<Page>, parts: Parts) -> Response {
    let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let Some(code) = query.some("code") else { return see_other("/dashboard/keys") };
    if is_ahead_of_time(&parts.headers) || parts.method != http::Method::GET {
        return StatusCode::NO_CONTENT.into_response();
    }
    let redeemed = page
        .client(&parts)
        .post::<BegunSession>("/v1/portal_sessions/redeem", &json!({ "code": code }))
        .await;
    match redeemed {
        Err(refusal) if refusal.code == "bad_authentication" => Failure::CodeIsUsed.into_response(),
        Err(refusal) => Failure::from(refusal).into_response(),
        Ok(begun) => {
            let lasts = begun.expires_at.since(page.now()).as_secs();
            let cookie = page.set_cookie(Whose::Portal, begun.token.expose(), lasts);
            let mut response = see_other("/dashboard/keys");
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
    }
}

/// Whether a browser only looks ahead at what its reader may open: that must not use a code up.
fn is_ahead_of_time(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch") || value.contains("prerender"))
    })
}

/// Ends the session in this browser.
pub(crate) async fn leave(form: Form<Portal>) -> Response {
    let mut response = see_other("/dashboard/signed-out");
    let cookie = form.who.page.set_cookie(Whose::Portal, "", 0);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
