//! World of the API tests: an account with one of everything, and every route of the API.

use serde_json::{Value, json};
use simulation::{Call, NewWebhook, Simulation};

/// URL of the account's webhook.
pub(crate) const URL: &str = "https://ada.example/hooks";

/// Account that has one of everything.
pub(crate) struct World {
    pub(crate) simulation: Simulation,
    pub(crate) account: String,
    pub(crate) webhook: NewWebhook,
    /// Secret key of the test environment.
    pub(crate) secret_key: String,
    pub(crate) publishable_key: String,
    /// Token of a portal session.
    pub(crate) session: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(Simulation::new(1))
    }

    pub(crate) fn of(mut simulation: Simulation) -> Self {
        simulation.network.answers(URL, 200);
        let account = simulation.open_account();
        let webhook = simulation.create_webhook(&account, URL);
        let secret_key = simulation.create_key(&account, "secret", "test");
        let publishable_key = simulation.create_key(&account, "publishable", "test");
        let session = simulation.open_session(&account);
        Self { simulation, account, webhook, secret_key, publishable_key, session }
    }

    /// Code and `param` with which the operator's call on the account is refused.
    #[track_caller]
    pub(crate) fn refused(&mut self, call: Call) -> (u16, String, Value) {
        refused(&mut self.simulation, call.on(&self.account))
    }
}

/// Status, code and `param` with which `call` is refused. Checks the documented form of errors.
#[track_caller]
pub(crate) fn refused(simulation: &mut Simulation, call: Call) -> (u16, String, Value) {
    let answer = simulation.call(call);
    let json = answer.json();
    assert!(answer.status >= 400, "{json}");
    let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["code", "error", "param", "request_id"]);
    assert!(!json["error"].as_str().unwrap().is_empty());
    assert_eq!(json["request_id"], answer.header("x-request-id"));
    assert_eq!(answer.header("content-type"), "application/json");
    (answer.status, answer.text("/code"), json["param"].clone())
}

/// Routes of the OpenAPI document: method and path.
pub(crate) fn routes(simulation: &Simulation) -> Vec<(String, String)> {
    let document = simulation.app().openapi();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "patch", "delete"] {
            if item.get(method).is_some() {
                routes.push((method.to_owned(), path.clone()));
            }
        }
    }
    assert!(routes.len() > 25, "{routes:?}");
    routes
}

/// Fills in the parameter of a path.
pub(crate) fn filled(path: &str) -> String {
    let prefix = match path.split('/').nth(2) {
        Some("accounts") => "acct",
        Some("api_keys") => "key",
        Some("webhooks" | "operator_webhooks") => "wh",
        Some("logs") => "log",
        Some("portal_sessions") => "ps",
        Some("operator_tokens") => "optk",
        _ => "evt",
    };
    let id = format!("{prefix}_01jgz2v6nv6e0w5dj3c5rqm8ta");
    path.replace("{id}", &id).replace("{name}", "report.completed")
}

/// Call of a route without credentials, with an empty object if it takes a body.
pub(crate) fn call_of(method: &str, path: &str) -> Call {
    let call = Call::new(method.to_uppercase().parse().unwrap(), path);
    match method {
        "get" | "delete" => call,
        _ => call.json(&json!({})),
    }
}

/// Event that can be posted.
pub(crate) fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "test",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    })
}
