//! Actions of customers: the requests, and what is learnt from their answers.

use domain::Timestamp;
use latchhook_simulation::{Answer, Call, minutes};
use serde_json::{Value, json};

use crate::{
    life::{Life, QUOTA, Types, url},
    world::{Credential, Hook, Kind, Signing},
};

/// Action of a customer, by its place among the customers.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Post {
        amount: u64,
    },
    /// Posts several at once, each with an idempotency key if they are `keyed`.
    PostBatch {
        amounts: Vec<u64>,
        keyed: bool,
    },
    CreateWebhook {
        url: String,
    },
    DeleteWebhook {
        id: String,
    },
    Describe {
        id: String,
    },
    Switch {
        id: String,
    },
    Rotate {
        id: String,
    },
    Resend {
        event: String,
        id: String,
    },
    Advance {
        event: String,
        id: String,
    },
    Erase {
        event: String,
    },
    Recover {
        id: String,
    },
    CreateKey {
        ends_at: Option<Timestamp>,
    },
    OpenSession,
    MakeToken,
    EndToken {
        id: String,
    },
    RollKey {
        id: String,
    },
    ExpireKey {
        id: String,
    },
    Use {
        id: String,
    },
    Close,
}

/// Action that was answered.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) customer: usize,
    pub(crate) action: Action,
    /// Key, session or token that asked; none: the operator, by the root token.
    pub(crate) by: Option<String>,
    pub(crate) answer: Answer,
    /// Time of the first request.
    pub(crate) sent_at: Timestamp,
    /// Time by which all actions of the round were answered.
    pub(crate) answered_at: Timestamp,
}

impl Life {
    /// Draws an action of `customer`.
    pub(crate) fn draw(&mut self, customer: usize) -> Action {
        let of = &self.customers[customer];
        let (current, keys) = (of.current(), of.keys());
        let credentials: Vec<String> = of.credentials.keys().cloned().collect();
        let tokens = of.of_kind(Kind::Token);
        let events: Vec<String> = of.events.keys().rev().take(3).cloned().collect();
        let is_young = of.credentials.len() < 2 || of.webhooks.is_empty();
        let url = url(&of.name, self.chance.below(3));
        let hook = self.pick(&current);
        let amount = self.chance.number() % 10;
        match (self.chance.below(if is_young { 6 } else { 25 }), hook) {
            (0 | 1 | 6, _) | (_, None) => Action::CreateWebhook { url },
            (2 | 7, _) => Action::CreateKey { ends_at: self.some_end() },
            (3, _) => Action::OpenSession,
            (4, _) => Action::MakeToken,
            (18, _) => self.pick(&tokens).map_or(Action::MakeToken, |id| Action::EndToken { id }),
            (8, Some(id)) => Action::DeleteWebhook { id },
            (9, Some(id)) => Action::Switch { id },
            (10, Some(id)) => Action::Rotate { id },
            (11, Some(id)) => match self.pick(&events) {
                Some(event) => Action::Resend { event, id },
                None => Action::Describe { id },
            },
            (12, Some(id)) => Action::Recover { id },
            (24, _) => match self.pick(&events) {
                Some(event) => Action::Erase { event },
                None => Action::Post { amount },
            },
            (22 | 23, Some(id)) => match self.pick(&events) {
                Some(event) => Action::Advance { event, id },
                None => Action::Post { amount },
            },
            (13, Some(id)) => Action::Describe { id },
            (14, _) => {
                self.pick(&keys).map_or(Action::Post { amount }, |id| Action::RollKey { id })
            }
            (15, _) => {
                self.pick(&keys).map_or(Action::Post { amount }, |id| Action::ExpireKey { id })
            }
            (16 | 17, _) => {
                self.pick(&credentials).map_or(Action::Post { amount }, |id| Action::Use { id })
            }
            (20 | 21, _) => {
                let amounts = (0..2 + amount / 3).map(|more| (amount + more) % 10).collect();
                Action::PostBatch { amounts, keyed: self.chance.happens(500) }
            }
            _ => Action::Post { amount },
        }
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.chance.below(all.len())).cloned()
    }

    fn some_end(&mut self) -> Option<Timestamp> {
        let now = self.simulation.now();
        [None, Some(now.plus(minutes(4))), Some(now.plus(minutes(60)))][self.chance.below(3)]
    }

    /// Request that asks for `action`.
    pub(crate) fn call_for(&mut self, customer: usize, action: &Action) -> Call {
        // Of its own among calls made at once, too: two batches may not share their events' keys.
        self.calls += 1;
        let number = self.calls;
        let switched = ["enabled", "disabled"][self.chance.below(2)];
        let since = self.simulation.now().minus(minutes(3000)).to_string();
        let of = &self.customers[customer];
        let webhook = |id: &str| format!("/v1/webhooks/{id}");
        let key = |id: &str, what: &str| format!("/v1/api_keys/{id}/{what}");
        let call = match action {
            Action::Post { amount } => Call::post("/v1/events", &event(*amount)),
            Action::PostBatch { amounts, keyed } => {
                let one = |(place, amount): (usize, &u64)| {
                    let mut event = event(*amount);
                    if *keyed {
                        event["idempotency_key"] = json!(format!("event-{number}-{place}"));
                    }
                    event
                };
                let events: Vec<Value> = amounts.iter().enumerate().map(one).collect();
                Call::post("/v1/events/batch", &json!({ "events": events }))
            }
            Action::CreateWebhook { url } => {
                let body = json!({ "webhook_url": url, "environment": "test" });
                Call::post("/v1/webhooks", &body)
            }
            Action::DeleteWebhook { id } => Call::delete(&webhook(id)),
            Action::Describe { id } => {
                Call::patch(&webhook(id), &json!({ "description": format!("call {number}") }))
            }
            Action::Switch { id } => Call::patch(&webhook(id), &json!({ "status": switched })),
            Action::Rotate { id } => {
                let path = format!("{}/rotate_secret", webhook(id));
                Call::post(&path, &json!({ "overlap_seconds": 0 }))
            }
            Action::Resend { event, id } => {
                Call::post(&format!("/v1/events/{event}/resend"), &json!({ "webhook_id": id }))
            }
            Action::Erase { event } => Call::delete(&format!("/v1/events/{event}")),
            Action::Advance { event, id } => {
                Call::post(&format!("/v1/events/{event}/advance"), &json!({ "webhook_id": id }))
            }
            Action::Recover { id } => {
                Call::post(&format!("{}/recover", webhook(id)), &json!({ "since": since }))
            }
            Action::CreateKey { ends_at } => {
                let ends_at = ends_at.map(|at| at.to_string());
                let body =
                    json!({ "type": "secret", "environment": "test", "expires_at": ends_at });
                Call::post("/v1/api_keys", &body)
            }
            Action::MakeToken => {
                let body =
                    json!({ "name": "worker", "scopes": ["webhooks:write", "accounts:read"] });
                return Call::post("/v1/operator_tokens", &body);
            }
            Action::EndToken { id } => {
                return Call::delete(&format!("/v1/operator_tokens/{id}"));
            }
            Action::OpenSession => Call::post("/v1/portal_sessions", &json!({ "expires_in": 300 })),
            Action::RollKey { id } => Call::post(&key(id, "roll"), &json!({})),
            Action::ExpireKey { id } => Call::post(&key(id, "expire"), &json!({})),
            Action::Use { id } => {
                return of.credentials[id].make(Call::get("/v1/account").on(&of.id));
            }
            Action::Close => return Call::delete(&format!("/v1/accounts/{}", of.id)),
        };
        call.on(&of.id)
    }

    /// Draws who asks for `action`: the operator, or a key or session that may.
    pub(crate) fn somebody_to_ask(&mut self, customer: usize, action: &Action) -> Option<String> {
        let is_for_all = matches!(
            action,
            Action::CreateWebhook { .. } | Action::Describe { .. } | Action::Rotate { .. }
        );
        if !is_for_all || self.chance.happens(600) {
            return None;
        }
        let all: Vec<String> = self.customers[customer].credentials.keys().cloned().collect();
        self.pick(&all)
    }

    /// Learns the settings that `done` made.
    pub(crate) fn learn(&mut self, done: &Done) {
        let Done { customer, action, answer, sent_at, answered_at, .. } = done;
        let is_done = answer.status < 300;
        let of = &mut self.customers[*customer];
        match action {
            Action::CreateWebhook { url } if is_done => {
                self.lived.recreated +=
                    u64::from(of.webhooks.values().any(|hook| hook.url == *url));
                let secrets = vec![signing(answer, self.rounds, *sent_at)];
                let (url, unseen) = (url.clone(), vec![]);
                let hook = Hook { url, secrets, unseen, is_deleted: false };
                let other = of.webhooks.insert(answer.text("/id"), hook);
                assert!(other.is_none(), "an identifier is used twice: {other:?}");
            }
            Action::DeleteWebhook { id } if is_done || answer.status == 404 => {
                of.webhooks.get_mut(id).unwrap().is_deleted = true;
            }
            Action::Rotate { id } if is_replaced(answer) => {
                let hook = of.webhooks.get_mut(id).unwrap();
                hook.unseen.push((*sent_at, *answered_at));
            }
            Action::Rotate { id } if is_done => {
                let hook = of.webhooks.get_mut(id).unwrap();
                let earlier = hook.secrets.iter_mut().filter(|known| known.round < self.rounds);
                for earlier in earlier {
                    earlier.until = earlier.until.min(answered_at.plus(minutes(1)));
                }
                hook.secrets.push(signing(answer, self.rounds, *sent_at));
            }
            Action::CreateKey { ends_at } if is_done => {
                let text = answer.text("/key");
                let key = Credential { text, kind: Kind::Key, ends_at: *ends_at, is_rolled: false };
                of.credentials.insert(answer.text("/id"), key);
            }
            Action::OpenSession if is_done => {
                let ends_at = Some(answer.text("/expires_at").parse().unwrap());
                let text = answer.text("/token");
                let session = Credential { text, kind: Kind::Session, ends_at, is_rolled: false };
                of.credentials.insert(answer.text("/id"), session);
            }
            Action::MakeToken if is_done => {
                let text = answer.text("/token");
                let (kind, ends_at, is_rolled) = (Kind::Token, None, false);
                let token = Credential { text, kind, ends_at, is_rolled };
                of.credentials.insert(answer.text("/id"), token);
            }
            Action::RollKey { id } if is_done => {
                let old = of.credentials.get_mut(id).unwrap();
                old.is_rolled = true;
                let mut successor = Credential { text: answer.text("/key"), ..old.clone() };
                end(old, *answered_at);
                let told = answer.json()["expires_at"].as_str().map(|at| at.parse().unwrap());
                (successor.ends_at, successor.is_rolled) = (told, false);
                of.credentials.insert(answer.text("/id"), successor);
            }
            Action::ExpireKey { id } | Action::EndToken { id } if is_done => {
                end(of.credentials.get_mut(id).unwrap(), *answered_at);
            }
            Action::Close if is_done => {
                of.closed_at = Some(*answered_at);
                self.lived.closed += 1;
            }
            Action::Resend { .. } => of.resends += u64::from(is_done),
            Action::Erase { event } if is_done => {
                assert_eq!(answer.json()["data"], Value::Null);
                of.erased.insert(event.clone());
            }
            Action::Advance { event, id } => {
                of.advanced.insert((event.clone(), id.clone()));
            }
            Action::Recover { .. } => {
                of.recovered += answer.json()["count"].as_u64().unwrap_or(0);
                of.has_recovered = true;
            }
            _ => {}
        }
    }

    /// Holds the answer to what a customer asked for against what it knew before and knows now.
    pub(crate) fn judge(&mut self, done: &Done, before: &[String], was_alone: bool) {
        let Done { customer, action, answer, .. } = done;
        if let Some(by) = &done.by {
            return self.judge_use(*customer, by, done);
        }
        let allowed = allows(&self.types, action);
        let was_allowed = self.allowed_lately(action, done.sent_at);
        let of = &mut self.customers[*customer];
        if !of.is_open() {
            return;
        }
        let told = answer.json();
        match action {
            Action::Post { .. } if allowed || was_allowed && answer.status == 202 => {
                assert_eq!(answer.status, 202, "{told}");
                let now = of.current();
                let certain = before.iter().filter(|id| now.contains(id)).cloned().collect();
                let other = of.events.insert(answer.text("/id"), certain);
                assert!(other.is_none(), "an event is accepted twice: {told}");
                self.lived.events += 1;
            }
            Action::PostBatch { amounts, .. } if allowed || was_allowed && answer.status == 202 => {
                assert_eq!(answer.status, 202, "{told}");
                let now = of.current();
                let certain: Vec<_> =
                    before.iter().filter(|id| now.contains(id)).cloned().collect();
                for place in 0..amounts.len() {
                    let id = answer.text(&format!("/data/{place}/id"));
                    let other = of.events.insert(id, certain.clone());
                    assert!(other.is_none(), "an event is accepted twice: {told}");
                    self.lived.events += 1;
                }
            }
            Action::Post { .. } | Action::PostBatch { .. } => {
                assert_eq!(answer.status, 422, "{told}");
                self.lived.refused += 1;
            }
            Action::CreateWebhook { url } if was_alone && before.len() < QUOTA => {
                let is_taken = before.iter().any(|id| of.webhooks[id].url == *url);
                assert_eq!(answer.status, if is_taken { 409 } else { 201 }, "{told}");
            }
            Action::Describe { id } | Action::Switch { id } | Action::Rotate { id }
                if !of.webhooks[id].is_deleted =>
            {
                assert_eq!(answer.status, 200, "{action:?}: {told}");
            }
            Action::Use { id } => self.judge_use(*customer, id, done),
            _ => {}
        }
    }

    /// Asserts that a key, session or token is good until its end, and for nothing after it.
    fn judge_use(&mut self, customer: usize, id: &str, done: &Done) {
        let credential = &self.customers[customer].credentials[id];
        let (status, told) = (done.answer.status, done.answer.json());
        let late = self.lateness(credential);
        let is_ended = credential.ends_at.is_some_and(|at| at.plus(late) < done.sent_at);
        let is_asked = matches!(done.action, Action::Use { .. });
        if !self.customers[customer].is_open() {
            return;
        }
        if is_ended {
            assert_eq!(status, 401, "used after its end: {told}");
            self.lived.refused += 1;
        } else if is_asked && credential.ends_at.is_none_or(|at| at > done.answered_at) {
            assert!(matches!(status, 200 | 429), "refused before its end: {told}");
        }
    }

    /// Returns whether a process of several may still remember event types that allow `action`.
    fn allowed_lately(&self, action: &Action, sent_at: Timestamp) -> bool {
        let since = sent_at.minus(self.slack());
        let mut lately = self.earlier_types.iter().filter(|(_, until)| *until >= since);
        self.is_shared && lately.any(|(types, _)| allows(types, action))
    }
}

/// Type of every event that is posted.
pub(crate) const TYPE: &str = "report.completed";

/// Returns whether the events of `action` are of a registered type and keep to its schema.
fn allows(types: &Types, action: &Action) -> bool {
    let amounts = match action {
        Action::Post { amount } => std::slice::from_ref(amount),
        Action::PostBatch { amounts, .. } => amounts,
        _ => return true,
    };
    let may = |most: &u64| amounts.iter().all(|amount| amount <= most);
    types.is_empty() || types.get(TYPE).is_some_and(may)
}

fn event(amount: u64) -> Value {
    let object = json!({ "id": "rep_1", "object": "report", "amount": amount });
    json!({ "type": TYPE, "environment": "test", "data": { "object": object } })
}

fn signing(answer: &Answer, round: u32, from: Timestamp) -> Signing {
    Signing { secret: answer.text("/signing_secret"), round, from, until: Timestamp::MAX }
}

/// Returns whether a rotation was done, as its repeat says, and its secret destroyed before it was told.
fn is_replaced(answer: &Answer) -> bool {
    answer.status == 200 && answer.json()["signing_secret"].is_null()
}

fn end(credential: &mut Credential, at: Timestamp) {
    credential.ends_at = Some(credential.ends_at.map_or(at, |ends_at| ends_at.min(at)));
}
