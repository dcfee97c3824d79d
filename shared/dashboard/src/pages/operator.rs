//! Pages of the operator: accounts, event types, webhooks and tokens of their own, and the health of
//! deliveries in all accounts.

mod accounts;
mod event_types;
mod tokens;
mod webhooks;

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{StatusCode, header, request::Parts};

use crate::{
    assets::{ASSETS, Assets},
    brand::Brand,
    client::{Refusal, resources::DeliveryHealth},
    html::{Failure, OperatorFrame, OperatorSection, Shown, page, see_other, shown},
    session::{Operator, cookie::Whose, form::Anonymous, operator, provider::NotSignedIn},
    state::{Page, SignInWays},
    words::Words,
};

/// Path to which the identity provider sends browsers back.
pub const SIGN_IN_CALLBACK: &str = "/operator/oidc/callback";

/// Adds the routes of the operator's pages.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    let own = to
        .route("/operator", get(entrance))
        .route("/operator/", get(async || see_other("/operator")))
        .route("/operator/sign-in", post(sign_in))
        .route("/operator/oidc", get(leave_for_provider))
        .route(SIGN_IN_CALLBACK, get(come_back))
        .route("/operator/sign-out", post(operator::leave))
        .route("/operator/health", get(health));
    webhooks::add(tokens::add(event_types::add(accounts::add(own))))
}

#[derive(Template)]
#[template(path = "operator_sign_in.html")]
struct SignInPage<'a> {
    assets: &'static Assets,
    brand: &'a Brand,
    ways: &'a SignInWays,
    /// Reason why the token was refused.
    refused: Option<Cow<'a, str>>,
    /// Reason why the provider signed nobody in.
    turned_away: Option<Cow<'a, str>>,
}

fn sign_in_page<'a>(page: &'a Page, refused: Option<Cow<'a, str>>) -> SignInPage<'a> {
    let ways = &page.0.options.sign_in;
    SignInPage { assets: &ASSETS, brand: page.brand(), ways, refused, turned_away: None }
}

async fn entrance(
    State(dashboard): State<Page>,
    signed_in: Option<OperatorIsSignedIn>,
) -> Response {
    match signed_in {
        Some(OperatorIsSignedIn(home)) => see_other(home),
        None => page(StatusCode::OK, &sign_in_page(&dashboard, None)),
    }
}

/// First page of the operator's, as an extractor: present if the operator is signed in.
struct OperatorIsSignedIn(&'static str);

impl axum::extract::OptionalFromRequestParts<Page> for OperatorIsSignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        page: &Page,
    ) -> Result<Option<Self>, Self::Rejection> {
        use axum::extract::FromRequestParts as _;
        let operator = Operator::from_request_parts(parts, page).await.ok();
        Ok(operator.and_then(|operator| operator.may.home()).map(Self))
    }
}

async fn sign_in(State(dashboard): State<Page>, parts: Parts, form: Anonymous) -> Response {
    let Anonymous(fields) = form;
    if !dashboard.0.options.sign_in.token {
        return Failure::from(Refusal::not_found()).into_response();
    }
    match dashboard.begin(&parts, fields.get("token")).await {
        Ok(response) => response,
        Err(refusal) => {
            let status = refusal.status;
            page(status, &sign_in_page(&dashboard, Some(why(refusal, dashboard.say()))))
        }
    }
}

/// Says why a sign-in was refused, and what to do.
fn why(refusal: Refusal, say: &Words) -> Cow<'_, str> {
    match refusal.code.as_str() {
        "rate_limited" => Cow::Owned(refusal.message),
        "unavailable" => say.forms.unavailable(),
        "permission_denied" => say.operator.token_sees_nothing(),
        _ => say.operator.token_wrong(),
    }
}

/// Page that leads on to the first one of a session that has just begun.
#[derive(Template)]
#[template(path = "operator_signed_in.html")]
struct SignedInPage<'a> {
    assets: &'static Assets,
    brand: &'a Brand,
    home: &'static str,
}

async fn leave_for_provider(State(dashboard): State<Page>, parts: Parts) -> Response {
    let left = dashboard.leave_for_provider(&parts).await;
    left.unwrap_or_else(|why| turned_away(&dashboard, why))
}

async fn come_back(State(dashboard): State<Page>, parts: Parts) -> Response {
    let brand = dashboard.brand();
    let welcome = |home| page(StatusCode::OK, &SignedInPage { assets: &ASSETS, brand, home });
    let back = dashboard.come_back(&parts, welcome).await;
    let mut response = back.unwrap_or_else(|why| turned_away(&dashboard, why));
    let used = dashboard.set_cookie(Whose::Provider, "", 0);
    response.headers_mut().append(header::SET_COOKIE, used);
    response
}

/// Says why the provider signed nobody in, and what to do.
fn turned_away(dashboard: &Page, why: NotSignedIn) -> Response {
    let say = &dashboard.say().operator;
    let (status, why) = match why {
        NotSignedIn::TurnedAway => (StatusCode::FORBIDDEN, say.provider_turned_away()),
        NotSignedIn::Unexpected => (StatusCode::BAD_REQUEST, say.provider_unexpected()),
        NotSignedIn::Refused(Refusal { status, code, message, .. }) => {
            let why = match code.as_str() {
                "rate_limited" => Cow::Owned(message),
                "permission_denied" => say.provider_not_allowed(),
                "bad_authentication" => say.provider_unproven(),
                "not_found" => return Failure::from(Refusal::not_found()).into_response(),
                _ => say.provider_unavailable(),
            };
            (status, why)
        }
    };
    page(status, &SignInPage { turned_away: Some(why), ..sign_in_page(dashboard, None) })
}

#[derive(Template)]
#[template(path = "operator_health.html")]
struct HealthPage<'a> {
    frame: OperatorFrame<'a>,
    health: DeliveryHealth,
}

async fn health(operator: Operator) -> Shown {
    let health = operator.api.get("/v1/delivery_health").await?;
    let title = operator.page.say().operator.delivery_health();
    let frame = OperatorFrame::new(&operator, OperatorSection::Health, title);
    shown(&HealthPage { frame, health })
}
