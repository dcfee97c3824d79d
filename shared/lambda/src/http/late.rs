//! Router of an API that learns its own address from the first request.
//!
//! A function can't be told the address by the template: the API names its functions, so none of them
//! can name the API. API Gateway itself says in each request at which of the API's names it came.

use std::sync::{Arc, OnceLock};

use axum::Router;
use lambda_http::{Request, RequestExt as _, request::RequestContext};

/// Router that is put together for an address: at the start if that is set, or for the first request.
#[derive(Clone)]
pub(super) struct LateRouter(Arc<Late>);

struct Late {
    router: OnceLock<Router>,
    make: Box<dyn Fn(String) -> Router + Send + Sync>,
}

impl LateRouter {
    /// Creates the router with `make`, of the address `url` or that of the first request.
    pub(super) fn new(
        url: Option<String>,
        make: impl Fn(String) -> Router + Send + Sync + 'static,
    ) -> Self {
        let router = url.map_or_else(OnceLock::new, |url| OnceLock::from(make(url)));
        Self(Arc::new(Late { router, make: Box::new(make) }))
    }

    /// Returns the router for a request.
    pub(super) fn of(&self, request: &Request) -> Router {
        self.0.router.get_or_init(|| (self.0.make)(url_of(request))).clone()
    }
}

/// Returns the address at which the request's API was called, as API Gateway says it.
fn url_of(request: &Request) -> String {
    let name = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.as_deref(),
        Some(RequestContext::ApiGatewayV1(context)) => context.domain_name.as_deref(),
        _ => None,
    };
    name.map(|name| format!("https://{name}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use serde_json::json;
    use tower::ServiceExt as _;

    use super::*;

    fn request(domain: &str) -> Request {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
            "headers": {"host": "forged.example"},
            "requestContext": {
                "accountId": "123456789012", "apiId": "abc", "stage": "$default", "requestId": "1",
                "domainName": domain,
                "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "::1"},
            },
            "isBase64Encoded": false,
        });
        serde_json::from_value::<lambda_http::request::LambdaRequest>(event).unwrap().into()
    }

    fn router(url: Option<&str>) -> LateRouter {
        let made = |url: String| Router::new().fallback(get(|| async move { url }));
        LateRouter::new(url.map(ToOwned::to_owned), made)
    }

    async fn told(router: &LateRouter, domain: &str) -> String {
        let request = request(domain);
        let answer = router.of(&request).oneshot(request).await.unwrap();
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
    }

    #[tokio::test]
    async fn without_a_setting_the_address_is_the_one_that_api_gateway_names() {
        let router = router(None);
        let own = "abc.execute-api.eu-central-1.amazonaws.com";
        assert_eq!(told(&router, own).await, format!("https://{own}"));
        assert_eq!(told(&router, "later.example").await, format!("https://{own}"));
    }

    #[tokio::test]
    async fn a_set_address_counts_whatever_name_was_called() {
        let router = router(Some("https://hooks.example.com"));
        assert_eq!(told(&router, "abc.example").await, "https://hooks.example.com");
    }
}
