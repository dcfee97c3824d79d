//! Routes of the service.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use crate::{
    App,
    http::routes::{Routes, routes},
    problem::{Code, Problem},
    views::collections,
    work::{Answered, Reply},
};

/// Path of the metrics, if the backend has any.
pub(crate) const METRICS: &str = "/metrics";
/// Content type of the Prometheus text format.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Returns the routes of the service, open to everybody.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
        .routes(routes!(document))
}

/// Check that the process is up
#[utoipa::path(get, path = "/healthz", tag = "Service", security(()),
    responses((status = 200, description = "The process is up", body = serde_json::Value)))]
async fn healthz() -> Answered {
    Ok(Reply::ok(&json!({ "status": "ok" })))
}

/// Check that the stores answer
#[utoipa::path(get, path = "/readyz", tag = "Service", security(()),
    responses((status = 200, description = "The stores answer", body = serde_json::Value)))]
async fn readyz(State(app): State<App>) -> Answered {
    app.backend.store.counter(&collections::account_count()).await.map_err(Problem::from)?;
    Ok(Reply::ok(&json!({ "status": "ok" })))
}

/// Show the server's metrics
///
/// Counters and gauges since its start, in the text format of Prometheus.
#[utoipa::path(get, path = METRICS, tag = "Service", security(()),
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain",
        example = "# TYPE latchhook_build_info gauge\nlatchhook_build_info{version=\"0.2.0\"} 1\n")))]
async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let page = app.metrics.as_ref().ok_or(Code::NotFound)?();
    Ok(([(header::CONTENT_TYPE, METRICS_TYPE)], page).into_response())
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "Service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
async fn document(State(app): State<App>) -> Answered {
    let made = || to_raw_value(&app.openapi()).unwrap_or_else(|_| RawValue::NULL.to_owned());
    Ok(Reply::ok(app.document.get_or_init(made)))
}
