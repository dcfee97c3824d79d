//! What the service says of itself.

use axum::extract::State;
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, http::answer::Answered, problem::Problem, views::collections, work::Reply};

/// The routes of the service, open to everybody.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(document))
}

/// Whether the process is up
#[utoipa::path(get, path = "/healthz", tag = "Service", security(()),
    responses((status = 200, description = "It is", body = serde_json::Value)))]
async fn healthz() -> Answered {
    Ok(Reply::ok(&json!({ "status": "ok" })))
}

/// Whether the stores answer
#[utoipa::path(get, path = "/readyz", tag = "Service", security(()),
    responses((status = 200, description = "They do", body = serde_json::Value)))]
async fn readyz(State(app): State<App>) -> Answered {
    app.home.store.counter(&collections::account_count()).await.map_err(Problem::from)?;
    Ok(Reply::ok(&json!({ "status": "ok" })))
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "Service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
async fn document(State(app): State<App>) -> Answered {
    Ok(Reply::ok(&app.openapi()))
}
