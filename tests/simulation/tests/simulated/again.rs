//! Recreated resources: what is deleted and created again under the same name is never confused
//! with the old one, by a cache or a precondition.

use std::{collections::BTreeMap, time::Duration};

use domain::signing::{SignedHeaders, SigningSecret};
use latchhook_simulation::{Call, Chance, Hit, NewWebhook, Simulation, seconds};
use serde_json::{Value, json};

/// Number of random programs.
const RUNS: u64 = 60;
const STEPS: usize = 60;
const TYPES: [&str; 3] = ["report.created", "report.completed", "report.failed"];
const EXTERNAL_IDS: [&str; 2] = ["customer-1", "customer-2"];

#[test]
fn recreated_resources_are_never_confused_with_old_ones() {
    let (mut kept, mut broken, mut delivered) = (0, 0, 0);
    for seed in 0..RUNS {
        let mut program = Program::begin(seed);
        for _ in 0..STEPS {
            program.step();
        }
        kept += program.kept;
        broken += program.broken;
        delivered += program.simulation.network.hits().len();
    }
    let enough = [kept > 200, broken > 100, delivered > 400];
    assert!(enough.iter().all(|is| *is), "{kept} {broken} {delivered}: too little was tried");
}

/// Random program of an operator, with its expected results.
struct Program {
    simulation: Simulation,
    seed: u64,
    chance: Chance,
    account: String,
    /// Registered types, with the largest amount that their schema allows; none: no schema.
    types: BTreeMap<&'static str, Option<u64>>,
    /// Webhooks by URL, and whether they get whole objects.
    webhooks: BTreeMap<String, (NewWebhook, bool)>,
    /// External ids that were ever used: a closed account keeps its own.
    external_ids: Vec<&'static str>,
    /// Number of events that matched the schema of their type, and of those that did not.
    kept: u32,
    broken: u32,
}

impl Program {
    fn begin(seed: u64) -> Self {
        let mut simulation = Simulation::new(seed);
        let account = simulation.open_account();
        Self {
            simulation,
            seed,
            chance: Chance::seeded(seed ^ 0xa6a1),
            account,
            types: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            external_ids: vec![],
            kept: 0,
            broken: 0,
        }
    }

    fn step(&mut self) {
        match self.chance.below(20) {
            0..3 => self.put_type(),
            3..6 => self.remove_type(),
            6..13 => self.post_event(),
            13..15 => self.create_webhook(),
            15 => self.delete_webhook(),
            16 => self.rotate(),
            17 => self.change_webhook(),
            18 => self.open_and_close(),
            // Caches are emptied only now and then.
            _ if self.chance.happens(200) => self.simulation.crash(seconds(1)),
            _ => self.simulation.run_for(Duration::from_mins(6)),
        }
        self.simulation.run_for(seconds(1));
    }

    fn call(&mut self, call: Call) -> (u16, Value) {
        let answer = self.simulation.call(call.on(&self.account));
        (answer.status, answer.json())
    }

    fn some_type(&mut self) -> &'static str {
        TYPES[self.chance.below(TYPES.len())]
    }

    fn put_type(&mut self) {
        let name = self.some_type();
        let most = [None, Some(3), Some(7)][self.chance.below(3)];
        let schema = most.map(|most| json!({ "properties": { "amount": { "maximum": most } } }));
        let put = Call::put(&format!("/v1/event_types/{name}"), &json!({ "schema": schema }));
        assert_eq!(self.call(put).0, 200);
        self.types.insert(name, most);
    }

    fn remove_type(&mut self) {
        let name = self.some_type();
        let (status, _) = self.call(Call::delete(&format!("/v1/event_types/{name}")));
        let was_there = self.types.remove(name).is_some();
        assert_eq!(status, if was_there { 200 } else { 404 }, "seed {}", self.seed);
    }

    /// Posts an event; one that does not match the current schema of its type must be refused.
    fn post_event(&mut self) {
        let name = self.some_type();
        let amount = self.chance.below(10) as u64;
        let object = json!({ "id": "1", "object": "report", "amount": amount });
        let event = json!({ "type": name, "environment": "test", "data": { "object": object } });
        let (status, answer) = self.call(Call::post("/v1/events", &event));
        let expected = match self.types.get(name) {
            None if self.types.is_empty() => 202,
            None => {
                assert_eq!(answer["code"], "unknown_event_type", "seed {}", self.seed);
                422
            }
            Some(most) if most.is_some_and(|most| amount > most) => {
                self.broken += 1;
                assert_eq!(answer["param"], "data.object.amount", "seed {}", self.seed);
                422
            }
            Some(_) => 202,
        };
        assert_eq!(status, expected, "seed {}: {answer}", self.seed);
        if status == 202 {
            self.kept += 1;
            self.assert_delivered(answer["id"].as_str().unwrap(), amount);
        }
    }

    /// Asserts that an event is delivered to every current webhook and no other, with its current
    /// settings.
    fn assert_delivered(&mut self, event: &str, amount: u64) {
        self.simulation.run_for(seconds(1));
        let hits = self.simulation.network.hits();
        let hits: Vec<&Hit> = hits.iter().filter(|hit| hit.event == event).collect();
        assert_eq!(hits.len(), self.webhooks.len(), "seed {}", self.seed);
        for hit in hits {
            let (webhook, is_whole) = &self.webhooks[&hit.url];
            assert!(is_signed(hit, &webhook.secret), "seed {}: {}", self.seed, hit.url);
            let body: Value = serde_json::from_slice(&hit.outgoing.body).unwrap();
            let shown = &body["data"]["object"]["amount"];
            let expected = if *is_whole { json!(amount) } else { Value::Null };
            assert_eq!(*shown, expected, "seed {}: {}", self.seed, hit.url);
        }
    }

    fn some_url(&mut self) -> String {
        format!("https://ada.example/{}", self.chance.below(2))
    }

    fn create_webhook(&mut self) {
        let url = self.some_url();
        self.simulation.network.answers(&url, 200);
        let is_whole = self.chance.happens(500);
        let body = json!({ "webhook_url": url, "environment": "test", "include_object": is_whole });
        let (status, answer) = self.call(Call::post("/v1/webhooks", &body));
        if self.webhooks.contains_key(&url) {
            let (code, full) = (&answer["code"], self.webhooks.len() == 2);
            let is_told = *code == "url_taken" || (full && *code == "quota_limit_exceeded");
            assert!(status == 409 && is_told, "seed {}: {answer}", self.seed);
            return;
        }
        assert_eq!(status, 201, "seed {}: {answer}", self.seed);
        let text = |field: &str| answer[field].as_str().unwrap().to_owned();
        let (id, secret) = (text("id"), text("signing_secret"));
        self.webhooks.insert(url.clone(), (NewWebhook { id, url, secret }, is_whole));
    }

    /// Picks an existing webhook; returns its URL and path.
    fn some_webhook(&mut self) -> Option<(String, String)> {
        let url = self.some_url();
        let (webhook, _) = self.webhooks.get(&url)?;
        Some((url, format!("/v1/webhooks/{}", webhook.id)))
    }

    fn delete_webhook(&mut self) {
        let Some((url, path)) = self.some_webhook() else { return };
        assert_eq!(self.call(Call::delete(&path)).0, 200);
        assert_eq!(self.call(Call::get(&path)).0, 404);
        self.webhooks.remove(&url);
    }

    fn rotate(&mut self) {
        let Some((url, path)) = self.some_webhook() else { return };
        let rotate = Call::post(&format!("{path}/rotate_secret"), &json!({ "overlap_seconds": 0 }));
        let (status, answer) = self.call(rotate);
        assert_eq!(status, 200, "seed {}: {answer}", self.seed);
        let (webhook, _) = self.webhooks.get_mut(&url).unwrap();
        answer["signing_secret"].as_str().unwrap().clone_into(&mut webhook.secret);
    }

    fn change_webhook(&mut self) {
        let Some((url, path)) = self.some_webhook() else { return };
        let is_whole = self.chance.happens(500);
        let change = Call::patch(&path, &json!({ "include_object": is_whole }));
        assert_eq!(self.call(change).0, 200);
        self.webhooks.get_mut(&url).unwrap().1 = is_whole;
    }

    /// Opens an account with a key, closes it, and opens another with the same name.
    fn open_and_close(&mut self) {
        let external_id = EXTERNAL_IDS[self.chance.below(EXTERNAL_IDS.len())];
        let open = json!({ "name": "Ada", "external_id": external_id });
        let (status, account) = self.call(Call::post("/v1/accounts", &open));
        if self.external_ids.contains(&external_id) {
            assert_eq!((status, &account["code"]), (409, &json!("conflict")), "seed {}", self.seed);
            return;
        }
        assert_eq!(status, 201, "seed {}: {account}", self.seed);
        self.external_ids.push(external_id);
        let id = account["id"].as_str().unwrap();
        let key = self.simulation.create_key(id, "secret", "test");
        let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
        assert_eq!(self.call(verify.clone()).1["code"], "valid");
        assert_eq!(self.call(Call::delete(&format!("/v1/accounts/{id}"))).0, 200);
        assert_eq!(self.call(verify).1["code"], "account_closed");
    }
}

fn is_signed(hit: &Hit, secret: &str) -> bool {
    let header = |wanted: &str| {
        let found = hit.outgoing.headers.iter().find(|(name, _)| **name == *wanted);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let signed = SignedHeaders {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let secret = SigningSecret::parse(secret).unwrap();
    signed.verify(&secret, &hit.outgoing.body, hit.at, seconds(5)).is_ok()
}
