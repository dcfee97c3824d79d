//! Counts of attempts where functions gather them in memory, as on AWS: how far they are from the log.

use std::collections::BTreeMap;

use domain::Timestamp;
use latchhook_simulation::{
    Call, Chance, NewWebhook, Rates, Reply, Simulation, hours, minutes, seconds,
};
use serde_json::{Value, json};

/// Faults of functions that die, in five steps of a thousand.
const DYING: Rates = Rates { crash: 5, ..Rates::NONE };
/// Number of a million steps of a batch at which its function dies, so that one batch in a thousand is cut
/// off: far more than functions on AWS are.
const SELDOM: u64 = 40;
/// Length of an hour's text: `2026-01-31T09`.
const HOUR: usize = 13;
/// Largest number of hours that are asked for at once.
const MOST_HOURS: u32 = 96;

#[test]
fn counts_are_those_of_the_log_while_no_function_dies() {
    let mut run = Run::begin(1);
    run.post_for(60);
    run.simulation.run_until_quiet();
    let (attempts, off) = run.compare();
    assert!(attempts > 200, "{attempts}");
    assert_eq!(off, 0);
}

#[test]
fn a_function_that_dies_miscounts_the_attempts_of_its_own_batch_at_most() {
    let mut died = 0;
    for seed in 0..20 {
        let mut run = Run::begin(seed);
        for _ in 0..6 {
            run.post_for(5);
            run.die_within(minutes(20));
        }
        run.simulation.run_until_quiet();
        let (_, off) = run.compare();
        let batches = run.simulation.faults.functions.batches();
        // A message for first attempts asks for those at both webhooks.
        let attempts = 2 * batches.messages_of_died;
        assert!(off <= attempts, "seed {seed}: {off} of {batches:?}");
        died += batches.died;
    }
    assert!(died > 40, "{died} batches died");
}

#[test]
fn counts_are_within_a_thousandth_of_the_log_over_a_long_run_in_which_functions_die() {
    let (mut attempts, mut off, mut batches, mut died) = (0, 0, 0, 0);
    for seed in 0..3 {
        let mut run = Run::begin(seed);
        run.simulation.faults.functions.set_deaths(SELDOM, seed);
        for _ in 0..60 {
            run.post_many();
        }
        run.simulation.run_until_quiet();
        let of_run = run.compare();
        attempts += of_run.0;
        off += of_run.1;
        let of_run = run.simulation.faults.functions.batches();
        batches += of_run.answered + of_run.died;
        died += of_run.died;
    }
    let told =
        format!("{off} of {attempts} attempts are miscounted, {died} of {batches} batches died");
    println!("{told}");
    assert!(attempts > 30_000, "{told}");
    assert!(died * 1_000 >= batches, "{told}");
    assert!(off > 0 && off * 1_000 <= attempts, "{told}");
}

/// Run of an account with two webhooks, of which one fails often.
struct Run {
    simulation: Simulation,
    account: String,
    webhooks: Vec<NewWebhook>,
    chance: Chance,
    begun: Timestamp,
}

impl Run {
    fn begin(seed: u64) -> Self {
        let mut simulation = Simulation::with(seed, |settings| {
            settings.schedule = "5x1m,3x1h".parse().unwrap();
        });
        simulation.work_by_functions();
        let begun = simulation.now();
        let account = simulation.open_account();
        let mut webhooks = Vec::new();
        for (name, luck) in [("good", 950), ("bad", 300)] {
            let url = format!("https://ada.example/{name}");
            webhooks.push(simulation.create_webhook(&account, &url));
            let chance = std::sync::Mutex::new(Chance::seeded(seed));
            simulation.network.on(&url, move |_| {
                let mut chance = chance.lock().unwrap();
                let status = if chance.happens(luck) { 200 } else { 503 };
                Reply::status(status).after(seconds([0, 1, 2][chance.below(3)]))
            });
        }
        Self { simulation, account, webhooks, chance: Chance::seeded(seed), begun }
    }

    /// Posts so many events, with some time between.
    fn post_for(&mut self, events: usize) {
        for _ in 0..events {
            self.simulation.post_event(&self.account);
            let pause = [seconds(0), seconds(0), seconds(5), minutes(1)][self.chance.below(4)];
            self.simulation.run_for(pause);
        }
    }

    /// Posts up to a hundred events at once, and lets some time pass.
    fn post_many(&mut self) {
        let data = json!({ "object": { "id": "rep_1", "object": "report" } });
        let event = json!({ "type": "report.completed", "environment": "test", "data": data });
        let events = vec![event; 1 + self.chance.below(100)];
        let call = Call::post("/v1/events/batch", &json!({ "events": events })).on(&self.account);
        // The process that answers is another than those that may die: no batch is under way by then.
        self.simulation.workers_rest = true;
        self.simulation.run_for(seconds(10));
        _ = self.simulation.call(call).expect(202);
        self.simulation.workers_rest = false;
        let pause = seconds(self.chance.below(60) as u64);
        self.simulation.run_for(pause);
    }

    /// Lets time pass in which functions die, until the next batch has died.
    fn die_within(&mut self, longest: std::time::Duration) {
        let before = self.simulation.faults.functions.batches().died;
        let end = self.simulation.now().plus(longest);
        self.simulation.faults.set(DYING);
        while self.simulation.faults.functions.batches().died == before
            && self.simulation.now() < end
        {
            self.simulation.run_for(seconds(1));
        }
        self.simulation.faults.set(Rates::NONE);
    }

    /// Number of attempts in the log, and of those by which the counts of an hour are off, by webhook and
    /// outcome: what is missing in one hour does not make up for what is too much in another.
    fn compare(&mut self) -> (u64, u64) {
        let mut logged: BTreeMap<(String, &str, String), u64> = BTreeMap::new();
        let mut attempts = 0;
        let rows =
            self.simulation.list(&self.account, "/v1/logs?kind=webhook_delivery&per_page=100");
        for row in rows {
            let outcome = match (row["status"].as_str(), &row["next_attempt_at"]) {
                (Some("succeeded"), _) => "succeeded",
                (_, Value::Null) => "failed",
                _ => "retrying",
            };
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            let hour = text("created_at")[..HOUR].to_owned();
            *logged.entry((text("webhook_id"), outcome, hour)).or_default() += 1;
            attempts += 1;
        }
        let mut off = 0;
        for (webhook, bucket) in self.counted() {
            let hour = bucket["since"].as_str().unwrap_or_default()[..HOUR].to_owned();
            for outcome in ["succeeded", "retrying", "failed"] {
                let counted = bucket[outcome].as_u64().unwrap();
                let key = (webhook.clone(), outcome, hour.clone());
                off += counted.abs_diff(logged.remove(&key).unwrap_or_default());
            }
        }
        assert!(logged.is_empty(), "hours that were not asked for: {logged:?}");
        (attempts, off)
    }

    /// Counts of each webhook and hour from the start of the run until now.
    fn counted(&mut self) -> Vec<(String, Value)> {
        let start: Timestamp =
            format!("{}:00:00Z", &self.begun.to_string()[..HOUR]).parse().unwrap();
        let mut counted = Vec::new();
        for webhook in self.webhooks.clone() {
            let mut since = start;
            while since < self.simulation.now() {
                let until = since.plus(hours(MOST_HOURS.into()));
                let path = format!(
                    "/v1/delivery_stats?webhook_id={}&since={since}&until={until}&buckets={MOST_HOURS}",
                    webhook.id,
                );
                let mut stats = self.simulation.show(&self.account, &path);
                let buckets =
                    stats["buckets"].as_array_mut().map(std::mem::take).unwrap_or_default();
                counted.extend(buckets.into_iter().map(|bucket| (webhook.id.clone(), bucket)));
                since = until;
            }
        }
        counted
    }
}
