//! Requests of an API Gateway, HTTP or REST, answered by the product's router.

mod large;
mod late;
mod surface;
mod tame;

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use app::{
    App, Backend,
    http::{About, ClientIp, parts::Part},
};
use aws::SecretsManager;
use axum::{Router, body::Body};
use domain::Redacted;
use http::{Method, Response, StatusCode, header::ACCEPT_ENCODING};
use lambda_http::{
    Adapter, LambdaEvent, Request, RequestExt as _,
    request::{LambdaRequest, RequestContext},
};
use lambda_runtime::Error;
use ports::Clock;
use serde_json::json;
use settings::Subset;
use tower::{ServiceExt as _, service_fn};

use self::late::LateRouter;
use crate::{Settings, backend, metrics::Meter, start_with};

/// Method, path and status of a request that accepted an event.
const EVENT_ACCEPTED: (&Method, &str, StatusCode) =
    (&Method::POST, "/v1/events", StatusCode::ACCEPTED);

/// Answers the requests of one part of the API, for as long as Lambda lets the process live.
///
/// # Errors
/// When the environment has problems.
pub async fn serve(part: Part) -> Result<(), Error> {
    serve_with(part, |_: Start<'_, ()>| Ok(|_: &App, _: &Settings| Router::new())).await
}

/// Function at its start, which does not yet know the address at which it is reached.
pub struct Start<'a, Own> {
    /// Settings of the function.
    pub settings: &'a Settings,
    /// Settings that this function takes besides.
    pub own: Own,
    /// Backend.
    pub backend: &'a Backend,
    /// Client of the service that keeps the operator's secrets.
    pub secrets: SecretsManager,
}

/// Answers the requests of one part of the API and of the routes of its own that the result of `prepare`
/// adds, for which it takes settings of its own.
///
/// # Errors
/// When the environment has problems, and those of `prepare`.
pub async fn serve_with<Own, Beside>(
    part: Part,
    prepare: impl FnOnce(Start<'_, Own>) -> Result<Beside, Error>,
) -> Result<(), Error>
where
    Own: Subset,
    Beside: Fn(&App, &Settings) -> Router + Send + Sync + 'static,
{
    let (settings, own) = start_with::<Own>()?;
    let (backend, secrets) = backend::with_secrets(&settings).await;
    let beside = prepare(Start { settings: &settings, own, backend: &backend, secrets })?;
    let clock = Arc::clone(&backend.clock);
    let meter = Meter::new(settings.stack.clone(), Arc::clone(&clock));
    let url = settings.public_url.clone();
    let router = LateRouter::new(url, move |public_url| {
        let app = App::new(backend::reached_at(&backend, public_url));
        // Merge the larger router into the smaller: axum re-registers every route that it merges.
        beside(&app, &settings).merge(app.router_of(part))
    });
    run(router, Arc::new(Middleware { clock, meter })).await
}

/// Passes every request to `router`.
async fn run(router: LateRouter, middleware: Arc<Middleware>) -> Result<(), Error> {
    let service = service_fn(move |request: Request| {
        let (router, middleware) = (router.of(&request), Arc::clone(&middleware));
        async move { Ok::<_, Infallible>(middleware.answer(router, request).await) }
    });
    let service = Adapter::from(service).map_request(|event: LambdaEvent<LambdaRequest>| {
        let LambdaEvent { payload, context, .. } = event;
        LambdaEvent::new(tame::tame(payload), context)
    });
    lambda_runtime::run(service).await
}

/// Middleware around every request: access log and metrics.
struct Middleware {
    clock: Arc<dyn Clock>,
    meter: Meter,
}

impl Middleware {
    /// Answers one request, and logs it.
    async fn answer(&self, router: Router, mut request: Request) -> Response<Body> {
        let began = self.clock.monotonic();
        if is_of_rest(&request) {
            // An HTTP API passes on compressed bodies, a REST API only text.
            request.headers_mut().remove(ACCEPT_ENCODING);
        }
        if let Some(ip) = client_ip(&request) {
            request.extensions_mut().insert(ClientIp(ip));
        }
        let (method, path) = (request.method().clone(), Redacted::path(request.uri().path()));
        surface::restrict(&mut request);
        let Ok(response) = router.oneshot(request).await;
        let response = large::explained(response).await;
        let took = self.clock.monotonic().saturating_sub(began);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (status, headers) = (response.status(), response.headers());
        let id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
        let about = response.extensions().get::<About>().map(|about| about.0);
        let account = about.map(|account| account.to_string());
        let is_repeat = headers.contains_key("idempotent-replayed");
        let status_code = status.as_u16();
        if (&method, path.as_str(), status) == EVENT_ACCEPTED && !is_repeat {
            self.meter.accepted(json!({
                "level": "INFO", "message": "answered", "method": method.as_str(), "path": path,
                "status": status_code, "ms": ms, "request_id": id, "account": account,
            }));
        } else {
            tracing::info!(%method, %path, status = status_code, ms, request_id = id, account, "answered");
        }
        response
    }
}

/// Returns whether the request comes from a REST API, not an HTTP API.
fn is_of_rest(request: &Request) -> bool {
    matches!(request.request_context_ref(), Some(RequestContext::ApiGatewayV1(_)))
}

/// Returns the caller's address as API Gateway saw it; headers that the caller sent don't count.
fn client_ip(request: &Request) -> Option<IpAddr> {
    let ip = match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref(),
        RequestContext::ApiGatewayV1(context) => context.identity.source_ip.as_deref(),
        _ => None,
    };
    ip?.parse().ok()
}

#[cfg(test)]
mod tests;
