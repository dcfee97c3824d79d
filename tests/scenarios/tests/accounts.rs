//! Accounts: opened, changed and closed by the operator.

use latchhook_scenarios::{Account, Backend, Receiver, Reply, Value, clock, json};

#[tokio::test]
async fn an_account_is_opened_with_a_quota_of_two_and_without_live_mode() {
    let operator = Backend::visit().operator();
    let account = operator.post("/v1/accounts", json!({"name": "Ada"})).await.is(201);
    let id = account["id"].as_str().unwrap();
    clock::parse(account["created_at"].as_str().unwrap());
    assert_eq!(
        account,
        json!({
            "id": id,
            "object": "account",
            "uri": format!("/v1/accounts/{id}"),
            "name": "Ada",
            "external_id": null,
            "credentialed": false,
            "credentialed_at": null,
            "webhook_quota": 2,
            "created_at": account["created_at"],
            "closed_at": null,
        })
    );
    assert_eq!(operator.get(&format!("/v1/accounts/{id}")).await.is(200), account);
}

#[tokio::test]
async fn an_account_is_listed_with_a_total() {
    let account = Account::open(&Backend::visit()).await;
    let page = account.operator.get("/v1/accounts?per_page=1").await.is(200);
    assert!(page["count"].as_u64().unwrap() >= 1, "{page}");
    let all = account.operator.list("/v1/accounts?per_page=100").await;
    assert!(all.iter().any(|listed| listed["id"] == account.id.as_str()));
}

#[tokio::test]
async fn an_external_id_names_one_account_only_even_when_many_ask_at_once() {
    let operator = Backend::visit().operator();
    let external_id = format!("customer-{}", clock::now().as_millisecond());
    let asked = json!({"name": "Twin", "external_id": external_id});
    let asking = (0..12).map(|_| operator.post("/v1/accounts", asked.clone()));
    let answers = futures_util::future::join_all(asking).await;

    let opened: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].json()["external_id"], external_id);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "conflict");
    }
}

#[tokio::test]
async fn an_update_changes_only_the_named_fields() {
    let account = Account::open(&Backend::visit()).await;
    let renamed = account.update(json!({"name": "Grace"})).await;
    assert_eq!((&renamed["name"], &renamed["webhook_quota"]), (&json!("Grace"), &json!(2)));

    let credentialed = account.update(json!({"credentialed": true})).await;
    assert_eq!(credentialed["name"], "Grace");
    assert_eq!(credentialed["credentialed"], true);
    let since = credentialed["credentialed_at"].as_str().unwrap();
    clock::parse(since);
    assert_eq!(account.update(json!({"credentialed": true})).await["credentialed_at"], since);

    let withdrawn = account.update(json!({"credentialed": false})).await;
    assert_eq!(withdrawn["credentialed"], false);
    assert_eq!(withdrawn["credentialed_at"], Value::Null);
    assert_eq!(account.update(json!({"webhook_quota": 7})).await["webhook_quota"], 7);
}

#[tokio::test]
async fn every_caller_reads_their_own_account() {
    let account = Account::open(&Backend::visit()).await;
    let nobody = account.operator.backend().nobody();
    let secret = account.secret_key("test").await;
    let publishable = account.key(json!({"type": "publishable", "environment": "test"})).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let portal = nobody.bearer(session["token"].as_str().unwrap());

    for caller in [
        &account.operator,
        &secret.caller,
        &nobody.bearer(&secret.key),
        &publishable.caller,
        &nobody.bearer(&publishable.key),
        &portal,
    ] {
        assert_eq!(caller.get("/v1/account").await.is(200)["id"], account.id.as_str());
    }
}

#[tokio::test]
async fn only_the_operator_manages_accounts() {
    let account = Account::open(&Backend::visit()).await;
    let path = format!("/v1/accounts/{}", account.id);
    let secret = account.secret_key("test").await.caller;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let portal = account.operator.backend().nobody().bearer(session["token"].as_str().unwrap());

    for caller in [&secret, &portal] {
        caller.get("/v1/accounts").await.refused(403, "permission_denied");
        caller.get(&path).await.refused(403, "permission_denied");
        caller.post("/v1/accounts", json!({"name": "x"})).await.refused(403, "permission_denied");
        caller.patch(&path, json!({"webhook_quota": 99})).await.refused(403, "permission_denied");
        caller.delete(&path).await.refused(403, "permission_denied");
        caller.post("/v1/portal_sessions", json!({})).await.refused(403, "permission_denied");
    }
    assert_eq!(account.operator.get(&path).await.is(200)["webhook_quota"], 2);
}

#[tokio::test]
async fn an_account_that_is_not_there_is_not_found() {
    let operator = Backend::visit().operator();
    for id in ["acct_01arz3ndektsv4rrffq69g5fav", "acct_x", "wh_01arz3ndektsv4rrffq69g5fav"] {
        let path = format!("/v1/accounts/{id}");
        operator.get(&path).await.refused(404, "not_found");
        operator.patch(&path, json!({"name": "x"})).await.refused(404, "not_found");
        operator.delete(&path).await.refused(404, "not_found");
    }
    let acting = operator.acting_on("acct_01arz3ndektsv4rrffq69g5fav");
    acting.get("/v1/webhooks").await.refused(404, "not_found");
    acting
        .post("/v1/api_keys", json!({"type": "secret", "environment": "test"}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn an_operator_call_without_an_account_is_refused() {
    let operator = Backend::visit().operator();
    operator.get("/v1/webhooks").await.refused(400, "account_required");
    operator.get("/v1/api_keys").await.refused(400, "account_required");
    operator.get("/v1/logs").await.refused(400, "account_required");
    operator.get("/v1/account").await.refused(400, "account_required");
    operator.post("/v1/portal_sessions", json!({})).await.refused(400, "account_required");
}

#[tokio::test]
async fn closing_an_account_ends_its_keys_cancels_deliveries_and_destroys_secrets() {
    let account = Account::credentialed(&Backend::visit()).await;
    // The delivery stays pending because the receiver hangs: the test must not race the schedule.
    let receiver = Receiver::always(Reply::hanging()).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let key = account.secret_key("live").await;
    let event = account.event("report.completed").await;
    receiver.next().await;

    let path = format!("/v1/accounts/{}", account.id);
    let closed = account.operator.delete(&path).await.is(200);
    clock::parse(closed["closed_at"].as_str().unwrap());
    assert_eq!(account.operator.get(&path).await.is(200)["closed_at"], closed["closed_at"]);

    let verify = json!({"key": key.key});
    let verified = account.operator.post("/v1/api_keys/verify", verify).await.is(200);
    assert_eq!((&verified["valid"], &verified["code"]), (&json!(false), &json!("account_closed")));
    key.caller.get("/v1/account").await.refused(403, "account_closed");

    assert_eq!(account.delivery(&event, &hook).await["status"], "cancelled");
    let operator = &account.operator;
    for (path, body) in [
        (format!("/v1/api_keys/{}/reveal", key.id), json!({})),
        (format!("{}/reveal_secret", hook.path), json!({})),
        (format!("{}/ping", hook.path), json!({})),
        ("/v1/api_keys".to_owned(), json!({"type": "secret", "environment": "test"})),
        ("/v1/webhooks".to_owned(), json!({"webhook_url": receiver.url("/b")})),
        (
            "/v1/events".to_owned(),
            json!({"type": "report.completed", "environment": "test",
                "data": {"object": {"id": "r", "object": "report"}}}),
        ),
        ("/v1/portal_sessions".to_owned(), json!({})),
    ] {
        operator.post(&path, body).await.refused(403, "account_closed");
    }
    operator.patch(&path, json!({"name": "x"})).await.refused(403, "account_closed");
}

#[tokio::test]
async fn an_account_can_be_read_as_of_an_earlier_time() {
    let account = Account::open(&Backend::visit()).await;
    let path = format!("/v1/accounts/{}", account.id);
    let first = account.operator.get(&path).await.is(200);
    let then = first["created_at"].as_str().unwrap();
    clock::past(clock::parse(then)).await;
    account.update(json!({"name": "Later", "credentialed": true})).await;

    let as_it_stood = account.operator.get(&format!("{path}?as_of={then}")).await.is(200);
    assert_eq!(as_it_stood, first);
    assert_eq!(account.operator.get(&path).await.is(200)["name"], "Later");
    let before = "2020-01-01T00:00:00.000Z";
    account.operator.get(&format!("{path}?as_of={before}")).await.refused(404, "not_found");
}
