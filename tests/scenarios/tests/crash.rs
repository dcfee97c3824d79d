//! Power cuts: the process is killed and started again.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use latchhook_scenarios::{Account, Backend, Call, Need, Receiver, Reply, Settings, clock, json};

/// Number of events that are posted.
const EVENTS: usize = 2000;
/// Number of concurrent posts. About as many deliveries can arrive twice: those that were
/// acknowledged but not yet recorded at a kill.
const POSTING: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_three_kills_every_accepted_event_arrives_and_hardly_any_twice() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default().schedule("60x500ms"))
    else {
        return;
    };
    let account = Account::open(&backend).await;
    // A fifth of all attempts fails, in a pattern that is independent of the schedule.
    let receiver = Receiver::with(|request| {
        let fails = request.index.wrapping_mul(2_654_435_761) >> 7;
        if fails.is_multiple_of(5) { Reply::status(500) } else { Reply::ok() }
    })
    .await;
    account.webhook(&receiver.url("/")).await;

    let accepted = AtomicUsize::new(0);
    let posting = stream::iter(0..EVENTS).map(|n| {
        let (account, accepted) = (&account, &accepted);
        async move {
            let id = post_until_accepted(account, n).await;
            accepted.fetch_add(1, Ordering::SeqCst);
            id
        }
    });
    let killing = async {
        for kill in 1..=3 {
            clock::eventually("enough is accepted to be worth a kill", || async {
                (accepted.load(Ordering::SeqCst) >= kill * EVENTS / 4).then_some(())
            })
            .await;
            backend.kill();
            backend.restart().await;
        }
    };
    let (posted, ()) = tokio::join!(posting.buffer_unordered(POSTING).collect::<Vec<_>>(), killing);
    assert_eq!(posted.len(), EVENTS);

    clock::eventually("every accepted event is acknowledged", || async {
        let acknowledged = acknowledged(&receiver);
        posted.iter().all(|event| acknowledged.contains_key(event)).then_some(())
    })
    .await;
    let acknowledged = acknowledged(&receiver);
    assert_eq!(acknowledged.len(), EVENTS, "nothing arrives that was not accepted");
    let twice = acknowledged.values().filter(|times| **times > 1).count();
    assert!(twice < EVENTS / 100, "{twice} of {EVENTS} arrived more than once");
}

/// Posts event `n` with an idempotency key, and repeats it after every failure.
async fn post_until_accepted(account: &Account, n: usize) -> String {
    let object = json!({"id": format!("r{n}"), "object": "report"});
    let call = Call::post("/v1/events")
        .json(
            &json!({"type": "report.completed", "environment": "test", "data": {"object": object}}),
        )
        .header("idempotency-key", &format!("event-{n}"));
    clock::eventually("an event is accepted", || async {
        let answer = account.operator.try_send(call.clone()).await.ok()?;
        // Conflict: the first request's connection died before it was answered.
        let again = answer.status == 503 || answer.status == 409;
        if again { None } else { answer.is(202)["id"].as_str().map(ToOwned::to_owned) }
    })
    .await
}

/// Counts the acknowledgements of each event.
fn acknowledged(receiver: &Receiver) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for delivery in receiver.all() {
        let fails = delivery.index.wrapping_mul(2_654_435_761) >> 7;
        if !fails.is_multiple_of(5) {
            *times.entry(delivery.event().to_owned()).or_default() += 1;
        }
    }
    times
}

#[tokio::test]
async fn deliveries_in_flight_at_a_kill_resume_within_five_seconds_of_the_restart() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default().timeout("15s")) else {
        return;
    };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::hanging()).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    receiver.next().await;
    backend.kill();
    receiver.now_always(Reply::ok());
    backend.restart().await;
    let restarted = clock::instant();
    let again = receiver.next().await;
    assert!(again.instant - restarted < Duration::from_secs(5));
    assert_eq!(again.event(), event);
    let delivered = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(delivered["last_response_status"], 200);
}

#[tokio::test]
async fn answered_changes_survive_a_kill() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::credentialed(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let key = account.secret_key("live").await;
    backend.kill();
    backend.restart().await;

    key.caller.get("/v1/account").await.is(200);
    let revealed = format!("{}/reveal_secret", hook.path);
    let revealed = account.operator.post_nothing(&revealed).await.is(200);
    assert_eq!(revealed["signing_secret"], hook.secret.as_str());
    let path = format!("/v1/api_keys/{}/reveal", key.id);
    assert_eq!(account.operator.post_nothing(&path).await.is(200)["key"], key.key.as_str());
    account.event("report.completed").await;
    assert!(receiver.next().await.verifies(&hook.secret));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_during_concurrent_writes_leaves_nothing_half_done() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::with_quota(&backend, 15).await;
    let create = |n: usize| {
        let url = format!("https://127.0.0.1:9/{n}");
        Call::post("/v1/webhooks").json(&json!({"webhook_url": url, "environment": "test"}))
    };
    let answered = AtomicUsize::new(0);
    let storm = stream::iter(0..200).map(|n| {
        let (account, answered, call) = (&account, &answered, create(n));
        async move {
            let answer = account.operator.try_send(call).await;
            answered.fetch_add(1, Ordering::SeqCst);
            let answer = answer.ok().filter(|answer| answer.status == 201)?;
            answer.json()["id"].as_str().map(ToOwned::to_owned)
        }
    });
    let killing = async {
        clock::eventually("the storm has begun", || async {
            (answered.load(Ordering::SeqCst) >= 5).then_some(())
        })
        .await;
        backend.kill();
    };
    let (created, ()) = tokio::join!(storm.buffer_unordered(16).collect::<Vec<_>>(), killing);
    backend.restart().await;

    let listed = account.operator.list("/v1/webhooks?per_page=100").await;
    let count = account.operator.get("/v1/webhooks").await.is(200)["count"].as_u64().unwrap();
    assert_eq!(count, listed.len() as u64, "the counter counts what is there");
    for id in created.into_iter().flatten() {
        assert!(listed.iter().any(|hook| hook["id"] == id.as_str()), "{id} was answered");
    }
    for hook in &listed {
        let reveal = format!("{}/reveal_secret", hook["uri"].as_str().unwrap());
        account.operator.post_nothing(&reveal).await.is(200);
        account.operator.delete(hook["uri"].as_str().unwrap()).await.is(200);
    }
    // Webhooks that do not exist hold neither a URL nor a place in the quota.
    for n in 0..15 {
        account.operator.send(create(n)).await.is(201);
    }
    account.operator.send(create(15)).await.refused(409, "quota_limit_exceeded");
}
