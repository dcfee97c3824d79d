//! Requests of an API Gateway, HTTP or REST, answered by the product's router.

mod tame;

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use app::{
    App,
    http::{ClientIp, parts::Part},
};
use axum::{Router, body::Body};
use http::Response;
use lambda_http::{
    Adapter, LambdaEvent, Request, RequestExt as _,
    request::{LambdaRequest, RequestContext},
};
use lambda_runtime::Error;
use ports::Clock;
use tower::{ServiceExt as _, service_fn};

use crate::{Settings, home, start};

/// Answers the requests of one part of the API, for as long as Lambda lets the process live.
///
/// # Errors
/// When the environment has problems, or the home can't be opened.
pub async fn serve(part: Part) -> Result<(), Error> {
    serve_with(part, |_, _| Router::new()).await
}

/// The same, and the routes that `beside` makes of the product.
///
/// # Errors
/// When the environment has problems, or the home can't be opened.
pub async fn serve_with(
    part: Part,
    beside: impl FnOnce(&App, &Settings) -> Router,
) -> Result<(), Error> {
    let settings = start()?;
    let home = home::of_the_api(&settings).await?;
    let clock = Arc::clone(&home.clock);
    let app = App::new(home);
    run(app.router_of(part).merge(beside(&app, &settings)), clock).await
}

/// Hands every request to `router`.
async fn run(router: Router, clock: Arc<dyn Clock>) -> Result<(), Error> {
    let service = service_fn(move |request: Request| {
        let (router, clock) = (router.clone(), Arc::clone(&clock));
        async move { Ok::<_, Infallible>(answer(router, request, clock.as_ref()).await) }
    });
    let service = Adapter::from(service).map_request(|event: LambdaEvent<LambdaRequest>| {
        let LambdaEvent { payload, context, .. } = event;
        LambdaEvent::new(tame::tame(payload), context)
    });
    lambda_runtime::run(service).await
}

/// Answers one request, and writes a line about that.
async fn answer(router: Router, mut request: Request, clock: &dyn Clock) -> Response<Body> {
    let began = clock.monotonic();
    if let Some(ip) = client_ip(&request) {
        request.extensions_mut().insert(ClientIp(ip));
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let Ok(response) = router.oneshot(request).await;
    let ms = u64::try_from(clock.monotonic().saturating_sub(began).as_millis()).unwrap_or(u64::MAX);
    let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok());
    tracing::info!(%method, path, status = response.status().as_u16(), ms, request_id = id, "answered");
    response
}

/// Who called, as API Gateway saw it: what the caller says of itself in headers does not count.
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
