//! Rotation of the key ring: at no moment is a key unknown, a secret unreadable or a URL taken
//! twice, whatever fails and whenever the process dies.

use app::resealing::{Resealed, usage};
use futures_util::FutureExt as _;
use latchhook_simulation::{
    Answer, Call, Rates, Simulation, days, hours, live_and_derived, minutes, seconds,
};
use ports::{Clock as _, vault::SealScope};
use sealed::{KeyRing, SealedVault};
use serde_json::{Value, json};

/// Number of runs.
const RUNS: u64 = 40;
const FAULTS: Rates =
    Rates { before: 20, after: 20, contended: 30, duplicated: 0, crash: 6, lag: 0 };
const URLS: [&str; 2] = ["https://ada.example/hooks", "https://ada:secret@ada.example/more"];

/// Installation with everything that a key ring is needed for.
struct Installation {
    simulation: Simulation,
    account: String,
    /// Keys that work.
    keys: Vec<String>,
    session: String,
}

impl Installation {
    fn new(seed: u64) -> Self {
        let mut simulation = Simulation::new(seed);
        let account = simulation.open_account();
        let update = json!({ "webhook_quota": 20 });
        let path = format!("/v1/accounts/{account}");
        _ = simulation.call(Call::patch(&path, &update)).expect(200);
        let keys = ["secret", "publishable", "secret"]
            .map(|key_type| simulation.create_key(&account, key_type, "test"));
        let session = simulation.open_session(&account);
        for url in URLS {
            simulation.create_webhook(&account, url);
        }
        Self { simulation, account, keys: keys.into(), session }
    }

    /// Repeats a request until it is answered with anything but a failure of the backend.
    fn insist(&mut self, call: &Call) -> Answer {
        for _ in 0..300 {
            let answer = self.simulation.try_call(call.clone());
            let passing = |answer: &Answer| {
                answer.status == 503
                    || ["conflict", "idempotency_in_progress"].contains(&&*answer.text("/code"))
            };
            match answer.filter(|answer| !passing(answer)) {
                Some(answer) => return answer,
                None => self.simulation.run_for(seconds(1)),
            }
        }
        panic!("no answer to {call:?}");
    }

    /// Asserts that everything is found as it was.
    fn assert_all_is_found(&mut self) {
        let account = self.account.clone();
        for key in self.keys.clone() {
            let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key })).on(&account);
            assert_eq!(self.insist(&verify).expect(200).json()["code"], "valid");
        }
        let signed_in = Call::get("/v1/account").bearer(&self.session);
        _ = self.insist(&signed_in).expect(200);
        for url in URLS {
            let webhook = json!({ "webhook_url": url, "environment": "test" });
            let taken = Call::post("/v1/webhooks", &webhook).on(&account);
            assert_eq!(self.insist(&taken).text("/code"), "url_taken", "{url}");
        }
    }

    /// Makes changes, of what there was before the rotation and of what there was not.
    fn change_something(&mut self, round: u64) {
        let account = self.account.clone();
        let body = json!({ "type": "secret", "environment": "test" });
        let create = Call::post("/v1/api_keys", &body).on(&account).once(&format!("key-{round}"));
        let created = self.insist(&create).expect(201);
        self.keys.push(created.text("/key"));
        let rename = json!({ "name": format!("round {round}") });
        _ = self.insist(&Call::patch(&format!("/v1/accounts/{account}"), &rename)).expect(200);
        let url = format!("https://ada.example/{round}");
        let webhook = json!({ "webhook_url": url, "environment": "test" });
        let create = Call::post("/v1/webhooks", &webhook).on(&account);
        _ = self.insist(&create.once(&format!("webhook-{round}"))).expect(201);
    }

    /// Reseals, however often the process dies over it, while `meanwhile` is done.
    fn reseal(&mut self, mut meanwhile: impl FnMut(&mut Self, u64)) -> Resealed {
        for round in 0..300 {
            let restarts = self.simulation.restarts;
            let ended = self.simulation.reseal();
            meanwhile(self, round);
            while ended.get().is_none() && self.simulation.restarts == restarts {
                self.simulation.step();
            }
            match ended.get() {
                Some(Some(done)) if done.left == 0 => return *done,
                // Stopped by a failure or a crash: the next one goes on.
                _ => self.simulation.run_for(minutes(1)),
            }
        }
        panic!("resealing never ended");
    }

    fn older(&self) -> u64 {
        let vault = self.simulation.vault();
        usage(&*self.simulation.disk, &*vault).now_or_never().unwrap().unwrap().older()
    }

    fn rotate(&mut self) {
        let now = self.simulation.clock.now();
        self.simulation.change_ring(|ring, ids| ring.rotate(ids, now).unwrap());
    }
}

#[test]
fn everything_is_found_at_any_moment_of_a_rotation_whatever_fails() {
    let mut restarts = 0;
    for seed in 0..RUNS {
        let mut installation = Installation::new(seed);
        installation.rotate();
        assert!(installation.older() > 0);
        installation.simulation.faults.set(FAULTS);
        installation.reseal(|it, round| {
            it.change_something(round);
            it.assert_all_is_found();
        });
        installation.simulation.faults.set(Rates::NONE);
        assert_eq!(installation.older(), 0, "seed {seed}");
        installation.assert_all_is_found();
        let (live, derived) = live_and_derived(&installation.simulation.disk);
        assert_eq!(live, derived, "seed {seed}");

        installation.simulation.run_for(hours(24));
        installation.session = installation.simulation.open_session(&installation.account);
        installation.simulation.change_ring(|ring, _| ring.retire());
        installation.simulation.crash(seconds(1));
        installation.assert_all_is_found();
        restarts += installation.simulation.restarts;
    }
    assert!(restarts > 2 * u32::try_from(RUNS).unwrap(), "it died only {restarts} times");
}

#[test]
fn the_old_ring_opens_nothing_after_the_resealing() {
    let ids = latchhook_simulation::SeededIds::seeded(7);
    let mut installation = Installation::new(1);
    let mut old = None;
    installation.simulation.change_ring(|ring, _| old = Some(ring.text()));
    installation.rotate();
    installation.reseal(|_, _| ());
    let ring = KeyRing::parse(old.unwrap().expose()).unwrap();
    let vault =
        SealedVault::new(installation.simulation.disk.clone(), std::sync::Arc::new(ids), ring);
    let account = installation.account.parse().unwrap();
    let rewrapped = ports::Vault::rewrap(&vault, SealScope::Account(account));
    assert!(rewrapped.now_or_never().unwrap().is_err());
}

/// Returns the events of a stream as its history shows them, oldest first.
fn history(installation: &mut Installation, subject: &str) -> Vec<Value> {
    let path = format!("/v1/audit_events?subject={subject}");
    let mut events = installation.simulation.list(&installation.account.clone(), &path);
    events.reverse();
    events
}

#[test]
fn a_renewal_is_in_the_history_without_the_fingerprint_and_changes_nothing_that_is_shown() {
    let mut installation = Installation::new(1);
    let account = installation.account.clone();
    let shown = |it: &mut Installation| {
        let keys = it.simulation.list(&account, "/v1/api_keys");
        (keys, it.simulation.list(&account, "/v1/webhooks"))
    };
    let before = shown(&mut installation);
    installation.simulation.run_for(days(1));
    installation.rotate();
    let done = installation.reseal(|_, _| ());
    assert_eq!((done.data_keys, done.fingerprints), (1, 5), "{done:?}");
    assert_eq!(shown(&mut installation), before);
    let key = before.0[0]["id"].as_str().unwrap();
    let events = history(&mut installation, key);
    let renewed = events.last().unwrap();
    assert_eq!(renewed["type"], "api_key.fingerprint_renewed");
    assert_eq!((&renewed["actor"]["type"], &renewed["data"]), (&json!("system"), &json!({})));
    let again = installation.reseal(|_, _| ());
    assert_eq!(again, Resealed::default(), "what is done is passed over");
}

#[test]
fn a_webhook_keeps_its_url_and_history_when_it_is_sent_again_during_a_rotation() {
    let mut installation = Installation::new(1);
    let account = installation.account.clone();
    installation.rotate();
    let webhooks = installation.simulation.list(&account, "/v1/webhooks");
    let plain = webhooks.iter().find(|webhook| webhook["webhook_url"] == URLS[0]).unwrap();
    let id = plain["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/webhooks/{id}");
    let same = Call::patch(&path, &json!({ "webhook_url": URLS[0] })).on(&account);
    _ = installation.simulation.call(same).expect(200);
    assert_eq!(history(&mut installation, &id).len(), 1, "nothing happened");
    let other = Call::patch(&path, &json!({ "webhook_url": URLS[1] })).on(&account);
    assert_eq!(installation.simulation.call(other).expect(409).text("/code"), "url_taken");
}

#[test]
fn a_request_is_repeated_across_a_rotation_even_with_a_secret_for_its_idempotency_key() {
    let mut installation = Installation::new(1);
    let account = installation.account.clone();
    let body = json!({ "type": "secret", "environment": "test" });
    let once = |key: &str| Call::post("/v1/api_keys", &body).on(&account).once(key);
    for idempotency_key in ["plain".to_owned(), installation.keys[0].clone()] {
        let first = installation.simulation.call(once(&idempotency_key)).expect(201);
        installation.rotate();
        let repeat = installation.simulation.call(once(&idempotency_key)).expect(201);
        assert_eq!(repeat.text("/key"), first.text("/key"));
        let other = json!({ "type": "publishable", "environment": "test" });
        let other = Call::post("/v1/api_keys", &other).on(&account).once(&idempotency_key);
        assert_eq!(installation.simulation.call(other).text("/code"), "idempotency_mismatch");
        installation.reseal(|_, _| ());
        installation.simulation.change_ring(|ring, _| ring.retire());
    }
}

#[test]
fn closed_accounts_are_passed_over() {
    let mut installation = Installation::new(1);
    let account = installation.account.clone();
    let path = format!("/v1/accounts/{account}");
    _ = installation.simulation.call(Call::delete(&path)).expect(200);
    installation.rotate();
    installation.reseal(|_, _| ());
    let vault = installation.simulation.vault();
    let disk = installation.simulation.disk.clone();
    let counted = usage(&*disk, &*vault).now_or_never().unwrap().unwrap();
    assert_eq!((counted.older(), counted.closed.older, counted.closed.all), (0, 3, 3));
    assert!(vault.has_older().now_or_never().unwrap().unwrap());
}
