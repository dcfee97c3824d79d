//! Requests and revocations at once: in whatever order they are committed, and however much time
//! passes in between, the history has nothing by a caller who had lost the authority.

use std::collections::BTreeMap;

use domain::Timestamp;
use futures_util::FutureExt as _;
use latchhook_simulation::{Call, Chance, Rates, Simulation, Ticket, minutes, seconds};
use ports::{
    Store as _,
    store::{ActorKind, RecordedEvent},
};
use serde_json::{Value, json};

/// Number of runs.
const RUNS: u64 = 60;
/// Number of rounds of a run.
const ROUNDS: usize = 12;
/// Number of requests in a round.
const AT_ONCE: usize = 6;

const LAGGING: Rates = Rates { lag: 80, contended: 40, ..Rates::NONE };

/// Account whose callers are taken their authority at random.
struct Run {
    simulation: Simulation,
    chance: Chance,
    account: String,
    /// Keys, as `(path, key)`.
    keys: Vec<(String, String)>,
    sessions: Vec<String>,
    webhook: String,
    number: u32,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut simulation = Simulation::new(seed);
        simulation.workers_rest = true;
        let account = simulation.open_account();
        simulation.credential(&account);
        let quota = json!({ "webhook_quota": 1000 });
        let path = format!("/v1/accounts/{account}");
        _ = simulation.call(Call::patch(&path, &quota)).expect(200);
        let mut keys = Vec::new();
        for minute in 1..=4 {
            let ends = simulation.now().plus(minutes(2 * minute)).to_string();
            let new = json!({ "type": "secret", "environment": "live", "expires_at": ends });
            let new = simulation.call(Call::post("/v1/api_keys", &new).on(&account)).expect(201);
            keys.push((new.text("/uri"), new.text("/key")));
        }
        let sessions = [60, 180, 600].map(|seconds| {
            let open = Call::post("/v1/portal_sessions", &json!({ "expires_in": seconds }));
            simulation.call(open.on(&account)).expect(201).text("/token")
        });
        let webhook = json!({ "webhook_url": "https://ada.example/0", "environment": "live" });
        let webhook = Call::post("/v1/webhooks", &webhook).on(&account);
        let webhook = simulation.call(webhook).expect(201).text("/uri");
        let chance = Chance::seeded(seed ^ 0x5eed);
        let sessions = sessions.into();
        Self { simulation, chance, account, keys, sessions, webhook, number: 0 }
    }

    fn live(&mut self) {
        self.simulation.faults.set(LAGGING);
        for _ in 0..ROUNDS {
            let tickets: Vec<Ticket> = (0..AT_ONCE).map(|_| self.send()).collect();
            for ticket in &tickets {
                self.simulation.wait_for(ticket);
            }
            let pause = [0, 1, 20][self.chance.below(3)];
            self.simulation.run_for(seconds(pause));
        }
        self.simulation.faults.set(Rates::NONE);
    }

    fn send(&mut self) -> Ticket {
        self.number += 1;
        let call = if self.chance.below(4) == 0 { self.revocation() } else { self.command() };
        if self.chance.below(2) == 0 {
            return self.simulation.send(call);
        }
        let (ticket, held) = self.simulation.send_held(call);
        // Most of the others are answered before the rest comes.
        self.simulation.settle();
        held.let_go();
        ticket
    }

    fn revocation(&mut self) -> Call {
        let account = format!("/v1/accounts/{}", self.account);
        let key = self.keys[self.chance.below(self.keys.len())].0.clone();
        let call = match self.chance.below(24) {
            0 => Call::delete(&account),
            1..9 => {
                let credentialed = self.chance.below(2) == 0;
                Call::patch(&account, &json!({ "credentialed": credentialed }))
            }
            9..16 => Call::post(&format!("{key}/roll"), &self.end()),
            _ => Call::post(&format!("{key}/expire"), &self.end()),
        };
        call.on(&self.account)
    }

    fn end(&mut self) -> Value {
        let later = self.simulation.now().plus(seconds(30)).to_string();
        [json!({}), json!({ "expires_at": later }), json!({ "expires_at": null })]
            [self.chance.below(3)]
        .clone()
    }

    fn command(&mut self) -> Call {
        let url = format!("https://ada.example/{}", self.number);
        let new = json!({ "webhook_url": url, "environment": "live" });
        let nothing = json!({});
        let by_key = self.chance.below(2) == 0;
        let call = match self.chance.below(if by_key { 4 } else { 6 }) {
            0 => Call::post("/v1/webhooks", &new),
            1 => Call::patch(&self.webhook, &json!({ "description": url })),
            2 => Call::post(&format!("{}/reveal_secret", self.webhook), &nothing),
            3 => Call::post(&format!("{}/rotate_secret", self.webhook), &nothing),
            4 => Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "live" })),
            _ => {
                let key = self.keys[self.chance.below(self.keys.len())].0.clone();
                Call::post(&format!("{key}/reveal"), &nothing)
            }
        };
        if by_key {
            call.basic(&self.keys[self.chance.below(self.keys.len())].1)
        } else {
            call.bearer(&self.sessions[self.chance.below(self.sessions.len())])
        }
    }

    /// Events of the account in the order of their commits.
    fn history(&self) -> Vec<RecordedEvent> {
        let replayed = self.simulation.disk.replay(None, usize::MAX).now_or_never().unwrap();
        replayed.unwrap().0
    }
}

/// What the account's history says of authority, up to one event.
#[derive(Default)]
struct Known {
    is_closed: bool,
    is_credentialed: bool,
    /// End of each key and session; none if it has none.
    ends: BTreeMap<String, Option<Timestamp>>,
    /// Keys that have a successor.
    rolled: Vec<String>,
}

impl Known {
    /// Asserts that the next event is by somebody who may, and learns from it. Returns whether it is
    /// by a key or a session.
    fn see(&mut self, recorded: &RecordedEvent) -> bool {
        let event = &recorded.event;
        let (name, at) = (event.name.name.as_str(), event.metadata.at);
        let payload: Value = serde_json::from_str(event.payload.get()).unwrap();
        assert!(!self.is_closed, "{name} after the account was closed");
        let is_live = event.metadata.environment.is_some();
        if is_live && name.ends_with(".created") {
            assert!(self.is_credentialed, "{name} in live mode that was closed");
        }
        let actor = &event.metadata.actor;
        let by = actor.id.as_deref().filter(|_| actor.kind != ActorKind::Operator);
        if let Some(by) = by {
            let ends = self.ends[by];
            assert!(ends.is_none_or(|ends| at < ends), "{name} at {at} by {by}: it ended {ends:?}");
            let is_key = actor.kind == ActorKind::ApiKey;
            assert!(!is_key || self.is_credentialed, "{name} by a live key");
        }
        self.learn(name, recorded.stream.to_string().as_str(), at, &payload);
        by.is_some()
    }

    fn learn(&mut self, name: &str, stream: &str, at: Timestamp, payload: &Value) {
        let id = stream.rsplit('/').next().unwrap().to_owned();
        let ends = payload["expires_at"].as_str().map(|text| text.parse().unwrap());
        match name {
            "account.closed" => self.is_closed = true,
            "account.credentialed" => self.is_credentialed = true,
            "account.credential_withdrawn" => self.is_credentialed = false,
            "account.portal_session_opened" => {
                self.ends.insert(payload["session"].as_str().unwrap().to_owned(), ends);
            }
            "api_key.created" => {
                self.ends.insert(id, ends);
            }
            "api_key.expiry_set" | "api_key.rolled" => {
                let was = self.ends.insert(id.clone(), ends).unwrap();
                assert!(was.is_none_or(|was| at < was), "{name} at {at}: it ended {was:?}");
                if name == "api_key.rolled" {
                    assert!(!self.rolled.contains(&id), "{id} has two successors");
                    self.rolled.push(id);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_history_has_nothing_by_a_caller_who_had_lost_the_authority() {
    let (mut theirs, mut closed, mut rolled) = (0, 0, 0);
    for seed in 0..RUNS {
        let mut run = Run::new(seed);
        run.live();
        let mut known = Known::default();
        let history = run.history();
        theirs += history.iter().filter(|recorded| known.see(recorded)).count();
        closed += u32::from(known.is_closed);
        rolled += known.rolled.len();
    }
    assert!(theirs > 300 && closed > 5 && rolled > 30, "{theirs}, {closed}, {rolled}");
}
