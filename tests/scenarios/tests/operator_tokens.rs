//! Operator tokens: named credentials of the operator's services, each with its scopes.

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Caller, Need, Settings, Value, clock, json};

/// Token that was made: its path, and whoever has it.
struct Token {
    path: String,
    holder: Caller,
}

async fn token(account: &Account, mut asked: Value) -> Token {
    asked["name"] = json!("gateway");
    let made = account.operator.post("/v1/operator_tokens", asked).await.is(201);
    let holder = account.operator.bearer(made["token"].as_str().unwrap_or_default());
    Token { path: made["uri"].as_str().unwrap_or_default().to_owned(), holder }
}

/// Waits until a token is refused everywhere: at once on one machine, within a minute on AWS.
async fn refused(holder: &Caller, path: &str, code: &str) {
    let outcome = (401, Some(code.to_owned()));
    clock::eventually("the token is refused", async || {
        (holder.get(path).await.outcome() == outcome).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_only_verifies_needs_one_scope() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let gateway = token(&account, json!({"scopes": ["keys:verify"]})).await.holder;
    let request = json!({"method": "GET", "path": "/reports", "status": 200});
    let verify = json!({"key": key.key, "request": request});
    let valid = gateway.post("/v1/api_keys/verify", verify).await.is(200);
    assert_eq!((&valid["code"], &valid["account_id"]), (&json!("valid"), &json!(account.id)));
    for path in ["/v1/accounts", "/v1/api_keys", "/v1/webhooks", "/v1/logs", "/v1/operator_tokens"]
    {
        gateway.get(path).await.refused(403, "permission_denied");
    }
    let event = json!({"type": "a.b", "environment": "test", "data": {"object": {"id": "1"}}});
    gateway.post("/v1/events", event).await.refused(403, "permission_denied");
}

#[tokio::test]
async fn a_token_that_is_ended_is_refused_and_keeps_its_place_in_the_list() {
    let account = Account::open(&Backend::visit()).await;
    let Token { path, holder } = token(&account, json!({"scopes": ["accounts:read"]})).await;
    holder.get("/v1/account").await.is(200);
    let shown = account.operator.get(&path).await.is(200);
    assert_eq!((&shown["status"], &shown["token"]), (&json!("active"), &Value::Null));
    clock::eventually("the use is recorded", async || {
        let shown = account.operator.get(&path).await.is(200);
        shown["last_used_at"].is_string().then_some(())
    })
    .await;
    let ended = account.operator.delete(&path).await.is(200);
    assert_eq!(ended["status"], "ended");
    refused(&holder, "/v1/account", "bad_authentication").await;
    let listed = account.operator.list("/v1/operator_tokens").await;
    assert!(listed.iter().any(|token| token["id"] == ended["id"]));
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    let account = Account::open(&Backend::visit()).await;
    let soon = clock::later(clock::now(), Duration::from_secs(2));
    let asked = json!({"scopes": ["accounts:read"], "expires_at": clock::text(soon)});
    let Token { path, holder } = token(&account, asked).await;
    clock::past(soon).await;
    refused(&holder, "/v1/account", "key_expired").await;
    assert_eq!(account.operator.get(&path).await.is(200)["status"], "expired");
}

#[tokio::test]
async fn nobody_gives_what_they_lack() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"scopes": ["operator_tokens:write", "logs:read"]});
    let maker = token(&account, asked).await.holder;
    let ask = |scopes: Value| json!({"name": "made", "scopes": scopes});
    maker.post("/v1/operator_tokens", ask(json!(["logs:read"]))).await.is(201);
    let beyond = ask(json!(["logs:read", "secrets:reveal"]));
    maker.post("/v1/operator_tokens", beyond).await.refused_for(403, "permission_denied", "scopes");
}

#[tokio::test]
async fn the_history_of_an_account_names_the_token() {
    let account = Account::open(&Backend::visit()).await;
    let worker = token(&account, json!({"scopes": ["keys:write"]})).await;
    let key = json!({"type": "secret", "environment": "test"});
    worker.holder.post("/v1/api_keys", key).await.is(201);
    let history = account.operator.list("/v1/audit_events?type=api_key.created").await;
    let id = worker.path.rsplit('/').next().unwrap();
    assert_eq!(history[0]["actor"], json!({"type": "operator", "id": id, "name": "gateway"}));
}

#[tokio::test]
async fn the_root_token_can_be_switched_off_and_on_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("latchhook.toml");
    std::fs::write(&file, "root_token = \"on\"\n").unwrap();
    let settings = Settings::default().with("LATCHHOOK_CONFIG", file.to_str().unwrap());
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let reader = token(&account, json!({"scopes": ["accounts:read"]})).await.holder;
    std::fs::write(&file, "root_token = \"off\"\n").unwrap();
    backend.kill();
    backend.restart().await;
    account.operator.get("/v1/account").await.refused(401, "bad_authentication");
    reader.get("/v1/account").await.is(200);
    std::fs::write(&file, "root_token = \"on\"\n").unwrap();
    backend.kill();
    backend.restart().await;
    account.operator.get("/v1/account").await.is(200);
}
