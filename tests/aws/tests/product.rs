//! Promises of the product that DynamoDB and SQS make hard to keep.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::views::collections;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{Environment, id::WebhookId};
use futures_util::future::join_all;
use latchhook_aws_tests::{
    Side,
    world::{URLS, World, event},
};
use serde_json::{Value, json};
use simulation::{Answer, Call};

/// Counts answers by error code, or by status if they succeeded.
fn tally(answers: &[Answer]) -> std::collections::BTreeMap<String, usize> {
    let mut tally = std::collections::BTreeMap::new();
    for answer in answers {
        let code = answer.text("/code");
        let kind = if code.is_empty() { answer.status.to_string() } else { code };
        *tally.entry(kind).or_default() += 1;
    }
    tally
}

async fn quota(world: &World, quota: u32) {
    let path = format!("/v1/accounts/{}", world.account);
    let change = json!({ "webhook_quota": quota });
    _ = world.call(Call::patch(&path, &change)).await.expect(200);
}

/// Statuses of the deliveries of each event.
async fn statuses(world: &World) -> Vec<Vec<Value>> {
    let list = Call::get("/v1/events?environment=test&per_page=100").on(&world.account);
    let list = world.call(list).await.expect(200).json();
    let of = |event: &Value| {
        let deliveries = event["deliveries"].as_array().unwrap().iter();
        deliveries.map(|delivery| delivery["status"].clone()).collect()
    };
    list["data"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn nothing_is_accepted_of_which_the_messages_can_not_be_sent() {
    let world = World::new().await;
    let post = event().on(&world.account).once("k1");
    world.wire.breaks_at(Some("SendMessageBatch"));
    for _ in 0..2 {
        let failed = world.call(post.clone()).await;
        assert_eq!((failed.status, failed.text("/code")), (503, "unavailable".to_owned()));
        assert_eq!(statuses(&world).await, Vec::<Vec<Value>>::new());
    }
    world.wire.breaks_at(None);
    assert_eq!(world.call(post.clone()).await.expect(202).header("idempotent-replayed"), "");
    for leased in &world.received().await {
        world.deliver(leased).await;
    }
    assert_eq!(statuses(&world).await, [["delivered", "delivered"]]);
    let repeat = world.call(post).await.expect(202);
    assert_eq!(repeat.header("idempotent-replayed"), "true");
    assert!(world.received().await.is_empty(), "a repeat sends nothing again");
}

#[tokio::test]
async fn wherever_a_function_dies_what_it_accepted_is_delivered() {
    let world = World::at_one_time().await;
    let (mut at, mut died) = ((0, Side::Before), Vec::new());
    loop {
        let post = Box::pin(world.call(event().on(&world.account)));
        let (answered, steps) = world.wire.death.amid(at, post).await;
        for leased in world.received().await {
            world.deliver(&leased).await;
        }
        if let Some(answer) = answered {
            _ = answer.expect(202);
            break;
        }
        died.extend(steps.last().map(|step| format!("{:?} {step}", at.1)));
        at = match at {
            (place, Side::Before) => (place, Side::After),
            (place, Side::After) => (place + 1, Side::Before),
        };
    }
    // The last one answered, and one before it died with everything committed.
    let accepted = statuses(&world).await;
    assert_eq!(accepted, [["delivered", "delivered"]; 2], "died {died:?}");
    for step in ["After SendMessageBatch", "Before PutItem", "After PutItem"] {
        assert!(died.iter().any(|place| place == step), "not {step}: {died:?}");
    }
}

#[tokio::test]
async fn a_damaged_item_fails_its_own_attempt_and_none_that_was_asked_for_with_it() {
    let world = World::at_one_time().await;
    let list = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200).json();
    let mut webhooks = list["data"].as_array().unwrap().iter();
    let damaged = webhooks.find(|webhook| webhook["webhook_url"] == URLS[1]).unwrap();
    let damaged: WebhookId = damaged["id"].as_str().unwrap().parse().unwrap();
    let webhooks = collections::webhooks(world.account.parse().unwrap(), Environment::Test);
    let key = webhooks.key(damaged);
    let (client, table) = (world.place.clients.dynamodb(), &world.place.tables.views);
    let damage = client.update_item().table_name(table).update_expression("REMOVE revision");
    let damage = damage.key("pk", AttributeValue::S(key.partition.as_str().to_owned()));
    let damage = damage.key("sk", AttributeValue::S(key.sort));
    let asked = world.posted().await;
    let whole = damage.return_values(ReturnValue::AllOld).send().await.unwrap().attributes;

    // One message asks for both attempts. What they depend on is read together, and that fails.
    world.deliver(&asked[0]).await;
    let hits = || URLS.map(|url| world.network.hits_at(url).len());
    assert_eq!(hits(), [1, 0]);
    let alone = world.received().await;
    let asks: Vec<_> = alone.iter().map(|one| (one.message.webhook, &one.message.chore)).collect();
    assert_eq!(asks, [(damaged, &None)]);
    let failed = world.app.deliver(&*world.sender, &alone[0]).await.unwrap_err();
    assert!(failed.is_damage(), "{failed:?}");

    client.put_item().table_name(table).set_item(whole).send().await.unwrap();
    world.deliver(&alone[0]).await;
    assert_eq!(hits(), [1, 1]);
    assert_eq!(statuses(&world).await, [["delivered", "delivered"]]);
}

#[tokio::test]
async fn forty_writers_create_as_many_webhooks_as_the_quota_allows() {
    let world = World::new().await;
    quota(&world, 5).await;
    let race = (0..40)
        .map(|number| world.call(world.new_webhook(&format!("https://ada.example/{number}"))));
    let outcome = tally(&join_all(race).await);
    let expected = [("201".to_owned(), 3), ("quota_limit_exceeded".to_owned(), 37)];
    assert_eq!(outcome, expected.into());
}

#[tokio::test]
async fn forty_writers_take_a_url_once() {
    let world = World::new().await;
    quota(&world, 100).await;
    let race = (0..40).map(|_| world.call(world.new_webhook("https://ada.example/same")));
    let outcome = tally(&join_all(race).await);
    assert_eq!(outcome, [("201".to_owned(), 1), ("url_taken".to_owned(), 39)].into());
}

/// Each change is decided on the state that the previous one left, so the history has all of them.
#[tokio::test]
async fn forty_writers_change_one_account_one_after_the_other() {
    let world = World::new().await;
    let path = format!("/v1/accounts/{}", world.account);
    let race = (0..40)
        .map(|number| world.call(Call::patch(&path, &json!({ "name": format!("Ada {number}") }))));
    let outcome = tally(&join_all(race).await);
    let changed = outcome.get("200").copied().unwrap_or_default();
    // A writer may give up after a dozen lost races, but never loses another's change.
    assert!(outcome.keys().all(|kind| kind == "200" || kind == "conflict"), "{outcome:?}");
    let history = format!("/v1/audit_events?per_page=100&subject={}", world.account);
    let history = world.call(Call::get(&history).on(&world.account)).await.expect(200).json();
    let renamed = history["data"].as_array().unwrap().iter();
    let renamed = renamed.filter(|event| event["type"] == "account.renamed").count();
    assert_eq!(renamed, changed);
}

#[tokio::test]
async fn a_report_of_500_rows_takes_several_commits_and_is_stored_completely() {
    let world = World::new().await;
    let row = json!({ "environment": "test", "method": "GET", "path": "/", "status": 200 });
    let report = json!({ "request_logs": vec![row; 500] });
    let post = Call::post("/v1/request_logs", &report).on(&world.account).once("k1");
    for _ in 0..2 {
        assert_eq!(world.call(post.clone()).await.expect(202).json()["count"], 500);
    }
    let mut rows = 0;
    let mut next = Some("/v1/logs?kind=api_request&per_page=100".to_owned());
    while let Some(path) = next {
        let page = world.call(Call::get(&path).on(&world.account)).await.expect(200).json();
        rows += page["data"].as_array().unwrap().len();
        next = page["next_href"].as_str().map(str::to_owned);
    }
    assert_eq!(rows, 500);
}

/// Each disabled webhook's delivery is a document and an index entry, and 60 of them are more than
/// fit into a transaction.
#[tokio::test]
async fn an_event_for_sixty_disabled_webhooks_is_accepted_and_each_can_recover_it() {
    const DISABLED: usize = 60;
    let world = World::new().await;
    quota(&world, 100).await;
    let mut last = String::new();
    for number in 0..DISABLED {
        let url = format!("https://ada.example/{number}");
        let webhook = world.call(world.new_webhook(&url)).await.expect(201).text("/id");
        last = format!("/v1/webhooks/{webhook}");
        let disable = Call::patch(&last, &json!({ "status": "disabled" })).on(&world.account);
        _ = world.call(disable).await.expect(200);
    }
    let post = event().on(&world.account).once("k1");
    let accepted = world.call(post.clone()).await.expect(202);
    assert_eq!(world.call(post).await.expect(202).body, accepted.body);
    let shown = Call::get(&format!("/v1/events/{}", accepted.text("/id"))).on(&world.account);
    let shown = world.call(shown).await.expect(200).json();
    let deliveries = shown["deliveries"].as_array().unwrap();
    let of = |status: &str| deliveries.iter().filter(|one| one["status"] == status).count();
    assert_eq!((of("pending"), of("cancelled")), (2, DISABLED));
    let enable = Call::patch(&last, &json!({ "status": "enabled" })).on(&world.account);
    _ = world.call(enable).await.expect(200);
    let since = json!({ "since": "2020-01-01T00:00:00.000Z" });
    let recover = Call::post(&format!("{last}/recover"), &since).on(&world.account);
    assert_eq!(world.call(recover).await.expect(202).json()["count"], 1);
}

/// Each process remembers for itself when it last recorded the use of a key.
#[tokio::test]
async fn forty_processes_verify_one_key_at_once_and_every_request_is_logged_once() {
    let world = World::new().await;
    let new = json!({ "type": "secret", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await;
    let created = created.expect(201);
    let request = json!({ "method": "GET", "path": "/v1/reports", "status": 200 });
    let verify = json!({ "key": created.text("/key"), "request": request });
    let processes: Vec<_> = (0..40).map(|_| world.another_process()).collect();
    let race = processes
        .iter()
        .map(|process| World::answer(process, Call::post("/v1/api_keys/verify", &verify)));
    assert_eq!(tally(&join_all(race).await), [("valid".to_owned(), 40)].into());
    let path = format!("/v1/logs?api_key_id={}&per_page=100", created.text("/id"));
    let page = world.call(Call::get(&path).on(&world.account)).await.expect(200).json();
    assert_eq!(page["data"].as_array().unwrap().len(), 40);
    let path = format!("/v1/api_keys/{}", created.text("/id"));
    let shown = world.call(Call::get(&path).on(&world.account)).await.expect(200).json();
    assert!(shown["last_used_at"].is_string());
}
