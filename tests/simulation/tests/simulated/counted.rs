//! Counts of attempts where functions gather them in memory, as on AWS: how far they are from the log.

use std::collections::BTreeMap;

use latchhook_simulation::{Chance, NewWebhook, Rates, Reply, Simulation, hours, minutes, seconds};
use serde_json::Value;

/// Faults of functions that die, in five steps of a thousand.
const DYING: Rates = Rates { crash: 5, ..Rates::NONE };

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
        assert!(off <= batches.messages_of_died, "seed {seed}: {off} of {batches:?}");
        died += batches.died;
    }
    assert!(died > 40, "{died} batches died");
}

/// Run of an account with two webhooks, of which one fails often.
struct Run {
    simulation: Simulation,
    account: String,
    webhooks: Vec<NewWebhook>,
    chance: Chance,
}

impl Run {
    fn begin(seed: u64) -> Self {
        let mut simulation = Simulation::with(seed, |settings| {
            settings.schedule = "5x1m,3x1h".parse().unwrap();
        });
        simulation.work_by_functions();
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
        Self { simulation, account, webhooks, chance: Chance::seeded(seed) }
    }

    /// Posts so many events, with some time between.
    fn post_for(&mut self, events: usize) {
        for _ in 0..events {
            self.simulation.post_event(&self.account);
            let pause = [seconds(0), seconds(0), seconds(5), minutes(1)][self.chance.below(4)];
            self.simulation.run_for(pause);
        }
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

    /// Number of attempts in the log, and of those by which the counts are off.
    fn compare(&mut self) -> (u64, u64) {
        let mut logged: BTreeMap<(String, &str), u64> = BTreeMap::new();
        let mut attempts = 0;
        for row in
            self.simulation.list(&self.account, "/v1/logs?kind=webhook_delivery&per_page=100")
        {
            let outcome = match (row["status"].as_str(), &row["next_attempt_at"]) {
                (Some("succeeded"), _) => "succeeded",
                (_, Value::Null) => "failed",
                _ => "retrying",
            };
            let webhook = row["webhook_id"].as_str().unwrap_or_default().to_owned();
            *logged.entry((webhook, outcome)).or_default() += 1;
            attempts += 1;
        }
        let mut off = 0;
        for webhook in &self.webhooks {
            let until = self.simulation.now().plus(hours(1));
            let path = format!(
                "/v1/delivery_stats?webhook_id={}&since={}&until={until}&buckets=1",
                webhook.id,
                until.minus(hours(24 * 20)),
            );
            let stats = self.simulation.show(&self.account, &path);
            for outcome in ["succeeded", "retrying", "failed"] {
                let counted = stats["buckets"][0][outcome].as_u64().unwrap();
                let key = (webhook.id.clone(), outcome);
                off += counted.abs_diff(logged.get(&key).copied().unwrap_or_default());
            }
        }
        (attempts, off)
    }
}
