//! Webhook quota and uniqueness of URLs, under concurrent requests.

use futures_util::future::join_all;
use latchhook_scenarios::{Account, Answer, Backend, json};

async fn create(account: &Account, environment: &str, url: &str) -> Answer {
    let asked = json!({"webhook_url": url, "environment": environment});
    account.operator.post("/v1/webhooks", asked).await
}

fn created(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 201).count()
}

#[tokio::test]
async fn forty_concurrent_creations_leave_exactly_two_webhooks() {
    let account = Account::open(&Backend::visit()).await;
    let urls: Vec<_> = (0..40).map(|n| format!("https://127.0.0.1:9/{n}")).collect();
    let answers = join_all(urls.iter().map(|url| create(&account, "test", url))).await;

    assert_eq!(created(&answers), 2);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.refused(409, "quota_limit_exceeded");
        assert_eq!(refused.json()["error"], "Quota limit exceeded");
    }
    let listed = account.operator.get("/v1/webhooks?per_page=100").await.is(200);
    assert_eq!(listed["count"], 2);
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn forty_concurrent_creations_of_one_url_leave_exactly_one_webhook() {
    let account = Account::with_quota(&Backend::visit(), 50).await;
    let creating = (0..40).map(|_| create(&account, "test", "https://127.0.0.1:9/one"));
    let answers = join_all(creating).await;

    assert_eq!(created(&answers), 1);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.refused_for(409, "url_taken", "webhook_url");
    }
    assert_eq!(account.operator.get("/v1/webhooks").await.is(200)["count"], 1);
}

#[tokio::test]
async fn of_webhooks_moved_to_one_url_concurrently_only_one_succeeds() {
    let account = Account::with_quota(&Backend::visit(), 20).await;
    let mut hooks = Vec::new();
    for n in 0..20 {
        hooks.push(account.webhook(&format!("https://127.0.0.1:9/from/{n}")).await);
    }
    let change = json!({"webhook_url": "https://127.0.0.1:9/to"});
    let moving = hooks.iter().map(|hook| account.operator.patch(&hook.path, change.clone()));
    let answers = join_all(moving).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        refused.refused_for(409, "url_taken", "webhook_url");
    }
}

#[tokio::test]
async fn each_environment_has_a_quota_of_its_own() {
    let account = Account::credentialed(&Backend::visit()).await;
    for environment in ["test", "live"] {
        for n in 0..2 {
            create(&account, environment, &format!("https://127.0.0.1:9/{n}")).await.is(201);
        }
        create(&account, environment, "https://127.0.0.1:9/2")
            .await
            .refused(409, "quota_limit_exceeded");
    }
}

#[tokio::test]
async fn a_raised_quota_allows_more_and_a_lowered_one_keeps_existing_webhooks() {
    let account = Account::open(&Backend::visit()).await;
    account.update(json!({"webhook_quota": 5})).await;
    let urls: Vec<_> = (0..12).map(|n| format!("https://127.0.0.1:9/{n}")).collect();
    let answers = join_all(urls.iter().map(|url| create(&account, "test", url))).await;
    assert_eq!(created(&answers), 5);

    account.update(json!({"webhook_quota": 1})).await;
    assert_eq!(account.operator.get("/v1/webhooks").await.is(200)["count"], 5);
    create(&account, "test", "https://127.0.0.1:9/x").await.refused(409, "quota_limit_exceeded");
    account.update(json!({"webhook_quota": 0})).await;
    create(&account, "test", "https://127.0.0.1:9/x").await.refused(409, "quota_limit_exceeded");
}

#[tokio::test]
async fn a_deleted_webhook_makes_room_for_one() {
    let account = Account::open(&Backend::visit()).await;
    let first = account.webhook("https://127.0.0.1:9/0").await;
    account.webhook("https://127.0.0.1:9/1").await;
    account.operator.delete(&first.path).await.is(200);
    let urls: Vec<_> = (2..12).map(|n| format!("https://127.0.0.1:9/{n}")).collect();
    let answers = join_all(urls.iter().map(|url| create(&account, "test", url))).await;
    assert_eq!(created(&answers), 1);
}

#[tokio::test]
async fn a_disabled_webhook_still_counts() {
    let account = Account::open(&Backend::visit()).await;
    let first = account.webhook("https://127.0.0.1:9/0").await;
    account.webhook("https://127.0.0.1:9/1").await;
    account.operator.patch(&first.path, json!({"status": "disabled"})).await.is(200);
    create(&account, "test", "https://127.0.0.1:9/2").await.refused(409, "quota_limit_exceeded");
}

#[tokio::test]
async fn creating_and_deleting_concurrently_never_exceeds_the_quota() {
    let account = Account::open(&Backend::visit()).await;
    let churn = (0..8).map(|worker| {
        let account = &account;
        async move {
            for round in 0..6 {
                let url = format!("https://127.0.0.1:9/{worker}/{round}");
                let answer = create(account, "test", &url).await;
                let listed = account.operator.get("/v1/webhooks").await.is(200);
                assert!(listed["count"].as_u64().unwrap() <= 2, "{listed}");
                if answer.status == 201 {
                    let path = answer.json()["uri"].as_str().unwrap().to_owned();
                    account.operator.delete(&path).await.is(200);
                } else {
                    answer.refused(409, "quota_limit_exceeded");
                }
            }
        }
    });
    join_all(churn).await;
    assert_eq!(account.operator.get("/v1/webhooks").await.is(200)["count"], 0);
}
