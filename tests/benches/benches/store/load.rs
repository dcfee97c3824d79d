//! Load on the store: events in, deliveries out.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use domain::{
    Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, LogId, MessageId, WebhookId},
    kinds::Environment,
};
use embedded::{Embedded, SystemClock, SystemIds};
use hdrhistogram::Histogram;
use ports::{
    Clock, Commit, Ids, Store,
    queue::{Lane, Leased, Message},
    store::{Collection, Condition, IndexEntry, Key, Partition, Scope, Write},
};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{machine, report::Report};

/// Rows written, changed or deleted for one event with one delivery: event and message; then
/// delivery, log row, index entry of the row, and the message again.
const ROWS: f64 = 6.0;
/// Commits for one event with one delivery.
const COMMITS: f64 = 2.0;

const EVENT_BYTES: usize = 1_500;
const DELIVERY_BYTES: usize = 250;
const LOG_BYTES: usize = 700;

/// Pace at which events are posted.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// As fast as they are accepted, with this many in parallel.
    AtOnce { events: u32, at_a_time: usize },
    /// At a steady rate.
    PerSecond { rate: u32, seconds: u32 },
}

/// A store with an account and some webhooks.
#[derive(Clone)]
pub(crate) struct Load {
    store: Arc<Embedded>,
    clock: Arc<SystemClock>,
    ids: Arc<SystemIds>,
    account: AccountId,
    webhooks: Arc<[WebhookId]>,
    times: Arc<Times>,
    log: PathBuf,
}

#[derive(Default)]
struct Times {
    accepted: Mutex<Option<Histogram<u64>>>,
    recorded: Mutex<Option<Histogram<u64>>>,
    done: Mutex<Option<Histogram<u64>>>,
}

impl Load {
    pub(crate) fn new(
        path: &Path,
        (store, clock, ids): (Arc<Embedded>, Arc<SystemClock>, SystemIds),
        webhooks: usize,
    ) -> Self {
        let now = clock.now();
        let account = AccountId(ids.ulid(now));
        let webhooks = (0..webhooks).map(|_| WebhookId(ids.ulid(now))).collect();
        let ids = Arc::new(ids);
        let log = path.join("latchhook.db-wal");
        Self { store, clock, ids, account, webhooks, times: Arc::default(), log }
    }

    /// Runs the events of `pace` and reports the cost.
    pub(crate) async fn run(&self, pace: Pace, report: &mut Report) {
        for times in [&self.times.accepted, &self.times.recorded, &self.times.done] {
            *times.lock().unwrap() = Some(Histogram::new(3).unwrap());
        }
        self.put_settings().await;
        let (name, events) = match pace {
            Pace::AtOnce { events, .. } => ("at once", events),
            Pace::PerSecond { rate, seconds } => ("paced", rate * seconds),
        };
        let cpu = |name| machine::cpu_seconds(name);
        let before = [cpu(""), cpu("store-writer"), cpu("store-log")];
        let began = self.clock.monotonic();
        tokio::join!(self.accept(pace), self.deliver(events));
        let seconds = self.since(began).as_secs_f64();
        let used = [cpu(""), cpu("store-writer"), cpu("store-log")];
        let [all, writer, log] = [0, 1, 2].map(|at| used[at] - before[at]);
        let events = f64::from(events);
        let mut figures = vec![
            ("events/s", events / seconds),
            ("commits/s", events * COMMITS / seconds),
            ("rows/s", events * ROWS / seconds),
            ("rows per writer CPU second", events * ROWS / writer),
            ("CPU µs an event, all threads", all / events * 1e6),
            ("CPU µs an event, writer", writer / events * 1e6),
            ("CPU µs an event, checkpointer", log / events * 1e6),
            ("resident MB", machine::resident_megabytes()),
            ("write-ahead log MB", machine::file_megabytes(&self.log)),
        ];
        figures.extend(percentiles(&self.times.accepted, ["accept ms p50", "accept ms p99"]));
        figures.extend(percentiles(&self.times.recorded, ["record ms p50", "record ms p99"]));
        figures.extend(percentiles(&self.times.done, ["in to out ms p50", "in to out ms p99"]));
        report.add(format!("{} webhooks, {events} events {name}", self.webhooks.len()), figures);
    }

    pub(crate) async fn close(self) {
        self.store.close().await;
    }

    async fn accept(&self, pace: Pace) {
        let mut tasks = JoinSet::new();
        let (events, room, gap) = match pace {
            Pace::AtOnce { events, at_a_time } => (events, at_a_time, Duration::ZERO),
            Pace::PerSecond { rate, seconds } => {
                (rate * seconds, 1024, Duration::from_secs(1) / rate)
            }
        };
        let room = Arc::new(Semaphore::new(room));
        for number in 0..events {
            let turn = Arc::clone(&room).acquire_owned().await.unwrap();
            let load = self.clone();
            tasks.spawn(async move {
                load.accept_one(number as usize).await;
                drop(turn);
            });
            while tasks.try_join_next().is_some() {}
            if !gap.is_zero() {
                self.clock.sleep(gap).await;
            }
        }
        tasks.join_all().await;
    }

    async fn accept_one(&self, number: usize) {
        let began = self.clock.monotonic();
        let now = self.clock.now();
        let event = EventId(self.ids.ulid(now));
        let message = Message {
            id: MessageId(self.ids.ulid(now)),
            account: self.account,
            webhook: self.webhooks[number % self.webhooks.len()],
            lane: Lane::First,
            due: now,
            chore: None,
            trace: None,
            task: Task {
                event,
                environment: Environment::Live,
                run: 0,
                slot: 0,
                trigger: Trigger::Schedule,
            },
        };
        let commit = Commit {
            writes: vec![self.put(self.event_key(event), EVENT_BYTES, now, Vec::new())],
            messages: vec![message],
            ..Commit::default()
        };
        self.store.commit(commit).await.unwrap();
        record(&self.times.accepted, self.since(began));
    }

    async fn deliver(&self, events: u32) {
        let mut tasks = JoinSet::new();
        for _ in 0..events {
            let leased = self.store.next(Lane::First).await;
            let load = self.clone();
            tasks.spawn(async move { load.deliver_one(leased).await });
            while tasks.try_join_next().is_some() {}
        }
        tasks.join_all().await;
    }

    async fn deliver_one(&self, leased: Leased) {
        let message = &leased.message;
        let keys = [
            self.partition("deliveries", &message.task.event.to_string()).key(message.webhook),
            self.event_key(message.task.event),
            self.partition("webhooks", "live").key(message.webhook),
            self.account_key(),
        ];
        let got = self.store.get(&keys).await.unwrap();
        assert!(got[0].is_none() && got[1..].iter().all(Option::is_some));
        let (began, now) = (self.clock.monotonic(), self.clock.now());
        let [delivery, ..] = keys;
        let log = LogId(self.ids.ulid(now));
        let by_webhook = self.partition("delivery_logs_by_webhook", &message.webhook.to_string());
        let entry = IndexEntry { partition: by_webhook, sort: log.to_string() };
        let log = self.partition("delivery_logs", "live").key(log);
        let commit = Commit {
            writes: vec![
                self.put(delivery, DELIVERY_BYTES, now, Vec::new()),
                self.put(log, LOG_BYTES, now, vec![entry]),
            ],
            acknowledge: vec![leased.receipt],
            ..Commit::default()
        };
        self.store.commit(commit).await.unwrap();
        record(&self.times.recorded, self.since(began));
        record(&self.times.done, self.clock.now().since(message.due));
    }

    async fn put_settings(&self) {
        let now = self.clock.now();
        let mut writes = vec![self.put(self.account_key(), 300, now, Vec::new())];
        for webhook in &*self.webhooks {
            writes.push(self.put(
                self.partition("webhooks", "live").key(webhook),
                600,
                now,
                Vec::new(),
            ));
        }
        self.store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
    }

    fn since(&self, began: Duration) -> Duration {
        self.clock.monotonic().saturating_sub(began)
    }

    fn put(&self, key: Key, bytes: usize, now: Timestamp, index: Vec<IndexEntry>) -> Write {
        let mut body = vec![b'x'; bytes];
        self.ids.fill(&mut body[..16]);
        let expires_at = Some(now.plus(Duration::from_hours(720)));
        Write::Put { key, body: Bytes::from(body), expires_at, index, condition: Condition::None }
    }

    fn partition(&self, collection: &'static str, part: &str) -> Partition {
        Partition::new(Scope::Account(self.account), Collection(collection), part)
    }

    fn event_key(&self, event: EventId) -> Key {
        self.partition("events", "live").key(event)
    }

    fn account_key(&self) -> Key {
        Partition::new(Scope::Installation, Collection("accounts"), "").key(self.account)
    }
}

/// Opens a store in which `messages` wait, and hands out the first.
pub(crate) async fn backlog(path: &Path, messages: u32, report: &mut Report) {
    let (store, clock, ids) = crate::open(path);
    let load = Load::new(path, (Arc::clone(&store), clock, ids), 1_000);
    for first in (0..messages).step_by(1_000) {
        let due = load.clock.now();
        let messages = (first..first + 1_000).map(|number| Message {
            id: MessageId(load.ids.ulid(due)),
            account: load.account,
            webhook: load.webhooks[number as usize % load.webhooks.len()],
            lane: Lane::Retry,
            due,
            chore: None,
            trace: None,
            task: Task {
                event: EventId(load.ids.ulid(due)),
                environment: Environment::Live,
                run: 0,
                slot: 1,
                trigger: Trigger::Schedule,
            },
        });
        let commit = Commit { messages: messages.collect(), ..Commit::default() };
        store.commit(commit).await.unwrap();
    }
    let while_writing = machine::resident_megabytes();
    store.close().await;
    drop((store, load));

    let began = SystemClock::new();
    let (store, ..) = crate::open(path);
    let opened = began.monotonic();
    let leased = store.next(Lane::Retry).await;
    let first = began.monotonic();
    drop(leased);
    let figures = vec![
        ("resident MB after queueing", while_writing),
        ("open ms", opened.as_secs_f64() * 1e3),
        ("first message ms", first.as_secs_f64() * 1e3),
        ("resident MB", machine::resident_megabytes()),
    ];
    report.add(format!("{messages} queued messages of 1000 webhooks"), figures);
    store.close().await;
}

fn record(times: &Mutex<Option<Histogram<u64>>>, time: Duration) {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    times.lock().unwrap().as_mut().unwrap().record(micros).unwrap();
}

fn percentiles(
    times: &Mutex<Option<Histogram<u64>>>,
    names: [&'static str; 2],
) -> Vec<(&'static str, f64)> {
    let times = times.lock().unwrap();
    let times = times.as_ref().unwrap();
    let at =
        |quantile| Duration::from_micros(times.value_at_quantile(quantile)).as_secs_f64() * 1e3;
    names.into_iter().zip([at(0.5), at(0.99)]).collect()
}
