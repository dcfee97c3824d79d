//! Rate limit of an API key, and what being refused costs.

use futures_util::future::join_all;
use latchhook_scenarios::{Account, Backend, Need, Settings, json};

#[tokio::test]
async fn every_answer_to_a_key_has_rate_limit_headers() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let first = key.caller.get("/v1/account").await;
    first.is(200);
    assert_eq!(first.number("x-ratelimit-limit"), 1200);
    let remaining = first.number("x-ratelimit-remaining");
    assert!(remaining < 1200, "{remaining}");
    assert!(first.number("x-ratelimit-reset") > 0);
    let refused = key.caller.get("/v1/api_keys").await;
    refused.refused(403, "permission_denied");
    assert_eq!(refused.number("x-ratelimit-limit"), 1200);
    let missing = key.caller.get("/v1/webhooks/wh_01arz3ndektsv4rrffq69g5fav").await;
    missing.refused(404, "not_found");
    assert_eq!(missing.number("x-ratelimit-limit"), 1200);
}

#[tokio::test]
async fn requests_without_a_route_are_counted_and_logged_too() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let nowhere = key.caller.get("/v1/nowhere").await;
    nowhere.refused(404, "not_found");
    let not_so = key.caller.put("/v1/webhooks", json!({})).await;
    not_so.refused(405, "method_not_allowed");
    let left = nowhere.number("x-ratelimit-remaining");
    let next = not_so.number("x-ratelimit-remaining");
    // A request comes back within 50 milliseconds.
    assert!(next <= left && left < 1200, "{left}, then {next}");
    let path = format!("/v1/logs?kind=api_request&api_key_id={}", key.id);
    let logged = account.operator.list(&path).await;
    let logged: Vec<_> = logged.iter().map(|row| (&row["path"], &row["status"])).collect();
    let expected = [(json!("/v1/webhooks"), json!(405)), (json!("/v1/nowhere"), json!(404))];
    assert_eq!(logged, expected.iter().map(|(path, status)| (path, status)).collect::<Vec<_>>());
}

#[tokio::test]
async fn answers_to_an_expired_key_have_rate_limit_headers() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/expire", key.id);
    account.operator.post(&path, json!({})).await.is(200);
    let refused = key.caller.get("/v1/account").await;
    refused.refused(401, "key_expired");
    assert_eq!(refused.number("x-ratelimit-limit"), 1200);
}

#[tokio::test]
async fn a_key_over_its_limit_gets_retry_after_and_others_are_unaffected() {
    let account = Account::open(&Backend::visit()).await;
    // A limit that a slow host reaches too, though the bucket refills meanwhile.
    let rate_limit = json!({"limit": 60, "period_seconds": 60});
    let asked = json!({"type": "secret", "environment": "test", "rate_limit": rate_limit});
    let (busy, calm) = (account.key(asked.clone()).await, account.key(asked).await);
    let (mut passed, mut limited) = (0, None);
    while limited.is_none() && passed < 600 {
        let answers = join_all((0..20).map(|_| busy.caller.get("/v1/account"))).await;
        passed += answers.iter().filter(|answer| answer.status == 200).count();
        limited = answers.into_iter().find(|answer| answer.status != 200);
    }
    if Backend::can(Need::WholeLimit) {
        assert!(passed >= 60, "limited after {passed}");
    }
    let limited = limited.unwrap_or_else(|| panic!("{passed} requests were never limited"));
    limited.refused(429, "rate_limited");
    assert!((1..=60).contains(&limited.number("retry-after")));
    assert_eq!(limited.number("x-ratelimit-remaining"), 0);
    assert_eq!(limited.number("x-ratelimit-limit"), 60);

    calm.caller.get("/v1/account").await.is(200);
    account.operator.get("/v1/account").await.is(200);
}

#[tokio::test]
async fn the_operator_sets_the_limit() {
    let Some(backend) = Backend::with(&Settings::default().with("LATCHHOOK_RATE_LIMIT", "3"))
    else {
        return;
    };
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await;
    for left in [2, 1, 0] {
        let answer = key.caller.get("/v1/account").await;
        answer.is(200);
        assert_eq!(answer.number("x-ratelimit-limit"), 3);
        assert_eq!(answer.number("x-ratelimit-remaining"), left);
    }
    key.caller.get("/v1/account").await.refused(429, "rate_limited");
    let asked = json!({"key": key.key});
    let verified = account.operator.post("/v1/api_keys/verify", asked).await.is(200);
    assert_eq!(verified["code"], "rate_limited");

    // A verification counts, whatever its result.
    let other = account.secret_key("test").await;
    let asked = json!({"key": other.key, "environment": "live"});
    for _ in 0..3 {
        let verified = account.operator.post("/v1/api_keys/verify", asked.clone()).await.is(200);
        assert_eq!(verified["code"], "wrong_environment");
    }
    other.caller.get("/v1/account").await.refused(429, "rate_limited");
}

/// Size of all files of a backend, in bytes.
fn size(backend: &Backend) -> u64 {
    backend.files().iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

/// One publishable key, which anybody can read in a browser, once filled 40 MB in six seconds.
#[tokio::test]
async fn a_flood_of_refused_requests_does_not_fill_the_disk() {
    let settings = Settings::default().with("LATCHHOOK_RATE_LIMIT", "20");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let public = account.key(json!({"type": "publishable", "environment": "test"})).await;
    let ended = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/expire", ended.id);
    account.operator.post(&path, json!({})).await.is(200);
    let before = size(&backend);
    let mut refused = 0;
    for _ in 0..100 {
        let floods = (0..10).flat_map(|_| {
            [
                public.caller.get("/v1/account"),
                public.caller.get("/v1/webhooks"),
                ended.caller.get("/v1/account"),
            ]
        });
        let answers = join_all(floods).await;
        refused += answers.iter().filter(|answer| answer.status != 200).count();
    }
    assert!(refused > 2900, "{refused}");
    // At most forty requests passed, and the two keys have a row for each minute. Each commit is a
    // few pages of 4 KiB in the log of the database.
    let grown = size(&backend) - before;
    assert!(grown < 2_000_000, "the files grew by {grown} bytes for {refused} refusals");
    let mut counted = 0;
    for key in [&public.id, &ended.id] {
        let path = format!("/v1/logs?kind=api_request&api_key_id={key}&per_page=100");
        let rows = account.operator.list(&path).await;
        counted += rows.iter().filter_map(|row| row["count"].as_u64()).sum::<u64>();
        assert!(rows.len() <= 45, "{} rows", rows.len());
    }
    assert_eq!(counted, refused as u64);
    let metrics = backend.nobody().get("/metrics").await.text();
    let limited = metrics.lines().find_map(|line| {
        line.strip_prefix("latchhook_over_limit_total{limit=\"rate_limit\"} ")?.parse::<u64>().ok()
    });
    assert!(limited.is_some_and(|limited| limited > 900), "{limited:?}");
}
