//! Revocation: between any two steps of a request, its caller loses the authority to make it.
//! Nothing that is committed after that is the caller's.

use std::collections::BTreeSet;

use domain::OperatorScope;
use latchhook_simulation::{Answer, Call, OPERATOR_TOKEN, Simulation, Ticket, minutes, seconds};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

/// Collections that a request writes to whoever makes it.
const LOGS: [&str; 5] = [
    "request_logs/",
    "request_logs_by_key/",
    "request_logs_late/",
    "api_key_usage/",
    "operator_token_usage/",
];

/// Kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Operator,
    /// The operator, by a named token.
    Token,
    Portal,
    Key,
}

/// Authority that is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// The account is closed.
    Account,
    /// The account is not credentialed any more.
    LiveMode,
    /// The calling key is expired.
    Key,
    /// The calling key is rolled.
    Rolled,
    /// The calling operator token is ended.
    Token,
    /// Time passes until the calling key, session and token have expired.
    Time,
}

const EVERYTHING: [Taken; 6] =
    [Taken::Account, Taken::LiveMode, Taken::Key, Taken::Rolled, Taken::Token, Taken::Time];

/// Account in live mode with something for every command to work on.
struct World {
    simulation: Simulation,
    account: String,
    /// Key that calls, its identifier and itself.
    caller: (String, String),
    session: String,
    /// Operator token that calls, its path and itself.
    token: (String, String),
    /// Path of a key that is worked on.
    key: String,
    /// Path of a webhook.
    webhook: String,
    /// Path of an event.
    event: String,
}

impl World {
    fn new() -> Self {
        let mut simulation = Simulation::new(1);
        simulation.workers_rest = true;
        let account = simulation.open_account();
        simulation.credential(&account);
        let ask = |simulation: &mut Simulation, path: &str, body: &Value| {
            let answer = simulation.call(Call::post(path, body).on(&account));
            assert!(answer.status < 300, "{}", answer.json());
            answer
        };
        let ends = simulation.now().plus(minutes(1)).to_string();
        let caller = json!({ "type": "secret", "environment": "live", "expires_at": ends });
        let caller = ask(&mut simulation, "/v1/api_keys", &caller);
        let session = ask(&mut simulation, "/v1/portal_sessions", &json!({ "expires_in": 60 }));
        let token = json!({ "name": "all", "scopes": OperatorScope::ALL, "expires_at": ends });
        let token = ask(&mut simulation, "/v1/operator_tokens", &token);
        let key = json!({ "type": "secret", "environment": "live" });
        let key = ask(&mut simulation, "/v1/api_keys", &key);
        let webhook = json!({ "webhook_url": URL, "environment": "live" });
        let webhook = ask(&mut simulation, "/v1/webhooks", &webhook);
        let event = ask(&mut simulation, "/v1/events", &event());
        Self {
            caller: (caller.text("/id"), caller.text("/key")),
            session: session.text("/token"),
            token: (token.text("/uri"), token.text("/token")),
            key: key.text("/uri"),
            webhook: webhook.text("/uri"),
            event: event.text("/uri"),
            account,
            simulation,
        }
    }

    /// Every command, with the kinds of callers that may give it.
    fn commands(&self) -> Vec<(Call, &'static [Who])> {
        const OPERATOR: &[Who] = &[Who::Operator, Who::Token];
        const SETTINGS: &[Who] = &[Who::Operator, Who::Token, Who::Portal];
        const DEVELOPER: &[Who] = &[Who::Operator, Who::Token, Who::Portal, Who::Key];
        let of = |path: &str, action: &str| format!("{path}/{action}");
        let new_key = json!({ "type": "secret", "environment": "live" });
        let new_webhook = json!({ "webhook_url": "https://ada.example/2", "environment": "live" });
        let moved = json!({ "webhook_url": "https://u:p@ada.example/3" });
        let since = json!({ "since": "2026-01-01T00:00:00.000Z" });
        let webhook_id = self.webhook.trim_start_matches("/v1/webhooks/");
        let row = json!({ "environment": "live", "method": "GET", "path": "/", "status": 200 });
        let nothing = json!({});
        let commands = [
            (Call::post("/v1/events", &event()), OPERATOR),
            (Call::post("/v1/portal_sessions", &nothing), OPERATOR),
            (Call::post("/v1/request_logs", &json!({ "request_logs": [row] })), OPERATOR),
            (Call::post("/v1/api_keys", &new_key), SETTINGS),
            (Call::post(&of(&self.key, "reveal"), &nothing), SETTINGS),
            (Call::post(&of(&self.key, "expire"), &json!({ "expires_at": null })), SETTINGS),
            (Call::post(&of(&self.key, "expire"), &nothing), SETTINGS),
            (Call::post(&of(&self.key, "roll"), &nothing), SETTINGS),
            (Call::post("/v1/webhooks", &new_webhook), DEVELOPER),
            (Call::patch(&self.webhook, &moved), DEVELOPER),
            (Call::post(&of(&self.webhook, "reveal_secret"), &nothing), DEVELOPER),
            (Call::post(&of(&self.webhook, "rotate_secret"), &nothing), DEVELOPER),
            (Call::post(&of(&self.webhook, "ping"), &nothing), DEVELOPER),
            (Call::post(&of(&self.webhook, "recover"), &since), DEVELOPER),
            (
                Call::post(&of(&self.event, "resend"), &json!({ "webhook_id": webhook_id })),
                DEVELOPER,
            ),
            (Call::delete(&self.webhook), DEVELOPER),
        ];
        commands.into()
    }

    fn by(&self, who: Who, call: Call) -> Call {
        match who {
            Who::Operator => call.bearer(OPERATOR_TOKEN).on(&self.account),
            Who::Token => call.bearer(&self.token.1).on(&self.account),
            Who::Portal => call.bearer(&self.session),
            Who::Key => call.basic(&self.caller.1),
        }
    }

    fn take(&mut self, taken: Taken) {
        let account = format!("/v1/accounts/{}", self.account);
        let of_key = |action: &str| format!("/v1/api_keys/{}/{action}", self.caller.0);
        let call = match taken {
            Taken::Account => Call::delete(&account),
            Taken::LiveMode => Call::patch(&account, &json!({ "credentialed": false })),
            Taken::Key => Call::post(&of_key("expire"), &json!({})).on(&self.account),
            Taken::Rolled => Call::post(&of_key("roll"), &json!({})).on(&self.account),
            Taken::Token => Call::delete(&self.token.0),
            Taken::Time => return self.simulation.clock.advance(seconds(60)),
        };
        let answer = self.simulation.call(call);
        assert!(answer.status < 300, "{}", answer.json());
    }

    /// Everything that is stored and no log, with the messages that wait.
    fn stored(&self) -> (BTreeSet<String>, usize) {
        let is_log = |text: &String| LOGS.iter().any(|name| text.contains(name));
        let everything = self.simulation.disk.everything().into_iter();
        (everything.filter(|text| !is_log(text)).collect(), self.simulation.disk.waiting())
    }

    /// Runs until a call is held, or there is an answer.
    fn until_held(&mut self, ticket: &Ticket) -> bool {
        while !self.simulation.faults.is_holding() {
            if ticket.answer().is_some() {
                return false;
            }
            self.simulation.step();
        }
        true
    }
}

fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "live",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    })
}

/// Codes with which `who` is refused after that was taken away; none if it takes nothing from them.
fn refusals(who: Who, taken: Taken) -> &'static [&'static str] {
    match (who, taken) {
        // What was sealed for a closed account is gone before its end is committed.
        (_, Taken::Account) => &["account_closed", "not_found"],
        (Who::Key, Taken::LiveMode) => &["account_not_credentialed"],
        (Who::Key, Taken::Key | Taken::Rolled) | (Who::Key | Who::Token, Taken::Time) => {
            &["key_expired"]
        }
        (Who::Token, Taken::Token) | (Who::Portal, Taken::Time) => &["bad_authentication"],
        _ => &[],
    }
}

/// Takes something away before the step of the command `number` that follows after `steps` others.
/// Returns whether there is such a step.
fn happens_between(number: usize, who: Who, taken: Taken, steps: u64) -> bool {
    let mut world = World::new();
    let call = world.commands().swap_remove(number).0;
    let described = format!("{call:?} by {who:?}, {taken:?} after {steps} steps");
    let call = world.by(who, call).once("once");
    let before = world.stored();
    world.simulation.faults.hold_after(steps);
    let ticket = world.simulation.send(call);
    if !world.until_held(&ticket) {
        world.simulation.faults.let_go();
        return false;
    }
    let was_committed = world.stored() != before;
    world.take(taken);
    let after = world.stored();
    world.simulation.faults.let_go();
    let answer = world.simulation.wait_for(&ticket);
    assert_eq!(world.stored(), after, "{described}: {}", answer.json());
    assert_answered(&answer, was_committed, refusals(who, taken), &described);
    true
}

fn assert_answered(answer: &Answer, was_committed: bool, codes: &[&str], described: &str) {
    if was_committed {
        assert!(answer.status < 300, "{described}: {}", answer.json());
    } else {
        assert!(codes.contains(&&*answer.text("/code")), "{described}: {}", answer.json());
    }
}

#[test]
fn nothing_is_committed_by_a_caller_who_lost_the_authority_before_any_step() {
    let mut held = 0;
    let world = World::new();
    for (number, (_, callers)) in world.commands().into_iter().enumerate() {
        for who in callers {
            for taken in EVERYTHING {
                if refusals(*who, taken).is_empty() {
                    continue;
                }
                let steps = (0..).take_while(|steps| happens_between(number, *who, taken, *steps));
                held += steps.count();
            }
        }
    }
    assert!(held > 500, "only {held} steps were held");
}

/// The operator's requests in live mode depend on the account being credentialed.
#[test]
fn nothing_is_begun_in_live_mode_that_was_closed_before_any_step() {
    // Events, keys, successors, webhooks, pings, recoveries and resends.
    for number in [0, 3, 7, 8, 12, 13, 14] {
        for steps in 0.. {
            let mut world = World::new();
            let call = world.commands().swap_remove(number).0.once("once");
            let before = world.stored();
            world.simulation.faults.hold_after(steps);
            let ticket = world.simulation.send(world.by(Who::Operator, call));
            if !world.until_held(&ticket) {
                break;
            }
            let was_committed = world.stored() != before;
            world.take(Taken::LiveMode);
            let after = world.stored();
            world.simulation.faults.let_go();
            let answer = world.simulation.wait_for(&ticket);
            assert_eq!(world.stored(), after, "{number}, {steps}: {}", answer.json());
            let codes = ["account_not_credentialed"];
            assert_answered(&answer, was_committed, &codes, &format!("{number}, {steps}"));
        }
    }
}

/// An ended operator token makes and ends no other, also where processes still remember it.
#[test]
fn an_ended_token_makes_and_ends_no_token_wherever_it_is_remembered() {
    let made = json!({ "name": "made", "scopes": ["keys:verify"] });
    for is_shared in [false, true] {
        for number in 0..2 {
            for steps in 0.. {
                let mut world = World::new();
                if is_shared {
                    world.simulation.faults.split_commits();
                }
                let other = world.simulation.call(Call::post("/v1/operator_tokens", &made));
                let end = Call::delete(&other.expect(201).text("/uri"));
                let call = [Call::post("/v1/operator_tokens", &made), end].into_iter().nth(number);
                let call = world.by(Who::Token, call.unwrap());
                // The token is remembered from here on.
                let seen = world.by(Who::Token, Call::get("/v1/operator_tokens"));
                _ = world.simulation.call(seen).expect(200);
                let before = world.stored();
                world.simulation.faults.hold_after(steps);
                let ticket = world.simulation.send(call);
                if !world.until_held(&ticket) {
                    break;
                }
                let was_committed = world.stored() != before;
                world.take(Taken::Token);
                let after = world.stored();
                world.simulation.faults.let_go();
                let answer = world.simulation.wait_for(&ticket);
                let described = format!("{is_shared}, {number}, {steps}");
                assert_eq!(world.stored(), after, "{described}: {}", answer.json());
                assert_answered(&answer, was_committed, &["bad_authentication"], &described);
            }
        }
    }
}

/// Whoever rolls second is told of the successor that there is.
#[test]
fn a_key_has_one_successor_however_many_roll_it_at_once() {
    for seed in 0..40 {
        let mut simulation = Simulation::new(seed);
        let account = simulation.open_account();
        simulation.create_key(&account, "secret", "test");
        let key = simulation.list(&account, "/v1/api_keys")[0]["uri"].as_str().unwrap().to_owned();
        let later = simulation.now().plus(minutes(9)).to_string();
        let ends = [json!({}), json!({ "expires_at": later }), json!({ "expires_at": null })];
        let path = format!("{key}/roll");
        let rolls = ends.iter().map(|ends| Call::post(&path, ends).on(&account));
        let tickets: Vec<Ticket> = rolls.map(|call| simulation.send(call)).collect();
        let mut answers: Vec<Answer> =
            tickets.iter().map(|ticket| simulation.wait_for(ticket)).collect();
        answers.push(simulation.call(Call::post(&path, &json!({})).on(&account)));
        let (new, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(new.len(), 1, "seed {seed}");
        let successor = new[0].text("/id");
        for answer in refused {
            let (status, code) = (answer.status, answer.text("/code"));
            assert_eq!((status, &*code), (409, "conflict"), "{}", answer.json());
            assert!(answer.text("/error").contains(&successor), "{}", answer.json());
        }
        assert_eq!(simulation.show(&account, &key)["replaced_by"], successor);
        let keys = simulation.list(&account, "/v1/api_keys?include_expired=true");
        assert_eq!(keys.len(), 2, "seed {seed}");
    }
}
