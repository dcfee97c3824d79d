//! An account with everything, and every route of the API.

use latchhook_simulation::{Call, NewWebhook, Simulation};
use serde_json::{Value, json};

/// Where the account's webhook is.
pub(crate) const URL: &str = "https://ada.example/hooks";

/// An account that has one of each.
pub(crate) struct World {
    pub(crate) simulation: Simulation,
    pub(crate) account: String,
    pub(crate) webhook: NewWebhook,
    /// A secret key of the test environment.
    pub(crate) secret_key: String,
    pub(crate) publishable_key: String,
    /// The token of a portal session.
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

    /// The code and the `param` that the operator's call on the account is refused with.
    #[track_caller]
    pub(crate) fn refused(&mut self, call: Call) -> (u16, String, Value) {
        refused(&mut self.simulation, call.on(&self.account))
    }
}

/// The status, code and `param` that `call` is refused with. Every refusal has the same shape.
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

/// Every route that the OpenAPI document has: method and path.
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

/// A path of the document with something in place of its parameter.
pub(crate) fn filled(path: &str) -> String {
    let prefix = match path.split('/').nth(2) {
        Some("accounts") => "acct",
        Some("api_keys") => "key",
        Some("webhooks") => "wh",
        Some("logs") => "log",
        _ => "evt",
    };
    let id = format!("{prefix}_01jgz2v6nv6e0w5dj3c5rqm8ta");
    path.replace("{id}", &id).replace("{name}", "report.completed")
}

/// A call of a route by nobody, with an empty object where it takes a body.
pub(crate) fn call_of(method: &str, path: &str) -> Call {
    let call = Call::new(method.to_uppercase().parse().unwrap(), path);
    match method {
        "get" | "delete" => call,
        _ => call.json(&json!({})),
    }
}

/// An event that can be posted.
pub(crate) fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "test",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    })
}
