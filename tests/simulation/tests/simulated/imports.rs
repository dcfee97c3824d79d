//! Imports of keys in several parts: all keys or none, whatever fails or dies in between.

use latchhook_simulation::{Call, Simulation, minutes, seconds};
use serde_json::{Value, json};

/// Number of keys, which takes three parts.
const KEYS: u64 = 20;

struct House {
    simulation: Simulation,
    account: String,
}

impl House {
    fn new(seed: u64, apart: bool) -> Self {
        let mut simulation = Simulation::new(seed);
        if apart {
            simulation.faults.keep_secrets_apart();
        }
        let account = simulation.open_account();
        Self { simulation, account }
    }

    fn import(&self) -> Call {
        let keys: Vec<Value> = (0..KEYS)
            .map(|number| json!({ "type": "secret", "environment": "test", "key": key(number) }))
            .collect();
        Call::post("/v1/api_keys/import", &json!({ "api_keys": keys })).on(&self.account)
    }

    /// Runs until imports without a process have been undone.
    fn sweep(&mut self) {
        self.simulation.run_for(minutes(3));
        let swept = self.simulation.ask(|app| async move { app.sweep_secrets().await.unwrap() });
        assert_eq!(swept.unwrap().left, 0);
    }

    /// Returns the number of keys that there are, by each way to see one.
    fn keys(&mut self) -> u64 {
        let list = Call::get("/v1/api_keys").on(&self.account);
        let count = self.simulation.call(list).expect(200).json()["count"].as_u64().unwrap();
        let listed = self.simulation.list(&self.account, "/v1/api_keys").len() as u64;
        let valid = (0..KEYS).filter(|number| {
            let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key(*number) }));
            self.simulation.call(verify).expect(200).json()["valid"] == true
        });
        let valid = valid.count() as u64;
        assert_eq!((count, listed), (valid, valid));
        valid
    }
}

fn key(number: u64) -> String {
    format!("sk_live_51Habcdefghijklmnop{number}")
}

#[test]
fn wherever_a_process_dies_all_keys_are_imported_or_none() {
    for apart in [false, true] {
        let (mut whole, mut nothing) = (0, 0);
        for others in 0.. {
            let mut house = House::new(others, apart);
            let import = house.import();
            house.simulation.faults.hold_after(others);
            let ticket = house.simulation.send(import.clone());
            while !house.simulation.faults.is_holding() && ticket.answer().is_none() {
                house.simulation.step();
            }
            let died = house.simulation.faults.is_holding();
            house.simulation.faults.let_go();
            if died {
                house.simulation.crash(seconds(1));
            }
            house.sweep();
            let keys = house.keys();
            let again = house.simulation.call(import);
            match keys {
                0 => {
                    nothing += 1;
                    _ = again.expect(201);
                    assert_eq!(house.keys(), KEYS);
                }
                KEYS => {
                    whole += 1;
                    assert_eq!(again.expect(409).text("/code"), "key_taken");
                }
                part => panic!("{part} keys after {others} calls"),
            }
            if !died {
                break;
            }
        }
        assert!(whole >= 1 && nothing >= 5, "{whole} and {nothing}");
    }
}

#[test]
fn a_part_that_can_not_be_committed_takes_the_others_back_at_once() {
    let mut house = House::new(1, false);
    let import = house.import();
    let ticket = house.simulation.send(import);
    // The last key is imported by somebody else once the first part is there.
    let list = Call::get("/v1/api_keys").on(&house.account);
    let other = house.simulation.open_account();
    while house.simulation.call(list.clone()).expect(200).json()["count"] == 0 {
        assert!(ticket.answer().is_none());
        house.simulation.step();
    }
    let taken = json!({ "type": "secret", "environment": "test", "key": key(KEYS - 1) });
    let taken = Call::post("/v1/api_keys/import", &json!({ "api_keys": [taken] })).on(&other);
    let taken = house.simulation.call(taken);
    let answer = house.simulation.wait_for(&ticket);
    let listed = house.simulation.call(list).expect(200).json()["count"].clone();
    if taken.status == 201 {
        assert_eq!((answer.status, answer.text("/param")), (409, "api_keys[19]".to_owned()));
        assert_eq!(listed, 0);
        let history = house.simulation.list(&house.account, "/v1/audit_events");
        let undone = history.iter().filter(|event| event["type"] == "api_key.import_undone");
        assert!(undone.count() >= 8);
    } else {
        assert_eq!((answer.status, listed), (201, json!(KEYS)));
    }
}
