//! Units, bytes and requests that each operation is charged: a test fails when an operation grows, or when
//! one partition takes more of it.
//!
//! The event is an example of the service that Latchhook is modelled on, a report of 0.7 kB; receivers
//! acknowledge as Express does behind nginx, and fail as nginx does. The vault is the sealed one. `infra/cost.py` makes what is published from the file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use contracts::ManualClock;
use domain::delivery::{Failure, FailureCode};
use embedded::SystemClock;
use latchhook_aws_tests::{
    StoreTime,
    ledger::{Ledger, TOLERANCE, check, expected},
    world::{Making, URLS, World, event, examples},
};
use ports::{
    queue::{Lane, Leased, Message},
    sender::{Answer, Outcome},
};
use serde_json::{Value, json};
use simulation::{Call, Reply};

/// Time after which an attempt at a silent receiver ends.
const TIME_OUT: Duration = Duration::from_secs(15);
/// World whose messages are all received at once, and whose clock stands still but for receivers that
/// do not answer.
struct Still {
    world: World,
    clock: Arc<ManualClock>,
}

impl Still {
    async fn new() -> Self {
        let system = SystemClock::new();
        let manual = Arc::new(ManualClock::at(ports::Clock::now(&system)));
        let later = ports::Clock::now(&system).plus(Duration::from_hours(24 * 365));
        let clock = Arc::new(StoreTime { manual: manual.clone(), system });
        // To the queue everything is due.
        let queue_clock = Arc::new(ManualClock::at(later));
        let making = Making { clock, queue_clock, ..Making::default() };
        let still = Self { world: World::made(making).await, clock: manual };
        still.succeeds();
        still
    }

    /// Has the receivers acknowledge as Express does, behind nginx.
    fn succeeds(&self) {
        let headers = [
            ("server", "nginx/1.24.0 (Ubuntu)"),
            ("date", "Tue, 01 Dec 2026 09:30:00 GMT"),
            ("content-type", "text/html; charset=utf-8"),
            ("content-length", "2"),
            ("connection", "keep-alive"),
            ("x-powered-by", "Express"),
            ("etag", "W/\"2-nOO9QiTIwXgNtWtBJezz8kv3SLc\""),
        ];
        self.answers(200, &headers, "OK");
    }

    /// Has the receivers fail as nginx does that finds nothing behind it.
    fn fails(&self) {
        let headers = [
            ("server", "nginx/1.24.0 (Ubuntu)"),
            ("date", "Tue, 01 Dec 2026 09:30:00 GMT"),
            ("content-type", "text/html"),
            ("content-length", "166"),
            ("connection", "keep-alive"),
        ];
        let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                    <center><h1>502 Bad Gateway</h1></center>\r\n\
                    <hr><center>nginx/1.24.0 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n";
        self.answers(502, &headers, page);
    }

    fn answers(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (headers, body_excerpt) = (headers.collect(), body.to_owned());
        let outcome =
            Outcome::Answered(Answer { status, headers, body_excerpt, retry_after_seconds: None });
        for url in URLS {
            let reply = Reply { outcome: outcome.clone(), latency: Duration::ZERO };
            self.world.network.on(url, move |_| reply.clone());
        }
    }

    /// Has the receivers be silent until the attempt ends.
    fn is_silent(&self) {
        let message = "The receiver did not answer in time.".to_owned();
        let failure = Failure { code: FailureCode::Timeout, message };
        for url in URLS {
            let (clock, outcome) = (self.clock.clone(), Outcome::Failed(failure.clone()));
            self.world.network.on(url, move |_| {
                clock.advance(TIME_OUT);
                Reply { outcome: outcome.clone(), latency: Duration::ZERO }
            });
        }
    }

    /// Returns what an answer to `call` is charged.
    async fn charged(&self, call: Call) -> Ledger {
        _ = self.world.wire.take_ledger();
        let answer = self.world.call(call).await;
        assert!(answer.status < 300, "{}", answer.json());
        self.world.wire.take_ledger()
    }

    /// Makes the attempts of these messages; returns what each message is charged.
    async fn attempted(&self, messages: &[Leased]) -> Vec<Ledger> {
        let mut ledgers = Vec::new();
        for leased in messages {
            _ = self.world.wire.take_ledger();
            self.world.deliver(leased).await;
            ledgers.push(self.world.wire.take_ledger());
        }
        ledgers
    }

    /// Has an event delivered; returns what each message of a first attempt is charged.
    async fn delivered(&self) -> Vec<Ledger> {
        _ = self.world.call(event().on(&self.world.account)).await.expect(202);
        self.attempted(&self.world.received().await).await
    }

    /// Has an event delivered until its last retry has failed; returns what each but the last is charged at
    /// one webhook, on average. It is not the first failure of its webhooks.
    async fn retried_to_the_end(&self) -> Ledger {
        _ = self.delivered().await;
        _ = self.world.received_in(Lane::Retry).await;
        _ = self.delivered().await;
        let first = self.world.received_in(Lane::Retry).await.pop().unwrap();
        let Message { webhook, task, .. } = first.message;
        let (mut retries, mut next, mut known) = (Vec::new(), Some(first), BTreeSet::new());
        // What is not acknowledged comes again.
        while let Some(one) = next {
            known.insert(one.message.id);
            retries.extend(self.attempted(&[one]).await);
            let waiting = self.world.received_in(Lane::Retry).await;
            next = waiting.into_iter().find(|Leased { message, .. }| {
                (message.webhook, message.task.event) == (webhook, task.event)
                    && !known.contains(&message.id)
            });
        }
        // The last one asks for no further attempt.
        _ = retries.pop();
        assert_eq!(retries.len(), 33);
        Ledger::mean(&retries)
    }

    /// Makes the retries that wait; returns what each is charged.
    async fn retried(&self) -> Vec<Ledger> {
        self.attempted(&self.world.received_in(Lane::Retry).await).await
    }
}

#[tokio::test]
async fn an_event_is_charged_to_partitions_of_its_account_and_object() {
    let still = Still::new().await;
    // What is remembered for seconds is read.
    let cold = still.charged(event().on(&still.world.account)).await;
    check("event, cold", &cold);
    check("event", &still.charged(event().on(&still.world.account)).await);
}

/// Bytes of each example as it is posted, the units that it is charged, and the bytes that are kept.
#[tokio::test]
async fn every_example_is_accepted_for_what_the_file_says() {
    let still = Still::new().await;
    _ = still.world.call(event().on(&still.world.account)).await.expect(202);
    let expected = expected();
    for example in examples() {
        let name = example["type"].as_str().unwrap();
        let call = Call::post("/v1/events", &example).on(&still.world.account);
        let charged = still.charged(call).await.to_json();
        let expected = &expected["examples"][name];
        let posted = example["data"].to_string().len();
        assert_eq!(expected["posted"], posted, "{name}");
        let sum = |of: &Value, kind: &str| -> f64 {
            let of = of.as_object().unwrap().iter().filter(|(name, _)| name.starts_with(kind));
            of.filter_map(|(_, value)| value.as_f64()).sum()
        };
        let (units, kept) = (sum(&charged["units"], "write "), sum(&charged["kept"], ""));
        let is_near =
            expected["kept"].as_f64().is_some_and(|is| (kept / is - 1.0).abs() <= TOLERANCE);
        assert!(expected["units"] == units && is_near, "{name}: {units} units, {kept} bytes");
    }
}

#[tokio::test]
async fn a_first_attempt_is_charged_to_partitions_of_its_account_unless_it_fails() {
    let still = Still::new().await;
    // What is remembered for seconds or minutes is read.
    _ = still.delivered().await;
    check("success", &Ledger::mean(&still.delivered().await));
    still.fails();
    check("failure begins", &Ledger::mean(&still.delivered().await));
    check("failure", &Ledger::mean(&still.delivered().await));
}

#[tokio::test]
async fn a_retry_is_charged_less_than_a_first_attempt() {
    let still = Still::new().await;
    still.fails();
    check("failure again", &still.retried_to_the_end().await);
}

#[tokio::test]
async fn a_retry_that_succeeds_takes_its_delivery_from_a_list() {
    let still = Still::new().await;
    still.fails();
    _ = still.delivered().await;
    _ = still.retried().await;
    still.succeeds();
    // The first one is also the end of its webhooks' failing.
    _ = still.delivered().await;
    check("success again", &Ledger::mean(&still.retried().await));
}

#[tokio::test]
async fn an_attempt_without_an_answer_is_listed_as_late_and_as_slow_the_first_time() {
    let still = Still::new().await;
    still.is_silent();
    _ = still.delivered().await;
    _ = still.world.received_in(Lane::Retry).await;
    check("silence", &Ledger::mean(&still.delivered().await));
    check("silence again", &Ledger::mean(&still.retried().await));
}

#[tokio::test]
async fn counts_are_charged_for_each_webhook_and_environment_of_a_batch() {
    let still = Still::new().await;
    let settled = async || {
        _ = still.world.wire.take_ledger();
        still.world.app.backend.store.settle().await.unwrap();
        still.world.wire.take_ledger()
    };
    _ = still.delivered().await;
    check("counts of an event", &settled().await);
}

#[tokio::test]
async fn verifying_a_key_is_charged_one_read_of_it_and_of_its_account() {
    let still = Still::new().await;
    let new = json!({ "type": "secret", "environment": "test" });
    let created = still.world.call(Call::post("/v1/api_keys", &new).on(&still.world.account)).await;
    let verify = json!({ "key": created.expect(201).text("/key") });
    let verify = Call::post("/v1/api_keys/verify", &verify);
    _ = still.world.call(verify.clone()).await.expect(200);
    check("verify", &still.charged(verify).await);
}

/// Lists that many attempts or events a second are entered in are spread, and no others.
#[tokio::test]
async fn lists_that_grow_with_traffic_are_spread() {
    let still = Still::new().await;
    let mut ledgers = Vec::new();
    for number in 0..12 {
        if number == 6 {
            still.is_silent();
        }
        ledgers.push(still.charged(event().on(&still.world.account)).await);
        let first = still.world.received().await;
        ledgers.extend(still.attempted(&first).await);
    }
    let spread = Ledger::mean(&ledgers).spread;
    let expected: BTreeSet<String> = serde_json::from_value(expected()["spread"].clone()).unwrap();
    assert_eq!(spread, expected, "{}", json!(spread));
}
