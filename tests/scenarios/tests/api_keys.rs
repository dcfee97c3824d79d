//! API keys: created, listed, revealed, expired, rolled.

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Settings, Value, clock, json};

#[tokio::test]
async fn creation_shows_the_whole_key_and_reading_does_not() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "test", "name": "Batch job"});
    let mut created = account.operator.post("/v1/api_keys", asked).await.is(201);
    let (id, key) = (created["id"].as_str().unwrap().to_owned(), created["key"].take());
    let redacted = created["redacted"].as_str().unwrap().to_owned();
    created.as_object_mut().unwrap().remove("key");
    assert_eq!(
        created,
        json!({
            "id": id,
            "object": "api_key",
            "uri": format!("/v1/api_keys/{id}"),
            "account_id": account.id,
            "type": "secret",
            "environment": "test",
            "name": "Batch job",
            "redacted": redacted,
            "created_at": created["created_at"],
            "expires_at": null,
            "last_used_at": null,
            "status": "active",
            "replaced_by": null,
            "imported": false,
            "revealable": true,
            "scopes": null,
            "metadata": {},
            "rate_limit": null,
            "allowed_networks": null,
        })
    );
    let key = key.as_str().unwrap();
    assert!(
        redacted.len() < key.len() && !redacted.contains(&key[14..key.len() - 6]),
        "{redacted}"
    );
    assert_eq!(account.operator.get(&format!("/v1/api_keys/{id}")).await.is(200), created);
    let listed = account.operator.get("/v1/api_keys").await.is(200);
    assert_eq!((&listed["data"], &listed["count"]), (&json!([created]), &json!(1)));
}

#[tokio::test]
async fn a_key_shows_its_type_and_has_a_checksum() {
    let account = Account::credentialed(&Backend::visit()).await;
    for (kind, environment, start) in [
        ("secret", "test", "lh_sk_test_"),
        ("secret", "live", "lh_sk_live_"),
        ("publishable", "test", "lh_pk_test_"),
        ("publishable", "live", "lh_pk_live_"),
    ] {
        let key = account.key(json!({"type": kind, "environment": environment})).await.key;
        let random = key.strip_prefix(start).unwrap_or_else(|| panic!("not {start}: {kind}"));
        assert_eq!(random.len(), 38);
        assert!(random.bytes().all(|b| b.is_ascii_alphanumeric()));
        let (signed, checksum) = key.split_at(key.len() - 6);
        assert!(
            alphabets()
                .any(|alphabet| base62(crc32fast::hash(signed.as_bytes()), &alphabet) == checksum),
            "{checksum} is not the CRC-32 of what stands before it"
        );
    }
}

#[tokio::test]
async fn the_operator_chooses_what_keys_start_with() {
    let Some(backend) = Backend::with(&Settings::default().with("LATCHHOOK_KEY_PREFIX", "acme"))
    else {
        return;
    };
    let key = Account::open(&backend).await.secret_key("test").await;
    assert!(key.key.starts_with("acme_sk_test_"));
    key.caller.get("/v1/account").await.is(200);
    let asked = json!({"key": key.key});
    let verified = backend.operator().post("/v1/api_keys/verify", asked).await.is(200);
    assert_eq!(verified["code"], "valid");
}

#[tokio::test]
async fn a_publishable_key_is_always_shown_and_a_secret_key_only_once() {
    let account = Account::open(&Backend::visit()).await;
    let publishable = account.key(json!({"type": "publishable", "environment": "test"})).await;
    let secret = account.secret_key("test").await;

    let operator = &account.operator;
    let shown = operator.get(&format!("/v1/api_keys/{}", publishable.id)).await.is(200);
    assert_eq!(shown["key"], publishable.key.as_str());
    let hidden = operator.get(&format!("/v1/api_keys/{}", secret.id)).await.is(200);
    assert!(hidden.get("key").is_none_or(Value::is_null));
    let listed = operator.list("/v1/api_keys").await;
    assert_eq!(listed[0]["id"], secret.id.as_str(), "newest first");
    assert!(listed[0].get("key").is_none_or(Value::is_null));
    assert_eq!(listed[1]["key"], publishable.key.as_str());
}

#[tokio::test]
async fn a_secret_key_can_be_revealed_again() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/reveal", key.id);
    let revealed = account.operator.post_nothing(&path).await.is(200);
    assert_eq!(revealed, json!({"id": key.id, "object": "api_key_secret", "key": key.key}));
}

#[tokio::test]
async fn live_keys_need_a_credentialed_account() {
    let account = Account::open(&Backend::visit()).await;
    for kind in ["secret", "publishable"] {
        let asked = json!({"type": kind, "environment": "live"});
        account.operator.post("/v1/api_keys", asked).await.refused(403, "account_not_credentialed");
    }
    assert_eq!(account.operator.list("/v1/api_keys").await, Vec::<Value>::new());
    account.update(json!({"credentialed": true})).await;
    account.secret_key("live").await;
}

#[tokio::test]
async fn a_key_can_be_created_with_an_expiry_in_the_future_only() {
    let account = Account::open(&Backend::visit()).await;
    let tomorrow = clock::text(clock::later(clock::now(), Duration::from_hours(24)));
    let asked = json!({"type": "secret", "environment": "test", "expires_at": tomorrow});
    let key = account.operator.post("/v1/api_keys", asked).await.is(201);
    assert_eq!((&key["expires_at"], &key["status"]), (&json!(tomorrow), &json!("active")));

    for wrong in [json!("2020-01-01T00:00:00.000Z"), json!("soon"), json!(1_900_000_000), json!("")]
    {
        let asked = json!({"type": "secret", "environment": "test", "expires_at": wrong});
        account.operator.post("/v1/api_keys", asked).await.refused_for(
            422,
            "invalid_field",
            "expires_at",
        );
    }
}

#[tokio::test]
async fn an_expired_key_stops_working_at_once_and_leaves_the_list() {
    let account = Account::open(&Backend::visit()).await;
    let (gone, kept) = (account.secret_key("test").await, account.secret_key("test").await);
    let path = format!("/v1/api_keys/{}", gone.id);
    gone.caller.get("/v1/webhooks").await.is(200);

    let expired = account.operator.post(&format!("{path}/expire"), json!({})).await.is(200);
    assert_eq!(expired["status"], "expired");
    gone.caller.get("/v1/webhooks").await.refused(401, "key_expired");
    kept.caller.get("/v1/webhooks").await.is(200);

    let active = account.operator.get("/v1/api_keys").await.is(200);
    assert_eq!(active["count"], 1);
    assert_eq!(active["data"][0]["id"], kept.id.as_str());
    let all = account.operator.get("/v1/api_keys?include_expired=true").await.is(200);
    assert_eq!(all["count"], 2);
    assert_eq!(account.operator.get(&path).await.is(200)["status"], "expired");
    account
        .operator
        .post(&format!("{path}/expire"), json!({}))
        .await
        .refused(409, "key_already_expired");
    account
        .operator
        .post(&format!("{path}/roll"), json!({}))
        .await
        .refused(409, "key_already_expired");
}

#[tokio::test]
async fn expire_without_a_body_means_now() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/expire", key.id);
    assert_eq!(account.operator.post_nothing(&path).await.is(200)["status"], "expired");
}

#[tokio::test]
async fn an_expiry_can_be_set_and_taken_away_again() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/expire", key.id);
    let tomorrow = clock::text(clock::later(clock::now(), Duration::from_hours(24)));
    let set = account.operator.post(&path, json!({"expires_at": tomorrow})).await.is(200);
    assert_eq!((&set["expires_at"], &set["status"]), (&json!(tomorrow), &json!("active")));
    let unset = account.operator.post(&path, json!({"expires_at": null})).await.is(200);
    assert_eq!((&unset["expires_at"], &unset["status"]), (&Value::Null, &json!("active")));
    account
        .operator
        .post(&path, json!({"expires_at": "2020-01-01T00:00:00.000Z"}))
        .await
        .refused_for(422, "invalid_field", "expires_at");
    key.caller.get("/v1/account").await.is(200);
}

#[tokio::test]
async fn expired_keys_stop_working_at_the_instant() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let at = clock::later(clock::now(), Duration::from_millis(700));
    let path = format!("/v1/api_keys/{}/expire", key.id);
    account.operator.post(&path, json!({"expires_at": clock::text(at)})).await.is(200);

    // Each answer must be right for some moment between the request and its answer.
    let mut refused = 0;
    while refused < 3 {
        let asked = clock::now();
        let answer = key.caller.get("/v1/account").await;
        let heard = clock::now();
        if answer.status == 200 {
            assert!(asked < at, "it worked at {asked}, but expired at {at}");
        } else {
            answer.refused(401, "key_expired");
            assert!(heard >= at, "it stopped before {at}: {heard}");
            refused += 1;
        }
    }
}

#[tokio::test]
async fn a_rolled_key_has_a_successor_like_itself_and_ends() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "test", "name": "Batch job"});
    let old = account.key(asked).await;
    let roll = format!("/v1/api_keys/{}/roll", old.id);
    let new = account.operator.post(&roll, json!({})).await.is(201);
    for (field, value) in
        [("type", "secret"), ("environment", "test"), ("name", "Batch job"), ("status", "active")]
    {
        assert_eq!(new[field], value);
    }
    let key = new["key"].as_str().unwrap();
    assert_ne!(key, old.key);
    old.caller.get("/v1/account").await.refused(401, "key_expired");
    account.operator.backend().nobody().basic(key).get("/v1/account").await.is(200);
    let read = account.operator.get(&format!("/v1/api_keys/{}", old.id)).await.is(200);
    assert_eq!((&read["replaced_by"], &read["status"]), (&new["id"], &json!("expired")));
}

#[tokio::test]
async fn a_rolled_key_may_overlap_but_never_outlives_its_own_expiry() {
    let account = Account::open(&Backend::visit()).await;
    let hours = |n| clock::text(clock::later(clock::now(), Duration::from_hours(n)));
    let (soon, later) = (hours(1), hours(5));
    let asked = json!({"type": "secret", "environment": "test", "expires_at": soon});
    let old = account.key(asked).await;
    let roll = format!("/v1/api_keys/{}/roll", old.id);
    account.operator.post(&roll, json!({"expires_at": later})).await.is(201);
    let read = account.operator.get(&format!("/v1/api_keys/{}", old.id)).await.is(200);
    assert_eq!((&read["expires_at"], &read["status"]), (&json!(soon), &json!("active")));
    old.caller.get("/v1/account").await.is(200);
}

#[tokio::test]
async fn keys_may_not_manage_keys() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let publishable = account.key(json!({"type": "publishable", "environment": "test"})).await;
    for caller in [&key.caller, &publishable.caller] {
        caller.get("/v1/api_keys").await.refused(403, "permission_denied");
        let path = format!("/v1/api_keys/{}", key.id);
        caller.get(&path).await.refused(403, "permission_denied");
        for verb in ["reveal", "expire", "roll"] {
            caller
                .post(&format!("{path}/{verb}"), json!({}))
                .await
                .refused(403, "permission_denied");
        }
        caller
            .post("/v1/api_keys", json!({"type": "secret", "environment": "test"}))
            .await
            .refused(403, "permission_denied");
    }
}

#[tokio::test]
async fn a_publishable_key_only_identifies_its_account() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.key(json!({"type": "publishable", "environment": "test"})).await;
    key.caller.get("/v1/account").await.is(200);
    for path in ["/v1/webhooks", "/v1/events", "/v1/logs", "/v1/event_types", "/v1/audit_events"] {
        key.caller.get(path).await.refused(403, "permission_denied");
    }
    let asked = json!({"webhook_url": "https://127.0.0.1:9/"});
    key.caller.post("/v1/webhooks", asked).await.refused(403, "permission_denied");
}

#[tokio::test]
async fn keys_are_filtered_by_environment() {
    let account = Account::credentialed(&Backend::visit()).await;
    let (test, live) = (account.secret_key("test").await, account.secret_key("live").await);
    for (environment, key) in [("test", &test), ("live", &live)] {
        let path = format!("/v1/api_keys?environment={environment}");
        let listed = account.operator.get(&path).await.is(200);
        assert_eq!(listed["count"], 1);
        assert_eq!(listed["data"][0]["id"], key.id.as_str());
    }
}

#[tokio::test]
async fn the_last_use_of_a_key_is_recorded() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}", key.id);
    key.caller.get("/v1/account").await.is(200);
    let used_at = clock::eventually("the use is noted", || async {
        let read = account.operator.get(&path).await.is(200);
        read["last_used_at"].as_str().map(ToOwned::to_owned)
    })
    .await;
    clock::parse(&used_at);
}

#[tokio::test]
async fn keys_can_be_listed_as_of_an_earlier_time() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}", key.id);
    let first = account.operator.get(&path).await.is(200);
    let then = first["created_at"].as_str().unwrap();
    clock::past(clock::parse(then)).await;
    account.operator.post(&format!("{path}/expire"), json!({})).await.is(200);
    account.secret_key("test").await;

    let stood = account.operator.get(&format!("/v1/api_keys?as_of={then}")).await.is(200);
    assert_eq!(stood["data"].as_array().unwrap().len(), 1);
    assert_eq!(stood["data"][0]["id"], key.id.as_str());
    assert_eq!(stood["data"][0]["status"], "active");
    let before = account.operator.get("/v1/api_keys?as_of=2020-01-01T00:00:00.000Z").await.is(200);
    assert_eq!(before["data"], json!([]));
}

/// Common alphabets of base 62.
fn alphabets() -> impl Iterator<Item = Vec<u8>> {
    let (digits, upper, lower) = (b'0'..=b'9', b'A'..=b'Z', b'a'..=b'z');
    [
        digits.clone().chain(upper.clone()).chain(lower.clone()).collect(),
        digits.clone().chain(lower.clone()).chain(upper.clone()).collect(),
        upper.chain(lower).chain(digits).collect(),
    ]
    .into_iter()
}

/// Writes `number` in base 62, with six digits.
fn base62(mut number: u32, alphabet: &[u8]) -> String {
    let mut digits = [alphabet[0]; 6];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(number % 62) as usize];
        number /= 62;
    }
    String::from_utf8_lossy(&digits).into_owned()
}
