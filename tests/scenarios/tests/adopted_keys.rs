//! Keys that somebody else made, and keys that can do less.

use latchhook_scenarios::{Account, Backend, Need, Settings, Value, clock, json};

/// Keys of a form of another's, different in each run.
fn foreign(number: usize) -> Vec<String> {
    let run = clock::now().as_nanosecond();
    (0..number).map(|number| format!("acme-{run}-{number:04}-QmF0dGVyeUhvcnNl")).collect()
}

fn by_value(keys: &[String]) -> Value {
    let keys = keys.iter().map(|key| json!({"type": "secret", "environment": "test", "key": key}));
    json!({"api_keys": keys.collect::<Vec<_>>()})
}

async fn verify(account: &Account, asked: Value) -> Value {
    account.operator.post("/v1/api_keys/verify", asked).await.is(200)
}

#[tokio::test]
async fn a_hundred_keys_are_imported_and_work_until_they_are_rolled() {
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let keys = foreign(100);
    let import = account.operator.post("/v1/api_keys/import", by_value(&keys)).await.is(201);
    let imported = import["data"].as_array().unwrap();
    assert_eq!((imported.len(), &import["count"]), (100, &json!(100)));
    for at in [0, 7, 8, 99] {
        backend.give(&keys[at]);
        let verified = verify(&account, json!({"key": keys[at]})).await;
        assert_eq!(
            (&verified["code"], &verified["key_id"]),
            (&json!("valid"), &imported[at]["id"])
        );
        backend.nobody().bearer(&keys[at]).get("/v1/webhooks").await.is(200);
    }
    let path = format!("/v1/api_keys/{}", imported[0]["id"].as_str().unwrap());
    let revealed = account.operator.post(&format!("{path}/reveal"), json!({})).await.is(200);
    assert_eq!(revealed["key"], keys[0]);
    let successor = account.operator.post(&format!("{path}/roll"), json!({})).await.is(201);
    assert_eq!(successor["imported"], false);
    assert_eq!(verify(&account, json!({"key": keys[0]})).await["code"], "expired");
}

#[tokio::test]
async fn an_import_is_whole_or_nothing() {
    let backend = Backend::visit();
    let (account, other) = (Account::open(&backend).await, Account::open(&backend).await);
    let keys = foreign(20);
    other.operator.post("/v1/api_keys/import", by_value(&keys[17..18])).await.is(201);
    let refused = account.operator.post("/v1/api_keys/import", by_value(&keys)).await;
    refused.refused_for(409, "key_taken", "api_keys[17]");
    assert_eq!(verify(&account, json!({"key": keys[0]})).await["code"], "not_found");
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
    // Whoever is first has them all.
    let keys = foreign(20);
    let (one, two) = tokio::join!(
        account.operator.post("/v1/api_keys/import", by_value(&keys)),
        other.operator.post("/v1/api_keys/import", by_value(&keys)),
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    let winners = statuses.iter().filter(|status| **status == 201).count();
    assert!(winners <= 1, "{statuses:?}");
    let counts = [&account, &other].map(async |account: &Account| {
        account.operator.get("/v1/api_keys").await.is(200)["count"].as_u64().unwrap()
    });
    let [of_account, of_other] = counts;
    let expected = (20 * u64::from(one.status == 201), 1 + 20 * u64::from(two.status == 201));
    assert_eq!((of_account.await, of_other.await), expected);
}

#[tokio::test]
async fn a_key_can_be_allowed_less() {
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let asked = json!({
        "type": "secret", "environment": "test", "scopes": ["reports:read"],
        "metadata": {"plan": "free"}, "rate_limit": {"limit": 100, "period_seconds": 3600},
    });
    let key = account.key(asked).await;
    let verified =
        verify(&account, json!({"key": key.key, "scopes": ["reports:read", "reports:write"]}))
            .await;
    assert_eq!(verified["code"], "insufficient_scope");
    assert_eq!(verified["missing_scopes"], json!(["reports:write"]));
    let verified = verify(&account, json!({"key": key.key, "scopes": ["reports:read"]})).await;
    assert_eq!(
        (&verified["code"], &verified["metadata"]),
        (&json!("valid"), &json!({"plan": "free"}))
    );
    assert_eq!(verified["rate_limit"]["limit"], 100);

    let path = format!("/v1/api_keys/{}", key.id);
    let change = json!({"scopes": null, "allowed_networks": ["192.0.2.0/24"]});
    account.operator.patch(&path, change).await.is(200);
    let from =
        |ip: &str| json!({"key": key.key, "request": {"method": "GET", "path": "/", "ip": ip}});
    assert_eq!(verify(&account, from("192.0.2.9")).await["code"], "valid");
    assert_eq!(verify(&account, from("198.51.100.9")).await["code"], "ip_not_allowed");
    backend.nobody().bearer(&key.key).get("/v1/webhooks").await.refused(403, "ip_not_allowed");
    let change = json!({"allowed_networks": ["0.0.0.0/0", "::/0"]});
    account.operator.patch(&path, change).await.is(200);
    backend.nobody().bearer(&key.key).get("/v1/webhooks").await.is(200);
}

#[tokio::test]
async fn the_catalogue_bounds_the_scopes_of_keys() {
    let Some(backend) = Backend::alone(Need::Installation, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    let operator = &account.operator;
    let asked = |scope: &str| json!({"type": "secret", "environment": "test", "scopes": [scope]});
    operator.post("/v1/api_keys", asked("anything")).await.is(201);
    let scope = operator.put("/v1/key_scopes/reports:read", json!({})).await.is(200);
    assert_eq!(operator.list("/v1/key_scopes").await, [scope]);
    operator.post("/v1/api_keys", asked("anything")).await.refused_for(
        422,
        "unknown_scope",
        "scopes",
    );
    operator.post("/v1/api_keys", asked("reports:read")).await.is(201);
    operator.delete("/v1/key_scopes/reports:read").await.is(200);
    operator.post("/v1/api_keys", asked("anything")).await.is(201);
}
