//! Event for as many webhooks as an account may have. It keeps the emulator busy, so it is alone here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use app::views::collections;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::{
    Environment,
    answers::{LARGEST_CONTENT, length_in_json},
    id::WebhookId,
};
use latchhook_aws_tests::world::{URLS, World};
use ports::{
    Commit, Ids as _,
    store::{Condition, Order, Query, Range, Write},
};
use serde_json::{Value, json};
use simulation::{Call, Hit};

/// Gives the account copies of its first webhook, until it has so many webhooks.
async fn copy_webhooks(world: &World, number: usize) {
    let store = &*world.app.backend.store;
    let account = world.account.parse().unwrap();
    let query = Query {
        partition: collections::webhooks(account, Environment::Test),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: number,
    };
    let there = store.query(&query).await.unwrap();
    let first = std::str::from_utf8(&there[0].document.body).unwrap();
    let now = world.app.backend.now();
    let copy = |number: usize| {
        let id = world.place.ids.ulid(now);
        let url = format!("https://ada.example/{number}");
        let id = WebhookId::from(id);
        let body = first.replace(&there[0].sort, &id.to_string()).replace(URLS[0], &url);
        Write::Put {
            key: query.partition.key(id),
            body: body.into(),
            expires_at: None,
            index: vec![],
            condition: Condition::Absent,
        }
    };
    let copies: Vec<Write> = (there.len()..number).map(copy).collect();
    for writes in copies.chunks(100) {
        store.commit(Commit { writes: writes.to_vec(), ..Commit::default() }).await.unwrap();
    }
}

/// Returns a text of so many characters that hardly compresses: visible ones of ASCII in no order.
fn incompressible(characters: usize) -> String {
    let mut state = 1_u64;
    let mut character = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match char::from(b'#' + u8::try_from((state >> 32) % 92).unwrap()) {
            // It would take two bytes, as a quotation mark would.
            '\\' => '!',
            other => other,
        }
    };
    (0..characters).map(|_| character()).collect()
}

/// An item holds 400 KB: the largest body and ten thousand identifiers of webhooks.
#[tokio::test]
async fn an_event_as_large_as_it_may_be_for_ten_thousand_webhooks_is_one_item_and_asks_for_each() {
    const MOST: usize = 10_000;
    let world = World::at_one_time().await;
    let path = format!("/v1/accounts/{}", world.account);
    let quota = Call::patch(&path, &json!({ "webhook_quota": MOST }));
    _ = world.call(quota).await.expect(200);
    let own = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200).json();
    let own: BTreeSet<WebhookId> = own["data"].as_array().unwrap().iter().map(id).collect();
    copy_webhooks(&world, MOST).await;
    // No message comes back while the others are received.
    let sqs = world.place.clients.sqs();
    let set = sqs.set_queue_attributes().queue_url(&world.place.queues.deliveries);
    set.attributes(QueueAttributeName::VisibilityTimeout, "3600").send().await.unwrap();

    let object = json!({ "id": "rep_1", "object": "report", "pages": incompressible(255 * 1024) });
    let body =
        json!({ "type": "report.completed", "environment": "test", "data": { "object": object } });
    let post = Call::post("/v1/events", &body).on(&world.account).once("k1");
    let accepted = world.call(post.clone()).await.expect(202);
    assert_eq!(accepted.json()["deliveries"].as_array().unwrap().len(), MOST);
    assert!(length_in_json(&accepted.body) < LARGEST_CONTENT);
    assert_eq!(world.call(post).await.expect(202).body, accepted.body);

    // Where the emulator is slow a call is repeated, and its messages come twice.
    let (mut asked, mut parts) = (BTreeSet::new(), BTreeSet::new());
    let mut received = world.received().await;
    assert!(received.iter().all(|one| one.message.chore.is_some()), "one message asks for all");
    while let Some(leased) = received.pop() {
        match &leased.message.chore {
            Some(part) if parts.insert(format!("{part:?}")) => {
                world.deliver(&leased).await;
                received.extend(world.received().await);
            }
            Some(_) => {}
            None => {
                let webhook = leased.message.webhook;
                // The copies have no signing secret.
                if asked.insert(webhook) && own.contains(&webhook) {
                    world.deliver(&leased).await;
                }
            }
        }
    }
    assert_eq!(parts.len(), MOST / 500);
    assert_eq!(asked.len(), MOST);
    let delivered = world.network.hits();
    assert_eq!(delivered.len(), own.len());
    assert!(delivered.iter().all(Hit::is_acknowledged));
}

/// Returns the identifier of a webhook as the API shows it.
fn id(webhook: &Value) -> WebhookId {
    webhook["id"].as_str().unwrap().parse().unwrap()
}
