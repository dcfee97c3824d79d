//! Compatibility with Checkr's clients, over a real process.

use latchhook_scenarios::{Account, Backend, Settings, json};

#[tokio::test]
async fn checkrs_clients_find_pages_and_refusals_as_they_know_them() {
    let settings = Settings::default().with("LATCHHOOK_COMPATIBILITY", "checkr");
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await.caller;
    let of =
        |path: &str| json!({"webhook_url": format!("https://example.com/{path}"), "live": false});
    key.post("/v1/webhooks", of("a")).await.is(201);
    for (body, code, sentence) in [
        (json!({}), "missing_field", "webhook_url is missing."),
        (of("a"), "url_taken", "Url has already been taken."),
        (
            json!({"webhook_url": "https://10.0.0.1/"}),
            "url_not_public",
            "Url is not valid. Please use a publicly available host and the HTTPS or SNS protocol.",
        ),
    ] {
        let refused = key.post("/v1/webhooks", body).await.is(400);
        assert_eq!((&refused["code"], &refused["error"]), (&json!(code), &json!(sentence)));
    }
    key.post("/v1/webhooks", of("b")).await.is(201);
    let refused = key.post("/v1/webhooks", of("c")).await.is(400);
    assert_eq!(refused["code"], "quota_limit_exceeded");
    assert_eq!(refused["error"], "Allowed webhook API limit exceeded.");

    let second = key.get("/v1/webhooks?per_page=1&page=2").await;
    assert!(second.header("x-ratelimit-reset").is_some_and(|reset| reset.ends_with('Z')));
    let second = second.is(200);
    assert_eq!(second["data"][0]["webhook_url"], "https://example.com/a");
    assert_eq!((&second["next_href"], &second["count"]), (&json!(null), &json!(2)));
    let previous = second["previous_href"].as_str().unwrap();
    assert!(previous.starts_with("http"), "{previous}");
    assert!(previous.ends_with("/v1/webhooks?page=1&per_page=1"), "{previous}");
}
