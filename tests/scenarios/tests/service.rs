//! Service routes: health, OpenAPI document, metrics.

use std::collections::BTreeSet;

use latchhook_scenarios::{Account, Backend, Need, Receiver, clock};

/// Routes of the contract.
const ROUTES: [&str; 65] = [
    "DELETE /v1/accounts/{id}",
    "DELETE /v1/event_types/{name}",
    "DELETE /v1/events/{id}",
    "DELETE /v1/webhooks/{id}",
    "GET /dashboard",
    "GET /healthz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /readyz",
    "GET /v1/account",
    "GET /v1/accounts",
    "GET /v1/accounts/{id}",
    "GET /v1/api_keys",
    "GET /v1/api_keys/{id}",
    "GET /v1/audit_events",
    "GET /v1/delivery_health",
    "GET /v1/delivery_stats",
    "GET /v1/event_types",
    "GET /v1/events",
    "GET /v1/events/{id}",
    "GET /v1/logs",
    "GET /v1/logs/{id}",
    "GET /v1/retry_schedule",
    "GET /v1/webhooks",
    "GET /v1/webhooks/{id}",
    "GET /v1/webhooks/{id}/statement",
    "PATCH /v1/accounts/{id}",
    "PATCH /v1/api_keys/{id}",
    "PATCH /v1/webhooks/{id}",
    "POST /v1/accounts",
    "POST /v1/api_keys",
    "POST /v1/api_keys/import",
    "POST /v1/api_keys/verify",
    "POST /v1/api_keys/{id}/expire",
    "POST /v1/api_keys/{id}/reveal",
    "POST /v1/api_keys/{id}/roll",
    "POST /v1/events",
    "POST /v1/events/{id}/advance",
    "POST /v1/events/{id}/resend",
    "POST /v1/portal_sessions",
    "GET /v1/portal_sessions",
    "GET /v1/portal_sessions/{id}",
    "DELETE /v1/portal_sessions/{id}",
    "POST /v1/portal_sessions/redeem",
    "POST /v1/request_logs",
    "POST /v1/webhooks",
    "POST /v1/webhooks/{id}/ping",
    "POST /v1/webhooks/{id}/recover",
    "POST /v1/webhooks/{id}/reveal_secret",
    "POST /v1/webhooks/{id}/rotate_secret",
    "PUT /v1/event_types/{name}",
    "DELETE /v1/key_scopes/{name}",
    "GET /v1/key_scopes",
    "PUT /v1/key_scopes/{name}",
    "DELETE /v1/operator_tokens/{id}",
    "GET /v1/operator_tokens",
    "GET /v1/operator_tokens/{id}",
    "POST /v1/operator_tokens",
    "POST /v1/operator_webhooks",
    "GET /v1/operator_webhooks",
    "GET /v1/operator_webhooks/{id}",
    "PATCH /v1/operator_webhooks/{id}",
    "DELETE /v1/operator_webhooks/{id}",
    "POST /v1/events/batch",
    "GET /jwks/{id}",
];

/// Routes beside the API, which the document need not describe.
const BESIDE: [&str; 2] = ["GET /dashboard", "GET /metrics"];

#[tokio::test]
async fn health_and_readiness_are_reported() {
    let nobody = Backend::visit().nobody();
    assert_eq!(nobody.get("/healthz").await.status, 200);
    assert_eq!(nobody.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn pages_carry_a_request_id_as_well() {
    let nobody = Backend::visit().nobody();
    for path in ["/dashboard", "/dashboard/keys", "/operator", "/dashboard/nothing"] {
        let answer = nobody.get(path).await;
        let id = answer.header("x-request-id").unwrap_or_default();
        assert!(id.starts_with("req_") && id.len() == "req_".len() + 26, "{path}: {id}");
    }
}

#[tokio::test]
async fn the_document_describes_every_route_of_the_contract_and_no_other() {
    let document = Backend::visit().nobody().get("/openapi.json").await.is(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_some() {
                described.insert(format!("{} {}", method.to_uppercase(), anonymous(path)));
            }
        }
    }
    let contract: BTreeSet<_> = ROUTES.iter().map(|route| anonymous(route)).collect();
    let missing: Vec<_> =
        contract.difference(&described).filter(|route| !BESIDE.contains(&route.as_str())).collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
    let more: Vec<_> = described.difference(&contract).collect();
    assert!(more.is_empty(), "not in the contract: {more:?}");
}

#[tokio::test]
async fn the_document_describes_what_each_route_takes_and_answers() {
    let document = Backend::visit().nobody().get("/openapi.json").await.is(200);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                continue;
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            if path.starts_with("/v1/") {
                assert!(responses.keys().any(|status| status.starts_with('4')), "{method} {path}");
            }
        }
    }
    assert!(document["components"]["securitySchemes"].is_object());
}

#[tokio::test]
async fn metrics_count_deliveries() {
    let Some(backend) = Backend::visit_for(Need::Metrics) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/")).await;
    account.event("report.completed").await;
    receiver.next().await;
    let text = clock::eventually("the delivery is counted", || async {
        let answer = backend.nobody().get("/metrics").await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        text.contains("latchhook_").then_some(text)
    })
    .await;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert!(name.starts_with(|c: char| c.is_ascii_alphabetic()), "{line}");
    }
    assert!(text.contains("# TYPE "));
    assert!(!text.contains(&account.id), "accounts are no labels");
    let document = backend.nobody().get("/openapi.json").await.json();
    assert!(document["paths"]["/metrics"]["get"].is_object(), "documented where it is served");
}

#[tokio::test]
async fn every_answer_carries_a_request_id_of_its_own() {
    let nobody = Backend::visit().nobody();
    let mut ids = BTreeSet::new();
    for path in ["/healthz", "/v1/account", "/v1/webhooks", "/nowhere", "/openapi.json"] {
        ids.insert(nobody.get(path).await.request_id());
    }
    assert_eq!(ids.len(), 5);
}

/// Removes the names of a route's parameters.
fn anonymous(route: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in route.chars() {
        match c {
            '{' => {
                inside = true;
                text.push_str("{}");
            }
            '}' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text
}
