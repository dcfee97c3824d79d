//! A vault that keeps secrets apart from the store: it has what the documents name, and nothing else,
//! whatever fails or dies in between.

use std::collections::BTreeSet;

use latchhook_simulation::{
    Bug, Call, NewWebhook, Rates, Simulation, Ticket, days, minutes, seconds,
};
use serde_json::{Value, json};

const URL: &str = "https://ada:hush@ada.example/hooks";
const SHOWN: &str = "https://ada:****@ada.example/hooks";

/// Simulation whose secrets are kept apart, with an account that has a webhook and two keys.
struct House {
    simulation: Simulation,
    account: String,
    webhook: NewWebhook,
    key: String,
}

impl House {
    fn new(seed: u64) -> Self {
        Self::with_bug(seed, None)
    }

    fn with_bug(seed: u64, bug: Option<Bug>) -> Self {
        let mut simulation = Simulation::with_bug(seed, bug, |_| {});
        simulation.faults.keep_secrets_apart();
        let account = simulation.open_account();
        let webhook = simulation.create_webhook(&account, URL);
        simulation.create_key(&account, "publishable", "test");
        simulation.create_key(&account, "secret", "test");
        let keys = simulation.list(&account, "/v1/api_keys");
        let key = keys[0]["id"].as_str().unwrap().to_owned();
        simulation.network.answers(SHOWN, 200);
        Self { simulation, account, webhook, key }
    }

    /// Every command that makes a secret or lets one go.
    fn commands(&self) -> Vec<Call> {
        let webhook = format!("/v1/webhooks/{}", self.webhook.id);
        let key = format!("/v1/api_keys/{}", self.key);
        let other =
            json!({ "webhook_url": "https://bob:hush@bob.example/", "environment": "test" });
        let new_url = json!({ "webhook_url": "https://ada:new@ada.example/hooks" });
        let new_key = json!({ "type": "secret", "environment": "test",
            "expires_at": self.simulation.now().plus(days(2)) });
        let imported = |number| {
            json!({ "type": "secret", "environment": "test",
            "key": format!("sk_live_51Habcdefghijklmnop{number}") })
        };
        let imported = json!({ "api_keys": (0..20).map(imported).collect::<Vec<_>>() });
        [
            Call::post("/v1/api_keys/import", &imported),
            Call::post("/v1/webhooks", &other),
            Call::patch(&webhook, &new_url),
            Call::post(&format!("{webhook}/rotate_secret"), &json!({ "overlap_seconds": 0 })),
            Call::delete(&webhook),
            Call::post("/v1/api_keys", &new_key),
            Call::post(&format!("{key}/roll"), &json!({})),
            Call::post(&format!("{key}/expire"), &json!({})),
        ]
        .map(|call| call.on(&self.account))
        .into_iter()
        .chain([Call::delete(&format!("/v1/accounts/{}", self.account))])
        .collect()
    }

    fn sweep(&mut self) {
        self.simulation.run_for(minutes(1));
        let swept = self.simulation.ask(|app| async move { app.sweep_secrets().await.unwrap() });
        assert_eq!(swept.unwrap().left, 0);
    }

    /// Asserts that the vault has every secret that is needed, and besides only what is about to be
    /// destroyed.
    fn assert_agrees(&mut self, what: &str) {
        let named = self.simulation.ask(|app| async move { app.named_secrets().await.unwrap() });
        let named = named.unwrap();
        let there: BTreeSet<String> = self.simulation.apart.names().into_iter().collect();
        let missing: Vec<_> = named.needed.difference(&there).collect();
        assert!(missing.is_empty(), "{what}: missing {missing:?}");
        let known: BTreeSet<String> = named.needed.union(&named.loose).cloned().collect();
        let unnamed: Vec<_> = there.difference(&known).collect();
        assert!(unnamed.is_empty(), "{what}: nothing names {unnamed:?}");
    }

    /// Returns how many attempts fail because a secret is gone, of one event.
    fn assert_delivers(&mut self, what: &str) {
        let account = self.simulation.call(Call::get("/v1/account").on(&self.account)).json();
        let webhooks = self.simulation.call(Call::get("/v1/webhooks").on(&self.account)).json();
        if account["closed_at"] != Value::Null || webhooks["count"] == 0 {
            return;
        }
        self.simulation.network.answers("https://bob:****@bob.example/", 200);
        let event = self.simulation.post_event(&self.account.clone());
        self.simulation.run_for(seconds(5));
        let shown = self.simulation.show(&self.account.clone(), &format!("/v1/events/{event}"));
        for delivery in shown["deliveries"].as_array().unwrap() {
            assert_eq!(delivery["status"], "delivered", "{what}");
        }
    }
}

#[test]
fn what_is_refused_makes_no_secret() {
    let mut house = House::new(1);
    let body = json!({ "webhook_url": "https://bob.example/", "environment": "test" });
    _ = house.simulation.call(Call::post("/v1/webhooks", &body).on(&house.account)).expect(201);
    let made = house.simulation.apart.made();
    let taken = json!({ "webhook_url": URL, "environment": "test" });
    let beyond = json!({ "webhook_url": "https://third.example/", "environment": "test" });
    for (body, code) in [(taken, "url_taken"), (beyond, "quota_limit_exceeded")] {
        for _ in 0..5 {
            let refused =
                house.simulation.call(Call::post("/v1/webhooks", &body).on(&house.account));
            assert_eq!((refused.status, refused.text("/code")), (409, code.to_owned()));
        }
    }
    assert_eq!(house.simulation.apart.made(), made);
    house.assert_agrees("refused");
}

#[test]
fn wherever_a_process_dies_the_vault_has_what_the_documents_name() {
    let mut deaths = 0;
    for command in 0..House::new(0).commands().len() {
        for others in 0.. {
            let mut house = House::new(others);
            let call = house.commands().swap_remove(command);
            house.simulation.faults.hold_after(others);
            let ticket = house.simulation.send(call.clone());
            while !house.simulation.faults.is_holding() && ticket.answer().is_none() {
                house.simulation.step();
            }
            let died = house.simulation.faults.is_holding();
            house.simulation.faults.let_go();
            if died {
                house.simulation.crash(seconds(1));
                deaths += 1;
            }
            let what = format!("{call:?}, dead after {others} calls");
            house.assert_delivers(&what);
            house.sweep();
            house.assert_agrees(&what);
            house.assert_delivers(&what);
            if !died {
                assert!(ticket.answer().unwrap().status < 300, "{what}");
                break;
            }
        }
    }
    assert!(deaths > 40, "{deaths}");
}

#[test]
fn whatever_fails_the_vault_has_what_the_documents_name() {
    let mut failed = 0;
    for seed in 0..60 {
        let mut house = House::new(seed);
        house.simulation.faults.set(Rates { before: 80, after: 80, ..Rates::NONE });
        let commands = house.commands();
        for number in [0, 1, 2, 4, 5, 2, 1] {
            let answer = house.simulation.call(commands[number].clone());
            failed += u32::from(answer.status >= 500);
            house.simulation.run_for(seconds(1));
        }
        house.simulation.faults.set(Rates::NONE);
        house.assert_delivers(&format!("seed {seed}"));
        house.sweep();
        house.assert_agrees(&format!("seed {seed}"));
    }
    assert!(failed > 60, "{failed}");
}

/// Of a deletion whose commit fails nothing is destroyed; a vault that does not wait for the commit is
/// noticed.
#[test]
fn a_deletion_that_fails_destroys_nothing() {
    for bug in [None, Some(Bug::ForgetsFirst)] {
        let mut house = House::with_bug(1, bug);
        let before = house.simulation.apart.names();
        let delete = house.commands().swap_remove(3);
        house.simulation.faults.set_full(true);
        assert_eq!(house.simulation.call(delete).status, 503);
        house.simulation.faults.set_full(false);
        let is_intact = house.simulation.apart.names() == before;
        assert_eq!(is_intact, bug.is_none(), "{bug:?}");
    }
}

#[test]
fn of_two_rotations_at_once_each_is_told_the_secret_that_signs() {
    for seed in 0..20 {
        let mut house = House::new(seed);
        let path = format!("/v1/webhooks/{}/rotate_secret", house.webhook.id);
        let rotate = Call::post(&path, &json!({})).on(&house.account);
        let tickets: Vec<Ticket> = (0..2).map(|_| house.simulation.send(rotate.clone())).collect();
        house.simulation.wait(&tickets);
        let told: Vec<String> =
            tickets.iter().map(|ticket| ticket.answer().unwrap().text("/signing_secret")).collect();
        assert!(told.iter().all(|secret| !secret.is_empty()), "seed {seed}");
        let path = format!("/v1/webhooks/{}/reveal_secret", house.webhook.id);
        let revealed = Call::post(&path, &json!({})).on(&house.account);
        let revealed = house.simulation.call(revealed).text("/signing_secret");
        assert!(told.contains(&revealed), "seed {seed}: nobody was told the secret in use");
        house.sweep();
        house.assert_agrees(&format!("seed {seed}"));
    }
}

#[test]
fn secrets_of_ended_keys_and_rotations_go_a_day_later() {
    let mut house = House::new(1);
    let commands = house.commands();
    // Rolls, creates a key that expires in two days, and rotates without an overlap.
    for number in [6, 5, 3] {
        assert!(house.simulation.call(commands[number].clone()).status < 300);
    }
    let before = house.simulation.apart.names().len();
    // Three secret keys, the webhook's URL and its signing secret; a publishable key is no secret.
    assert_eq!(before, 5, "the replaced signing secret is gone at once");
    house.sweep();
    house.simulation.run_for(days(1));
    house.sweep();
    assert_eq!(house.simulation.apart.names().len(), before - 1, "the rolled one");
    house.simulation.run_for(days(2));
    house.sweep();
    assert_eq!(house.simulation.apart.names().len(), before - 2, "the expired one");
    house.assert_agrees("ended");
    let keys = house.simulation.list(&house.account.clone(), "/v1/api_keys?include_expired=true");
    assert_eq!(keys.len(), 4);
    let whole = keys.iter().filter(|key| key["key"] != Value::Null);
    assert!(whole.clone().count() == 1 && whole.clone().all(|key| key["type"] == "publishable"));
}

#[test]
fn a_closed_account_leaves_no_secret() {
    let mut house = House::new(1);
    let close = house.commands().pop().unwrap();
    _ = house.simulation.call(close).expect(200);
    house.sweep();
    assert_eq!(house.simulation.apart.names(), Vec::<String>::new());
}

/// A sweep may have no more than the time of one invocation, so it notes how far it came.
#[test]
fn a_sweep_of_a_large_account_that_fails_halfway_is_gone_on_with_there() {
    const KEYS: usize = 250;
    let mut house = House::new(1);
    for _ in 0..KEYS {
        house.simulation.create_key(&house.account, "secret", "test");
    }
    let close = house.commands().pop().unwrap();
    _ = house.simulation.call(close).expect(200);
    house.simulation.run_for(minutes(1));
    let all = house.simulation.apart.names().len();
    house.simulation.faults.set(Rates { before: 5, ..Rates::NONE });
    while house.simulation.apart.names().len() > all - 100 {
        _ = house.simulation.ask(|app| async move { app.sweep_secrets().await.is_ok() });
    }
    house.simulation.faults.set(Rates::NONE);
    let left = house.simulation.apart.names().len();
    assert!(left > 0, "it did not fail");
    _ = house.simulation.faults.take_calls();
    house.sweep();
    assert_eq!(house.simulation.apart.names(), Vec::<String>::new());
    let destroyed = house.simulation.faults.take_calls()["vault.destroy"];
    assert!(destroyed <= all as u64 - 100, "{destroyed} of {all}");
}
