//! Rotation of the key ring, beside a server that runs and is killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, os::unix::fs::PermissionsExt as _};

use latchhook_scenarios::{Account, Backend, Need, Receiver, Settings, Value, clock, json};

/// Number of keys: enough that a kill comes in the middle.
const KEYS: usize = 60;

async fn status(backend: &Backend) -> Value {
    let ended = backend.command(&["key-ring", "status", "--json"]).await;
    assert!(ended.status.success(), "{}", ended.output);
    serde_json::from_str(&ended.output).unwrap()
}

/// Returns how many things are under the old key or pepper.
async fn old(backend: &Backend) -> u64 {
    let status = status(backend).await;
    let counted = ["data_keys", "api_keys", "webhooks"];
    counted.iter().map(|what| status[what]["old"].as_u64().unwrap()).sum()
}

async fn all_verify(account: &Account, keys: &[String]) {
    for key in keys {
        let answer = account.operator.post("/v1/api_keys/verify", json!({"key": key})).await;
        assert_eq!(answer.is(200)["code"], "valid");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_work_through_a_rotation_that_is_killed_and_the_old_ring_opens_only_the_old_backup() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    let mut keys = Vec::new();
    for _ in 0..KEYS {
        keys.push(account.secret_key("test").await.key);
    }
    let receiver = Receiver::start().await;
    let url = receiver.url("/");
    let hook = account.webhook(&url).await;
    let before = backend.file("before");
    fs::copy(backend.file("key-ring"), backend.file("ring-before")).unwrap();
    assert!(backend.command(&["backup", before.to_str().unwrap()]).await.status.success());

    assert!(backend.command(&["key-ring", "rotate"]).await.status.success());
    let mode = fs::metadata(backend.file("key-ring")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let twice = backend.command(&["key-ring", "rotate"]).await;
    assert!(twice.output.contains("not retired"), "{}", twice.output);
    clock::eventually("the server takes the ring up", || async {
        all_verify(&account, &keys[..1]).await;
        backend.log().contains("resealing begins").then_some(())
    })
    .await;
    backend.kill();
    backend.restart().await;
    all_verify(&account, &keys).await;
    clock::eventually("everything is under the new ring", || async {
        let retired = backend.command(&["key-ring", "retire", "--yes"]).await;
        assert!(!retired.status.success(), "sessions may be under the old pepper for a day");
        (old(&backend).await == 0).then_some(())
    })
    .await;
    let taken = json!({"webhook_url": url, "environment": "test"});
    account.operator.post("/v1/webhooks", taken).await.refused(409, "url_taken");
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;

    let retired = backend.command(&["key-ring", "retire", "--end-sessions", "--yes"]).await;
    assert!(retired.status.success(), "{}", retired.output);
    backend.kill();
    backend.restart().await;
    all_verify(&account, &keys).await;
    assert_eq!(status(&backend).await["is_rotating"], false);
    let rebuilt = backend.restored(&before, &backend.file("ring-before"));
    let account_then = rebuilt.operator().acting_on(&account.id);
    let answer = account_then.post("/v1/api_keys/verify", json!({"key": keys[0]})).await;
    assert_eq!(answer.is(200)["code"], "valid", "the old backup opens with the old ring");

    let after = backend.file("after");
    assert!(backend.command(&["backup", after.to_str().unwrap()]).await.status.success());
    drop(backend.restored(&after, &backend.file("key-ring")));
    let refused = backend.not_restored(&after, &backend.file("ring-before"));
    assert!(!refused.status.success() && refused.output.contains("older copy"), "{refused:?}");
    backend.terminate();
    assert!(backend.ended().await.status.success());
    let checked = backend.command(&["rebuild"]).await;
    assert!(checked.status.success() && checked.output.contains("each equals"), "{checked:?}");
}
