//! Held bodies: the head of a request and one byte come, something is taken away, and then the rest
//! comes. Whatever the caller could do when the request began, it can't any more.

use serde_json::{Value, json};
use simulation::{Answer, Call, OPERATOR_TOKEN, Simulation, seconds};

use crate::{
    permissions::{Needs, needs},
    world::{call_of, filled, routes},
};

/// Time for which a body is held, less than the server waits for one.
const HELD: u64 = 20;

/// Account with a caller of each kind, in live mode.
struct Mine {
    simulation: Simulation,
    account: String,
    /// Identifier of the key.
    key_id: String,
    key: String,
    session: String,
}

/// Kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Operator,
    Portal,
    Key,
}

/// Authority that is taken away while the body is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// The account is closed.
    Account,
    /// The account is not credentialed any more.
    LiveMode,
    /// The key is expired.
    Key,
    /// The key expires by itself.
    KeyByTime,
    /// The session expires by itself.
    SessionByTime,
}

impl Mine {
    fn new() -> Self {
        let mut simulation = Simulation::new(1);
        let account = simulation.open_account();
        simulation.credential(&account);
        // Both end by themselves a minute from now.
        let ends = simulation.now().plus(seconds(60)).to_string();
        let key = json!({ "type": "secret", "environment": "live", "expires_at": ends });
        let key = simulation.call(Call::post("/v1/api_keys", &key).on(&account)).expect(201);
        let session = Call::post("/v1/portal_sessions", &json!({ "expires_in": 60 }));
        let session = simulation.call(session.on(&account)).expect(201).text("/token");
        simulation.run_for(seconds(60 - HELD + 1));
        Self { simulation, account, key_id: key.text("/id"), key: key.text("/key"), session }
    }

    fn by(&self, who: Who, call: Call) -> Call {
        match who {
            Who::Operator => call.bearer(OPERATOR_TOKEN).on(&self.account),
            Who::Portal => call.bearer(&self.session),
            Who::Key => call.basic(&self.key),
        }
    }

    fn take(&mut self, taken: Taken) {
        let account = format!("/v1/accounts/{}", self.account);
        let call = match taken {
            Taken::Account => Call::delete(&account),
            Taken::LiveMode => Call::patch(&account, &json!({ "credentialed": false })),
            Taken::Key => {
                let path = format!("/v1/api_keys/{}/expire", self.key_id);
                Call::post(&path, &json!({})).on(&self.account)
            }
            Taken::KeyByTime | Taken::SessionByTime => {
                return self.simulation.run_for(seconds(HELD));
            }
        };
        _ = self.simulation.call(call).expect(200);
    }

    /// Sends `call`, takes something away, and lets the rest of the body come.
    fn held(&mut self, who: Who, call: Call, taken: Taken) -> Answer {
        let (ticket, held) = self.simulation.send_held(self.by(who, call));
        self.simulation.settle();
        assert!(ticket.answer().is_none(), "answered before the body was there");
        self.take(taken);
        held.let_go();
        self.simulation.wait_for(&ticket)
    }
}

/// Routes with a body for callers of an account, with the kinds of callers that they permit.
fn routes_with_bodies(simulation: &Simulation) -> Vec<(String, String, &'static [Who])> {
    let with_bodies = routes(simulation).into_iter().filter_map(|(method, path)| {
        let callers: &[Who] = match needs(&method, &path) {
            Needs::Developer => &[Who::Operator, Who::Portal, Who::Key],
            Needs::Settings => &[Who::Operator, Who::Portal],
            Needs::OperatorFor => &[Who::Operator],
            _ => return None,
        };
        ["post", "put", "patch"].contains(&method.as_str()).then_some((method, path, callers))
    });
    with_bodies.collect()
}

/// Code with which `who` is refused after that was taken away; none if it takes nothing from them.
fn refusal(who: Who, taken: Taken) -> Option<(u16, &'static str)> {
    match (who, taken) {
        (_, Taken::Account) => Some((403, "account_closed")),
        (Who::Key, Taken::LiveMode) => Some((403, "account_not_credentialed")),
        (Who::Key, Taken::Key | Taken::KeyByTime) => Some((401, "key_expired")),
        (Who::Portal, Taken::SessionByTime) => Some((401, "bad_authentication")),
        _ => None,
    }
}

const EVERYTHING: [Taken; 5] =
    [Taken::Account, Taken::LiveMode, Taken::Key, Taken::KeyByTime, Taken::SessionByTime];

#[test]
fn every_route_refuses_a_body_that_comes_after_its_caller_lost_the_authority() {
    let routes = routes_with_bodies(&Simulation::new(1));
    assert!(routes.len() >= 14, "{routes:?}");
    let mut refused = 0;
    for (method, path, callers) in &routes {
        for who in *callers {
            for taken in EVERYTHING {
                let Some(expected) = refusal(*who, taken) else { continue };
                let mut mine = Mine::new();
                let call = call_of(method, &filled(path)).once("held");
                let answer = mine.held(*who, call, taken);
                let told = (answer.status, &*answer.text("/code"));
                assert_eq!(told, expected, "{method} {path} by {who:?} after {taken:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

/// The operator's requests depend on the state of the account alone.
#[test]
fn a_live_event_that_comes_after_live_mode_was_closed_is_refused() {
    let event = json!({
        "type": "report.completed",
        "environment": "live",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    });
    let key = json!({ "type": "secret", "environment": "live" });
    let webhook = json!({ "webhook_url": "https://ada.example/live", "environment": "live" });
    for (path, body) in [("events", event), ("api_keys", key), ("webhooks", webhook)] {
        let mut mine = Mine::new();
        let call = Call::post(&format!("/v1/{path}"), &body);
        let answer = mine.held(Who::Operator, call, Taken::LiveMode);
        let told = (answer.status, answer.text("/code"));
        assert_eq!(told, (403, "account_not_credentialed".to_owned()), "{path}");
    }
}

#[test]
fn a_key_that_expired_meanwhile_is_neither_valid_nor_brought_back() {
    for taken in [Taken::Key, Taken::KeyByTime] {
        let mut mine = Mine::new();
        let verify = Call::post("/v1/api_keys/verify", &json!({ "key": mine.key }));
        assert_eq!(mine.held(Who::Operator, verify, taken).expect(200).text("/code"), "expired");

        let ends = json!({ "expires_at": Value::Null });
        for (action, body) in [("expire", &ends), ("roll", &json!({}))] {
            let mut mine = Mine::new();
            let call = Call::post(&format!("/v1/api_keys/{}/{action}", mine.key_id), body);
            let answer = mine.held(Who::Operator, call, taken).expect(409);
            assert_eq!(answer.text("/code"), "key_already_expired", "{action}");
            let (account, key) = (mine.account.clone(), format!("/v1/api_keys/{}", mine.key_id));
            assert_eq!(mine.simulation.show(&account, &key)["status"], "expired");
        }
    }
}

#[test]
fn a_closed_account_is_not_changed_by_a_body_that_comes_later() {
    let mut mine = Mine::new();
    let call = Call::patch(&format!("/v1/accounts/{}", mine.account), &json!({ "name": "Bob" }));
    let answer = mine.held(Who::Operator, call, Taken::Account).expect(403);
    assert_eq!(answer.text("/code"), "account_closed");
}

#[test]
fn a_sign_in_code_that_comes_after_its_end_begins_no_session() {
    let expected = [
        (Taken::Account, (403, "account_closed")),
        (Taken::KeyByTime, (401, "bad_authentication")),
    ];
    for (taken, expected) in expected {
        let mut mine = Mine::new();
        let session = Call::post("/v1/portal_sessions", &json!({ "expires_in": 60 }));
        let session = mine.simulation.call(session.on(&mine.account)).expect(201);
        let url = session.text("/url");
        let code = url.split_once("?code=").unwrap().1;
        mine.simulation.run_for(seconds(60 - HELD + 1));
        let call = Call::post("/v1/portal_sessions/redeem", &json!({ "code": code })).anonymous();
        let (ticket, held) = mine.simulation.send_held(call);
        mine.simulation.settle();
        mine.take(taken);
        held.let_go();
        let answer = mine.simulation.wait_for(&ticket);
        assert_eq!((answer.status, &*answer.text("/code")), expected);
    }
}

/// The kept answer has a secret, which is for whoever may still ask for it.
#[test]
fn a_kept_answer_is_not_given_to_a_caller_who_lost_the_authority() {
    for (who, taken) in [
        (Who::Portal, Taken::SessionByTime),
        (Who::Portal, Taken::Account),
        (Who::Operator, Taken::Account),
        (Who::Key, Taken::KeyByTime),
        (Who::Key, Taken::LiveMode),
    ] {
        let mut mine = Mine::new();
        let webhook = json!({ "webhook_url": "https://ada.example/kept", "environment": "live" });
        let call = Call::post("/v1/webhooks", &webhook).once("kept");
        let first = mine.simulation.call(mine.by(who, call.clone())).expect(201);
        assert!(!first.text("/signing_secret").is_empty());
        let again = mine.held(who, call, taken);
        let told = (again.status, &*again.text("/code"));
        assert_eq!(Some(told), refusal(who, taken), "{who:?} after {taken:?}");
    }
}
