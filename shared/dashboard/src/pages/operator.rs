//! Pages of the operator: accounts, event types, and the health of deliveries in all accounts.

mod accounts;
mod event_types;

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use http::{StatusCode, request::Parts};

use crate::{
    assets::{ASSETS, Assets},
    client::{Refusal, resources::DeliveryHealth},
    html::{OperatorFrame, OperatorSection, Shown, page, see_other, shown},
    session::{Operator, form::Anonymous, operator},
    state::Page,
};

/// Adds the routes of the operator's pages.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    let own = to
        .route("/operator", get(entrance))
        .route("/operator/", get(async || see_other("/operator")))
        .route("/operator/sign-in", post(sign_in))
        .route("/operator/sign-out", post(operator::leave))
        .route("/operator/health", get(health));
    event_types::add(accounts::add(own))
}

#[derive(Template)]
#[template(path = "operator_sign_in.html")]
struct SignInPage {
    assets: &'static Assets,
    refused: Option<String>,
}

async fn entrance(signed_in: Option<OperatorIsSignedIn>) -> Response {
    match signed_in {
        Some(_) => see_other("/operator/accounts"),
        None => page(StatusCode::OK, &SignInPage { assets: &ASSETS, refused: None }),
    }
}

/// Marker extractor: present if the operator is signed in.
struct OperatorIsSignedIn;

impl axum::extract::OptionalFromRequestParts<Page> for OperatorIsSignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        page: &Page,
    ) -> Result<Option<Self>, Self::Rejection> {
        use axum::extract::FromRequestParts as _;
        Ok(Operator::from_request_parts(parts, page).await.ok().map(|_| Self))
    }
}

async fn sign_in(State(dashboard): State<Page>, parts: Parts, form: Anonymous) -> Response {
    let Anonymous(fields) = form;
    match dashboard.begin(&parts, fields.get("token")).await {
        Ok(response) => response,
        Err(refusal) => {
            let status = refusal.status;
            let refused = Some(why(refusal));
            page(status, &SignInPage { assets: &ASSETS, refused })
        }
    }
}

/// Says why a sign-in was refused, and what to do.
fn why(refusal: Refusal) -> String {
    match refusal.code.as_str() {
        "rate_limited" | "unavailable" => refusal.message,
        _ => {
            "That is not the operator token. A new one is made by: latchhook operator-token rotate"
                .to_owned()
        }
    }
}

#[derive(Template)]
#[template(path = "operator_health.html")]
struct HealthPage<'a> {
    frame: OperatorFrame<'a>,
    health: DeliveryHealth,
}

async fn health(operator: Operator) -> Shown {
    let health = operator.api.get("/v1/delivery_health").await?;
    let frame = OperatorFrame::new(&operator, OperatorSection::Health, "Delivery health");
    shown(&HealthPage { frame, health })
}
