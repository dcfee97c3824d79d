//! Secrets Manager and the tables: what one has, the other names.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use app::secrets::reconcile;
use contracts::ManualClock;
use embedded::SystemClock;
use latchhook_aws_tests::{
    Side, StoreTime,
    world::{Making, World},
};
use serde_json::json;
use simulation::Call;

const URL: &str = "https://ada:hush@ada.example/hooks";
/// Time after which a secret that was made for a commit is abandoned, and more.
const ABANDONED: Duration = Duration::from_mins(2);

/// World that keeps each secret in Secrets Manager, and its clock.
async fn apart() -> (World, Arc<ManualClock>) {
    let manual = Arc::new(ManualClock::default());
    let clock = Arc::new(StoreTime { manual: manual.clone(), system: SystemClock::new() });
    let making = Making { urls: &[URL], clock, secrets_apart: true, ..Making::default() };
    (World::made(making).await, manual)
}

/// Names of the secrets that can be revealed.
async fn there(world: &World) -> BTreeSet<String> {
    let all = world.apart.all().await.unwrap();
    let live = all.into_iter().filter(|kept| !kept.is_destroyed);
    live.map(|kept| reconcile::text(kept.name)).collect()
}

async fn webhook(world: &World) -> String {
    let list = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200);
    list.text("/data/0/id")
}

#[tokio::test]
async fn a_refused_webhook_makes_no_secret() {
    let (world, _) = apart().await;
    _ = world.call(world.new_webhook("https://ada.example/more")).await.expect(201);
    for (url, code) in [(URL, "url_taken"), ("https://x.example/", "quota_limit_exceeded")] {
        _ = world.wire.take_calls();
        let refused = world.call(world.new_webhook(url)).await;
        assert_eq!((refused.status, refused.text("/code")), (409, code.to_owned()));
        let calls = world.wire.take_calls();
        let wrote = |operation: &&str| calls.contains_key(*operation);
        let writes = ["CreateSecret", "PutSecretValue", "PutItem"];
        assert_eq!(writes.iter().find(|write| wrote(write)), None, "{calls:?}");
    }
    assert_eq!(world.app.named_secrets().await.unwrap().loose, BTreeSet::new());
}

#[tokio::test]
async fn a_publishable_key_is_no_secret() {
    let (world, _) = apart().await;
    let before = there(&world).await;
    let new = json!({ "type": "publishable", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await.expect(201);
    assert_eq!(there(&world).await, before);
    let shown = world.call(Call::get(&created.text("/uri")).on(&world.account)).await.expect(200);
    assert_eq!(shown.text("/key"), created.text("/key"));
    let named = world.app.named_secrets().await.unwrap();
    assert_eq!((named.needed, named.loose.len()), (before, 1));
}

#[tokio::test]
async fn wherever_a_function_dies_the_secrets_are_those_that_the_tables_name() {
    let (world, clock) = apart().await;
    let path = format!("/v1/webhooks/{}", webhook(&world).await);
    let rotate = Call::post(&format!("{path}/rotate_secret"), &json!({ "overlap_seconds": 0 }));
    let mut number = 0;
    let mut deaths = 0;
    for command in ["rotate", "change", "create"] {
        let mut at = (0, Side::Before);
        loop {
            number += 1;
            let url = json!({ "webhook_url": format!("https://ada:{number}@ada.example/hooks") });
            let call = match command {
                "rotate" => rotate.clone(),
                "change" => Call::patch(&path, &url),
                _ => {
                    Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "test" }))
                }
            };
            let work = Box::pin(world.call(call.on(&world.account)));
            let (answered, steps) = world.wire.death.amid(at, work).await;
            clock.advance(ABANDONED);
            assert_eq!(world.app.sweep_secrets().await.unwrap().left, 0);
            let named = world.app.named_secrets().await.unwrap();
            // A replaced signing secret is kept for a day.
            let what = format!("{command}, dead {at:?} of {steps:?}");
            assert_eq!(there(&world).await, &named.needed | &named.loose, "{what}");
            if let Some(answer) = answered {
                assert!(answer.status < 300, "{what}: {}", answer.json());
                break;
            }
            deaths += 1;
            at = match at {
                (place, Side::Before) => (place, Side::After),
                (place, Side::After) => (place + 1, Side::Before),
            };
        }
    }
    assert!(deaths > 40, "{deaths}");
}

#[tokio::test]
async fn closing_an_account_lists_no_secrets_and_leaves_none() {
    let (world, clock) = apart().await;
    let before = there(&world).await;
    assert_eq!(before.len(), 2, "a URL with credentials and a signing secret");
    _ = world.wire.take_calls();
    _ = world.call(Call::delete(&format!("/v1/accounts/{}", world.account))).await.expect(200);
    clock.advance(ABANDONED);
    assert_eq!(world.app.sweep_secrets().await.unwrap().done, 1);
    assert!(!world.wire.take_calls().contains_key("ListSecrets"));
    assert_eq!(there(&world).await, BTreeSet::new());
    // They can still be restored.
    let destroyed = world.apart.all().await.unwrap();
    let names: BTreeSet<String> = destroyed.iter().map(|kept| reconcile::text(kept.name)).collect();
    assert!(destroyed.iter().all(|kept| kept.is_destroyed) && names == before);
}
