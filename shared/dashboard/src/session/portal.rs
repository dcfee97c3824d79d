//! Portal session: somebody of a customer's, signed in to one account.

use askama::Template;
use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use domain::{Secret, Timestamp};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use serde_json::{Value, json};

use super::{
    Fields, Form, FormToken,
    cookie::Whose,
    form::{Anonymous, SignedIn},
};
use crate::{
    assets::{ASSETS, Assets},
    brand::Brand,
    client::{
        Client, Refusal,
        resources::{Account, BegunSession, FailingOwn, Invitation, PageFrame, Terms},
    },
    html::{self, Failure, Times, see_other},
    state::Page,
    words::Words,
};

/// Path at which the API redeems a sign-in code.
const REDEEM: &str = "/v1/portal_sessions/redeem";
/// Path, beside the API, that names the account of a sign-in code.
const LOOK: &str = "/page/sign_in_code";
/// Path, beside the API, of the session itself.
const OWN: &str = "/page/portal_session";
/// Path, beside the API, of what every page shows.
const FRAME: &str = "/page/frame";

/// Somebody of an account, as an extractor.
pub(crate) struct Portal {
    /// State of the pages.
    pub(crate) page: Page,
    /// Client of the API with the session's token.
    pub(crate) api: Client,
    /// Account whose settings are shown.
    pub(crate) account: Account,
    /// Terms of the session: its person and capabilities.
    pub(crate) terms: Terms,
    /// Webhooks that fail, for every page to say so.
    pub(crate) failing: Vec<FailingOwn>,
    /// True if the page is shown in a frame that wants no header.
    pub(crate) is_bare: bool,
    /// Token of the session's forms.
    pub(crate) token: FormToken,
    /// Time of the request.
    pub(crate) now: Timestamp,
}

impl Portal {
    /// Words of the pages.
    pub(crate) fn say(&self) -> &Words {
        self.page.say()
    }

    /// Formatter of times, relative to the request.
    pub(crate) fn times(&self) -> Times<'_> {
        Times { now: self.now, say: &self.say().times }
    }
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
        // Of forms only the answer to a wrong one has use for alarms, and that is about the form.
        let alarms = parts.method == Method::GET;
        let PageFrame { account, terms, failing } =
            api.get(&format!("{FRAME}?alarms={alarms}")).await?;
        // A session from before there were documents of sessions may do everything.
        let mut terms = terms.unwrap_or_default();
        let brand = page.brand();
        terms.parts = brand.of.parts;
        let is_bare = brand.is_bare(&parts.headers);
        let token = FormToken::of(token.expose().as_bytes());
        let now = page.now();
        Ok(Self { page: page.clone(), api, account, terms, failing, is_bare, token, now })
    }
}

/// Serves `/dashboard`: with a sign-in code, asks whether to sign in. Opening the link does not use
/// up the code, because mail scanners and chat previews open links as well.
pub(crate) async fn enter(State(page): State<Page>, parts: Parts) -> Response {
    let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let Some(code) = query.some("code") else { return see_other(page.entrance()) };
    let mut response = match page.client(&parts).post(LOOK, &json!({ "code": code })).await {
        Ok(Invitation { account_name }) => {
            let brand = page.brand();
            let is_bare = brand.is_bare(&parts.headers);
            let shown = SignInPage { assets: &ASSETS, brand, account_name, code, is_bare };
            html::page(StatusCode::OK, &shown)
        }
        Err(refusal) => not_signed_in(refusal),
    };
    // The address contains the code, so it must not leak as a referrer. Not `no-referrer`: with
    // that, browsers send the form with `Origin: null`.
    let origin_alone = HeaderValue::from_static("strict-origin");
    response.headers_mut().insert(header::REFERRER_POLICY, origin_alone);
    response
}

/// Page that asks whether to sign in.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    assets: &'static Assets,
    brand: &'a Brand,
    account_name: String,
    code: &'a str,
    is_bare: bool,
}

/// Signs in with a code, after the confirmation.
pub(crate) async fn sign_in(
    State(page): State<Page>,
    parts: Parts,
    Anonymous(fields): Anonymous,
) -> Response {
    let begun = page.begin_portal(&parts, fields.get("code")).await;
    begun.unwrap_or_else(not_signed_in)
}

fn not_signed_in(refusal: Refusal) -> Response {
    if refusal.code == "bad_authentication" {
        return Failure::CodeIsUsed.into_response();
    }
    Failure::from(refusal).into_response()
}

impl Page {
    /// Begins the session of a sign-in code, which is used up.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn begin_portal(
        &self,
        parts: &Parts,
        code: &str,
    ) -> Result<Response, Refusal> {
        let body = json!({ "code": code });
        let begun: BegunSession = self.client(parts).post(REDEEM, &body).await?;
        let lasts = begun.expires_at.since(self.now()).as_secs();
        let cookie = self.set_cookie(Whose::Portal, begun.token.expose(), lasts);
        let mut response = see_other(self.entrance());
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }
}

/// Ends the session, for every copy of its token.
pub(crate) async fn leave(Form { who: portal, .. }: Form<Portal>) -> Result<Response, Failure> {
    match portal.api.send::<Value>(Method::DELETE, OWN, &Value::Null).await {
        // A session from before there were documents of sessions lasts until it expires.
        Err(refusal) if refusal.code != "not_found" => return Err(refusal.into()),
        _ => {}
    }
    let mut response = see_other("/dashboard/signed-out");
    let cookie = portal.page.set_cookie(Whose::Portal, "", 0);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}
