//! Chaos tests: whatever fails and whenever the process dies, nothing accepted is lost and nothing
//! is half done.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use latchhook_simulation::{
    Answer, Call, Chance, Hit, NewWebhook, Rates, Reply, Simulation, hours, live_and_derived,
    minutes, seconds,
};
use ports::Store as _;
use serde_json::{Value, json};

/// Number of runs for each kind of fault.
const RUNS: u64 = 20;
/// Number of attempts in the shortened schedule.
const ATTEMPTS: u64 = 9;
const SCHEDULE: &str = "5x1m,3x1h";
/// Number of times that a caller repeats an unanswered request.
const PATIENCE: u32 = 300;

const DYING: Rates = Rates { crash: 12, ..Rates::NONE };
const FAILING: Rates = Rates { before: 40, contended: 40, ..Rates::NONE };
const UNHEARD: Rates = Rates { after: 40, ..Rates::NONE };
const DUPLICATING: Rates = Rates { duplicated: 200, ..Rates::NONE };
const LAGGING: Rates = Rates { lag: 60, ..Rates::NONE };
const EVERYTHING: Rates =
    Rates { before: 20, after: 20, contended: 30, duplicated: 60, crash: 6, lag: 0 };

#[test]
fn nothing_is_lost_without_faults() {
    for seed in 0..RUNS {
        let run = Run::through(seed, Rates::NONE);
        assert_eq!((run.simulation.faults.excuses(), run.surplus()), (0, 0), "seed {seed}");
    }
}

#[test]
fn nothing_is_lost_when_the_process_dies_anywhere() {
    let mut restarts = 0;
    for seed in 0..RUNS {
        restarts += Run::through(seed, DYING).simulation.restarts;
    }
    assert!(restarts > 50, "it died only {restarts} times");
}

#[test]
fn nothing_is_lost_when_calls_fail() {
    for seed in 0..RUNS {
        Run::through(seed, FAILING);
    }
}

#[test]
fn nothing_is_lost_or_done_twice_when_answers_are_lost() {
    for seed in 0..RUNS {
        Run::through(seed, UNHEARD);
    }
}

#[test]
fn a_duplicated_message_begins_no_second_chain() {
    for seed in 0..RUNS {
        Run::through(seed, DUPLICATING);
    }
}

#[test]
fn nothing_is_lost_when_time_passes_between_calls() {
    for seed in 0..RUNS {
        Run::through(seed, LAGGING);
    }
}

#[test]
fn nothing_is_lost_when_everything_goes_wrong_at_once() {
    for seed in 0..RUNS {
        Run::through(seed, EVERYTHING);
    }
}

#[test]
fn nothing_is_lost_between_a_commit_and_its_messages() {
    for rates in [DYING, FAILING, UNHEARD, DUPLICATING, EVERYTHING] {
        for seed in 0..RUNS / 4 {
            Run::through_of(seed, rates, true);
        }
    }
}

/// Random run of an account: events and changes of settings, with faults throughout.
struct Run {
    simulation: Simulation,
    seed: u64,
    chance: Chance,
    account: String,
    webhooks: Vec<NewWebhook>,
    accepted: BTreeSet<String>,
    calls: u32,
    /// Number of resends.
    resends: u64,
    /// Number of recovered deliveries.
    recoveries: u64,
    /// True if time passes between calls. A try that waited is older than what was committed
    /// meanwhile, so the history is not in the order of the commits.
    lags: bool,
}

impl Run {
    /// Runs with these fault rates, and checks the result.
    fn through(seed: u64, rates: Rates) -> Self {
        Self::through_of(seed, rates, false)
    }

    /// Runs with these fault rates, optionally with commits split from their messages.
    fn through_of(seed: u64, rates: Rates, split: bool) -> Self {
        let mut run = Self::begin(seed);
        if split {
            run.simulation.faults.split_commits();
        }
        run.simulation.faults.set(rates);
        run.lags = rates.lag > 0;
        for _ in 0..14 {
            run.live();
        }
        run.simulation.faults.set(Rates::NONE);
        run.simulation.run_until_quiet();
        run.assert_promises();
        run
    }

    fn begin(seed: u64) -> Self {
        let mut simulation = Simulation::with(seed, |settings| {
            settings.schedule = SCHEDULE.parse().unwrap();
        });
        let account = simulation.open_account();
        let mut webhooks = Vec::new();
        for (name, luck) in [("good", 900), ("bad", 300)] {
            let url = format!("https://ada.example/{name}");
            webhooks.push(simulation.create_webhook(&account, &url));
            let chance = std::sync::Mutex::new(Chance::seeded(seed));
            simulation.network.on(&url, move |_| reply(&mut chance.lock().unwrap(), luck));
        }
        let (accepted, chance) = (BTreeSet::new(), Chance::seeded(seed ^ 0xacc1_de47));
        let (calls, resends, recoveries) = (0, 0, 0);
        let lags = false;
        Self {
            simulation,
            seed,
            chance,
            account,
            webhooks,
            accepted,
            calls,
            resends,
            recoveries,
            lags,
        }
    }

    /// Takes a random action, and lets some time pass.
    fn live(&mut self) {
        let webhook = self.webhooks[self.chance.below(2)].clone();
        let path = format!("/v1/webhooks/{}", webhook.id);
        match self.chance.below(12) {
            0..6 => self.post_event(),
            6 => {
                let status = ["enabled", "disabled"][self.chance.below(2)];
                self.insist(Call::patch(&path, &json!({ "status": status })));
            }
            7 => {
                let description = format!("description {}", self.calls);
                self.insist(Call::patch(&path, &json!({ "description": description })));
            }
            8 => {
                self.insist(Call::post(&format!("{path}/rotate_secret"), &json!({})));
            }
            9 => self.resend(&webhook),
            10 if self.chance.happens(150) => {
                self.insist(Call::delete(&path));
            }
            _ => self.recover(&path),
        }
        let pause = [seconds(1), minutes(1), minutes(10), hours(2)][self.chance.below(4)];
        self.simulation.run_for(pause);
    }

    fn post_event(&mut self) {
        let event = json!({
            "type": "report.completed",
            "environment": "test",
            "data": { "object": { "id": format!("rep_{}", self.calls), "object": "report" } },
        });
        let accepted = self.insist(Call::post("/v1/events", &event)).expect(202);
        let id = accepted.text("/id");
        assert!(self.accepted.insert(id), "seed {}", self.seed);
    }

    fn resend(&mut self, webhook: &NewWebhook) {
        // Mostly an event whose deliveries are still pending.
        let Some(event) = self.accepted.last().cloned() else { return };
        let path = format!("/v1/events/{event}/resend");
        let answer = self.insist(Call::post(&path, &json!({ "webhook_id": webhook.id })));
        self.resends += u64::from(answer.status == 202);
    }

    fn recover(&mut self, path: &str) {
        let since = self.simulation.now().minus(hours(48)).to_string();
        let call = Call::post(&format!("{path}/recover"), &json!({ "since": since }));
        let answer = self.insist(call);
        self.recoveries += u64::from(answer.status == 202);
    }

    /// Repeats a request, with the same idempotency key, until it gets a final answer.
    fn insist(&mut self, call: Call) -> Answer {
        self.calls += 1;
        let call = call.on(&self.account).once(&format!("call-{}", self.calls));
        for _ in 0..PATIENCE {
            let answer = self.simulation.try_call(call.clone());
            let code = answer.as_ref().map(|answer| answer.text("/code"));
            match (answer, code.as_deref()) {
                (Some(answer), Some(code))
                    if !["unavailable", "conflict", "idempotency_in_progress"].contains(&code) =>
                {
                    assert!(answer.status < 500, "seed {}: {}", self.seed, answer.json());
                    return answer;
                }
                _ => self.simulation.run_for(seconds(1)),
            }
        }
        panic!("seed {}: never answered: {call:?}", self.seed);
    }

    fn assert_promises(&mut self) {
        self.assert_accepted_once();
        self.assert_settled();
        self.assert_logged();
        // A lease can end while time passes, and then an attempt is made twice.
        if !self.lags {
            assert!(self.surplus() <= self.simulation.faults.excuses(), "seed {}", self.seed);
        }
        let (live, derived) = live_and_derived(&self.simulation.disk);
        assert_eq!(live, derived, "seed {}", self.seed);
        if !self.lags {
            self.assert_history_in_order();
        }
        let now = self.simulation.now();
        let as_of = self.simulation.list(&self.account, &format!("/v1/webhooks?as_of={now}"));
        assert_eq!(self.simulation.list(&self.account, "/v1/webhooks"), as_of);
    }

    /// Asserts that the settings history is in the order of the commits.
    fn assert_history_in_order(&mut self) {
        let replayed = self.simulation.disk.replay(None, usize::MAX).now_or_never().unwrap();
        let events = replayed.unwrap().0;
        assert!(events.is_sorted_by_key(|recorded| recorded.event.id), "seed {}", self.seed);
    }

    /// Asserts that exactly the events that were answered 202 exist.
    fn assert_accepted_once(&mut self) {
        let events = self.simulation.list(&self.account, "/v1/events");
        let ids: Vec<String> = events.iter().map(|event| text(&event["id"])).collect();
        assert_eq!(ids.len(), self.accepted.len(), "seed {}", self.seed);
        assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), self.accepted);
    }

    fn deliveries(&mut self) -> Vec<(String, Value)> {
        let events = self.simulation.list(&self.account, "/v1/events");
        let deliveries = events.iter().flat_map(|event| {
            let id = text(&event["id"]);
            event["deliveries"].as_array().unwrap().iter().map(move |one| (id.clone(), one.clone()))
        });
        deliveries.collect()
    }

    /// Asserts that every delivery has ended, that delivered ones were acknowledged, and that
    /// everything was sent for the account.
    fn assert_settled(&mut self) {
        let urls: BTreeMap<_, _> =
            self.webhooks.iter().map(|webhook| (webhook.id.clone(), webhook.url.clone())).collect();
        let hits = self.simulation.network.hits();
        assert!(hits.iter().all(|hit| hit.account.to_string() == self.account));
        for (event, delivery) in self.deliveries() {
            let status = text(&delivery["status"]);
            assert!(
                ["delivered", "exhausted", "cancelled"].contains(&status.as_str()),
                "seed {}: {event} {delivery}",
                self.seed
            );
            let url = &urls[&text(&delivery["webhook_id"])];
            let acknowledged = hits
                .iter()
                .any(|hit| hit.event == event && hit.url == *url && hit.is_acknowledged());
            assert!(acknowledged || status != "delivered", "seed {}: {delivery}", self.seed);
        }
    }

    /// Asserts that the log has a row for each attempt of a delivery, and that no schedule had too
    /// many.
    fn assert_logged(&mut self) {
        for (event, delivery) in self.deliveries() {
            let webhook = text(&delivery["webhook_id"]);
            let path = format!("/v1/logs?event_id={event}&webhook_id={webhook}");
            let rows = self.simulation.list(&self.account, &path);
            assert_eq!(Some(rows.len() as u64), delivery["attempts"].as_u64());
            let numbers: BTreeSet<_> = rows.iter().map(|row| row["attempt"].as_u64()).collect();
            assert_eq!(numbers.len(), rows.len(), "seed {}: {rows:?}", self.seed);
            let scheduled = rows.iter().filter(|row| row["trigger"] != "resend").count() as u64;
            let most = ATTEMPTS * (1 + self.recoveries) + self.simulation.faults.excuses();
            assert!(scheduled <= most, "seed {}: {scheduled} attempts of {event}", self.seed);
        }
    }

    /// Number of duplicate acknowledgements: those beyond the first of each delivery, without
    /// resends.
    fn surplus(&self) -> u64 {
        let mut acknowledged: BTreeMap<(String, String), u64> = BTreeMap::new();
        for hit in self.simulation.network.hits().into_iter().filter(Hit::is_acknowledged) {
            *acknowledged.entry((hit.event, hit.url)).or_default() += 1;
        }
        let beyond: u64 = acknowledged.values().map(|times| times - 1).sum();
        beyond.saturating_sub(self.resends)
    }
}

fn reply(chance: &mut Chance, luck: u32) -> Reply {
    let reply = match chance.below(20) {
        _ if chance.happens(luck) => Reply::status(200),
        0 => Reply::status(410),
        1..4 => Reply::status(503).retry_after(100),
        4..6 => Reply::nothing(),
        _ => Reply::status(500),
    };
    reply.after(seconds([0, 0, 2, 14][chance.below(4)]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
