//! URLs of webhooks: those that are allowed, and those that count as the same.

use latchhook_scenarios::{Account, Backend, Caller, Need, Settings, Value, json};

const ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

async fn create(caller: &Caller, url: &str) -> latchhook_scenarios::Answer {
    let asked = json!({"webhook_url": url, "environment": "test"});
    caller.post("/v1/webhooks", asked).await
}

async fn shown(account: &Account, url: &str) -> Value {
    create(&account.operator, url).await.is(201)["webhook_url"].take()
}

#[tokio::test]
async fn plain_http_is_for_test_only() {
    let account = Account::credentialed(&Backend::visit()).await;
    create(&account.operator, "http://example.com/").await.is(201);
    let asked = json!({"webhook_url": "http://example.com/", "environment": "live"});
    account.operator.post("/v1/webhooks", asked).await.refused_for(
        422,
        "url_scheme_not_allowed",
        "webhook_url",
    );
    let live = json!({"webhook_url": "https://example.com/", "environment": "live"});
    let hook = account.operator.post("/v1/webhooks", live).await.is(201);
    account
        .operator
        .patch(hook["uri"].as_str().unwrap(), json!({"webhook_url": "http://example.com/"}))
        .await
        .refused_for(422, "url_scheme_not_allowed", "webhook_url");
}

#[tokio::test]
async fn other_schemes_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    for url in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "ws://example.com/",
        "sqs://example.com/",
    ] {
        create(&account.operator, url).await.refused_for(
            422,
            "url_scheme_not_allowed",
            "webhook_url",
        );
    }
}

#[tokio::test]
async fn invalid_urls_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    let long = format!("https://example.com/{}", "a".repeat(10_000));
    for url in [
        "",
        "example.com",
        "javascript:alert(1)",
        "data:text/plain,x",
        "mailto:a@example.com",
        "/hook",
        "https://",
        "https:///x",
        "https://exa mple.com/",
        &long,
        "https://example.com:99999/",
        "http://[::1",
    ] {
        let answer = create(&account.operator, url).await;
        assert_eq!(answer.status, 422, "{url}: {}", answer.text());
        assert_eq!(answer.json()["param"], "webhook_url", "{url}");
    }
}

#[tokio::test]
async fn hosts_that_are_not_public_are_refused_in_any_notation() {
    let Some(backend) = Backend::with(&Settings::default().without("LATCHHOOK_ALLOW_NETWORKS"))
    else {
        return;
    };
    let account = Account::open(&backend).await;
    for host in [
        // Loopback, in every notation of it.
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.255.255.254",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "\u{ff11}27.0.0.1",
        "127\u{3002}0\u{3002}0\u{3002}1",
        // This host, private, link-local, shared, benchmarking.
        "0",
        "0.0.0.0",
        "[::]",
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "0xc0a80001",
        "169.254.169.254",
        "[fe80::1]",
        "[febf::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "198.19.255.255",
        // Protocol assignments, documentation, multicast, reserved.
        "192.0.0.1",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "[2001:db8::1]",
        "[3fff::1]",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "[ff02::1]",
        "[100::1]",
        // IPv4-mapped and NAT64 addresses.
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:c0a8:1::1]",
        "[2001:0:7f00:1::]",
        "[fec0::1]",
        // Names that are not public.
        "intranet",
        "db",
        "metadata",
    ] {
        let url = format!("http://{host}/hook");
        let answer = create(&account.operator, &url).await;
        let taken = answer.status == 201;
        assert!(!taken, "{url} was taken");
        answer.refused_for(422, "url_not_public", "webhook_url");
    }
    for host in ["93.184.215.14", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]"] {
        create(&account.operator, &format!("http://{host}/hook")).await.is(201);
    }
}

#[tokio::test]
async fn a_network_opened_for_development_opens_nothing_else() {
    let Some(backend) = Backend::alone(Need::Settings, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    create(&account.operator, "http://127.0.0.1:9/").await.is(201);
    for host in ["10.0.0.1", "169.254.169.254", "[::1]", "192.168.1.1"] {
        create(&account.operator, &format!("http://{host}/")).await.refused_for(
            422,
            "url_not_public",
            "webhook_url",
        );
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_accepted() {
    let account = Account::open(&Backend::visit()).await;
    create(&account.operator, "https://hooks.latchhook-scenarios.invalid/x").await.is(201);
}

#[tokio::test]
async fn the_same_url_in_another_spelling_is_a_duplicate() {
    let account = Account::with_quota(&Backend::visit(), 100).await;
    for (n, (first, same)) in (0..).zip([
        ("https://example.com/~", "HTTPS://EXAMPLE.com/~"),
        ("https://example.com/~", "https://example.com:443/~"),
        ("http://example.com/~", "http://example.com:80/~"),
        ("https://example.com/~", "https://example.com/a/../~"),
        ("https://example.com/~", "https://example.com/./~"),
        ("https://b\u{fc}cher.example.com/~", "https://xn--bcher-kva.example.com/~"),
        ("https://user:pass@example.com/~", "https://us%65r:p%61ss@example.com/~"),
    ]) {
        let spell = |url: &str| url.replace('~', &format!("same{n}"));
        create(&account.operator, &spell(first)).await.is(201);
        create(&account.operator, &spell(same)).await.refused_for(409, "url_taken", "webhook_url");
    }
    for (n, (first, other)) in (0..).zip([
        ("https://example.com/~", "http://example.com/~"),
        ("https://example.com/A~", "https://example.com/a~"),
        ("https://example.com/~", "https://example.com/~/"),
        ("https://example.com/~", "https://example.com/~?a=1"),
        ("https://example.com/~", "https://example.com:8443/~"),
        ("https://example.com/~", "https://user:pass@example.com/~"),
        ("https://user:one@example.com/~", "https://user:two@example.com/~"),
    ]) {
        let spell = |url: &str| url.replace('~', &format!("other{n}"));
        create(&account.operator, &spell(first)).await.is(201);
        create(&account.operator, &spell(other)).await.is(201);
    }
}

#[tokio::test]
async fn urls_are_unique_per_account_and_environment() {
    let backend = Backend::visit();
    let (one, two) = (Account::credentialed(&backend).await, Account::open(&backend).await);
    let url = "https://example.com/shared";
    create(&one.operator, url).await.is(201);
    create(&two.operator, url).await.is(201);
    let live = json!({"webhook_url": url, "environment": "live"});
    one.operator.post("/v1/webhooks", live).await.is(201);
    let taken = create(&one.operator, url).await;
    taken.refused_for(409, "url_taken", "webhook_url");
    assert_eq!(taken.json()["error"], "Url has already been taken.");
}

#[tokio::test]
async fn a_url_is_free_again_after_a_change_or_a_deletion() {
    let account = Account::open(&Backend::visit()).await;
    let (one, two) = ("https://example.com/1", "https://example.com/2");
    let (first, second) = (account.webhook(one).await, account.webhook(two).await);
    let change = json!({"webhook_url": two});
    account.operator.patch(&first.path, change.clone()).await.refused(409, "url_taken");
    account.operator.delete(&second.path).await.is(200);
    account.operator.patch(&first.path, change).await.is(200);
    create(&account.operator, one).await.is(201);
    // A webhook's own URL does not conflict with itself.
    account.operator.patch(&first.path, json!({"webhook_url": two})).await.is(200);
}

#[tokio::test]
async fn credentials_are_masked_wherever_a_url_is_shown() {
    let account = Account::open(&Backend::visit()).await;
    let password = "correct-horse-battery";
    account.operator.backend().give(password);
    let url = format!("https://user:{password}@example.com/masked");
    assert_eq!(shown(&account, &url).await, "https://user:****@example.com/masked");
    for path in ["/v1/webhooks", "/v1/audit_events"] {
        let text = account.operator.get(path).await.text();
        assert!(!text.contains(password), "{path} shows the password");
        assert!(text.contains("user:****@example.com"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_refusal_never_repeats_credentials() {
    let account = Account::open(&Backend::visit()).await;
    account.operator.backend().give("hunter2-secret");
    for url in [
        "https://user:hunter2-secret@10.0.0.1/",
        "ftp://user:hunter2-secret@example.com/",
        "sns://AKIAIOSFODNN7EXAMPLE:hunter2-secret@nowhere/1/x",
        "https://user:hunter2-secret@exa mple.com/",
    ] {
        let answer = create(&account.operator, url).await;
        assert_eq!(answer.status, 422, "{url}");
        assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    }
}

#[tokio::test]
async fn an_sns_topic_is_accepted_with_its_access_key_raw_or_percent_encoded() {
    let account = Account::open(&Backend::visit()).await;
    account.operator.backend().give(ACCESS_KEY);
    let encoded = ACCESS_KEY.replace('/', "%2F").replace('+', "%2B");
    account.operator.backend().give(&encoded);
    let url =
        |key: &str| format!("sns://AKIAIOSFODNN7EXAMPLE:{key}@us-east-1/123456789012/reports");
    assert_eq!(
        shown(&account, &url(ACCESS_KEY)).await,
        "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/reports"
    );
    for same in [encoded, format!("%77{}", &ACCESS_KEY[1..])] {
        create(&account.operator, &url(&same)).await.refused_for(409, "url_taken", "webhook_url");
    }
}

#[tokio::test]
async fn invalid_sns_topics_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    let key = "AKIAIOSFODNN7EXAMPLE:secretaccesskey";
    let long = "x".repeat(257);
    for url in [
        "sns://us-east-1/123456789012/reports".to_owned(),
        "sns://AKIAIOSFODNN7EXAMPLE@us-east-1/123456789012/reports".to_owned(),
        format!("sns://{key}@us-east-1/12345678901/reports"),
        format!("sns://{key}@us-east-1/1234567890123/reports"),
        format!("sns://{key}@us-east-1/12345678901a/reports"),
        format!("sns://{key}@us-east-1/123456789012"),
        format!("sns://{key}@us-east-1/123456789012/"),
        format!("sns://{key}@us-east-1/123456789012/reports.fifo"),
        format!("sns://{key}@us-east-1/123456789012/re ports"),
        format!("sns://{key}@us-east-1/123456789012/re.ports"),
        format!("sns://{key}@us-east-1/123456789012/{long}"),
        format!("sns://{key}@us-east-1/123456789012/reports/more"),
        format!("sns://{key}@/123456789012/reports"),
        format!("sns://{key}@us east/123456789012/reports"),
        format!("sns://{key}@evil.example.com/123456789012/reports"),
        "sns://:secret@us-east-1/123456789012/reports".to_owned(),
        "sns://AKIAIOSFODNN7EXAMPLE:@us-east-1/123456789012/reports".to_owned(),
    ] {
        let answer = create(&account.operator, &url).await;
        assert_ne!(answer.status, 201, "{url} was taken");
        answer.refused_for(422, "invalid_sns_url", "webhook_url");
    }
}
