use axum::{extract::RawQuery, routing::get};
use http::{HeaderMap, Uri};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use system::SystemClock;

use super::*;

fn http_api(path: &str, query: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
        "headers": {"host": "abc.execute-api.eu-central-1.amazonaws.com", "x-forwarded-for": "203.0.113.9"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "stage": "$default", "requestId": "1",
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
        },
        "isBase64Encoded": false,
    })
}

fn rest_api(path: &str) -> Value {
    json!({
        "resource": "/{proxy+}", "path": path, "httpMethod": "GET",
        "headers": {"Host": "abc.execute-api.eu-central-1.amazonaws.com"},
        "multiValueHeaders": {"Host": ["abc.execute-api.eu-central-1.amazonaws.com"]},
        "queryStringParameters": null, "multiValueQueryStringParameters": null,
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "stage": "$default", "requestId": "1",
            "httpMethod": "GET", "path": path, "identity": {"sourceIp": "203.0.113.7"},
        },
        "body": null, "isBase64Encoded": false,
    })
}

fn request(event: &Value) -> Request {
    tame::tame(serde_json::from_value(event.clone()).unwrap()).into()
}

/// Returns the path and query that a router sees.
async fn seen(event: &Value) -> String {
    let echo = |uri: Uri, RawQuery(query): RawQuery| async move {
        format!("{} {}", uri.path(), query.unwrap_or_default())
    };
    told(event, Router::new().fallback(get(echo))).await
}

/// Returns the body with which a router answers the request.
async fn told(event: &Value, router: Router) -> String {
    let clock = Arc::new(SystemClock::new());
    let middleware =
        Middleware { clock: clock.clone(), meter: Meter::new("hooks".to_owned(), clock) };
    let response = middleware.answer(router, request(event)).await;
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn path_and_query_reach_the_router() {
    assert_eq!(seen(&http_api("/v1/logs", "a=1&a=2&b=%2F")).await, "/v1/logs a=1&a=2&b=%2F");
    assert_eq!(seen(&rest_api("/v1/logs")).await, "/v1/logs ");
}

#[tokio::test]
async fn invalid_uri_characters_are_encoded_without_a_panic() {
    assert_eq!(seen(&http_api("/v1/a b", "x=<y> z")).await, "/v1/a%20b x=%3Cy%3E%20z");
    assert_eq!(seen(&http_api("/v1/ü?x#y", "")).await, "/v1/%C3%BC%3Fx%23y ");
    assert_eq!(
        seen(&http_api("/v1/\u{0}\u{7f}{}|\\^`\"", "\u{1}#\"")).await.matches('%').count(),
        12
    );
    let mut event = http_api("/v1/a", "");
    event["headers"] = json!({"host": "a b:99999", "x-forwarded-proto": "://"});
    assert_eq!(seen(&event).await, "/v1/a ");
}

#[test]
fn the_callers_address_is_the_one_that_api_gateway_saw() {
    for event in [http_api("/", ""), rest_api("/")] {
        let ip = client_ip(&request(&event));
        assert_eq!(ip, Some([203, 0, 113, 7].into()));
    }
}

#[tokio::test]
async fn the_customers_api_knows_neither_the_operators_token_nor_pages() {
    let seen = |uri: Uri, headers: HeaderMap| async move {
        format!("{} {}", uri.path(), headers.contains_key(http::header::AUTHORIZATION))
    };
    let basic = "Basic bGhvcF9hYmM6"; // lhop_abc:
    for (path, token, shared, customers) in [
        ("/v1/accounts", "Bearer lhop_abc", "/v1/accounts true", "/v1/accounts false"),
        ("/v1/accounts", basic, "/v1/accounts true", "/v1/accounts false"),
        ("/v1/events", "Bearer lh_sk_test_abc", "/v1/events true", "/v1/events true"),
        ("/operator", "", "/operator true", "/nowhere true"),
        ("/operator/accounts", "", "/operator/accounts true", "/nowhere true"),
        ("/operators", "", "/operators true", "/operators true"),
    ] {
        for (surface, expected) in [("everybody", shared), ("customers", customers)] {
            let mut event = http_api(path, "");
            event["headers"]["authorization"] = json!(token);
            event["stageVariables"] = json!({ "surface": surface });
            let router = Router::new().fallback(get(seen));
            assert_eq!(told(&event, router).await, expected, "{surface}: {path} {token}");
        }
    }
}

#[tokio::test]
async fn only_an_http_api_gets_compressed_answers() {
    let takes =
        |headers: HeaderMap| async move { headers.contains_key(ACCEPT_ENCODING).to_string() };
    for (mut event, passed) in [(http_api("/", ""), "true"), (rest_api("/"), "false")] {
        event["headers"]["accept-encoding"] = json!("deflate");
        if passed == "false" {
            event["multiValueHeaders"]["accept-encoding"] = json!(["deflate"]);
        }
        assert_eq!(told(&event, Router::new().fallback(get(takes))).await, passed);
    }
}

#[tokio::test]
async fn an_answer_that_lambda_would_give_up_has_a_reason_instead() {
    let large = || async { "\"".repeat(4 * 1024 * 1024) };
    let answer = told(&http_api("/v1/logs", ""), Router::new().fallback(get(large))).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["code"], "internal");
}
