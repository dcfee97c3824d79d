//! Actions of customers: the requests, and what is learnt from their answers.

use domain::Timestamp;
use latchhook_simulation::{Answer, Call, minutes};
use serde_json::{Value, json};

use crate::{
    life::{Life, QUOTA, url},
    world::{Credential, Hook, Signing},
};

/// Action of a customer, by its place among the customers.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Post { amount: u64 },
    CreateWebhook { url: String },
    DeleteWebhook { id: String },
    Describe { id: String },
    Switch { id: String },
    Rotate { id: String },
    Resend { event: String, id: String },
    Recover { id: String },
    CreateKey { ends_at: Option<Timestamp> },
    OpenSession,
    RollKey { id: String },
    ExpireKey { id: String },
    Use { id: String },
    Close,
}

/// Action that was answered.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) customer: usize,
    pub(crate) action: Action,
    /// Key or session that asked; none: the operator.
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
        let events: Vec<String> = of.events.keys().rev().take(3).cloned().collect();
        let is_young = of.credentials.len() < 2 || of.webhooks.is_empty();
        let url = url(&of.name, self.chance.below(3));
        let hook = self.pick(&current);
        let amount = self.chance.number() % 10;
        match (self.chance.below(if is_young { 6 } else { 20 }), hook) {
            (0 | 1 | 6, _) | (_, None) => Action::CreateWebhook { url },
            (2 | 7, _) => Action::CreateKey { ends_at: self.some_end() },
            (3, _) => Action::OpenSession,
            (8, Some(id)) => Action::DeleteWebhook { id },
            (9, Some(id)) => Action::Switch { id },
            (10, Some(id)) => Action::Rotate { id },
            (11, Some(id)) => match self.pick(&events) {
                Some(event) => Action::Resend { event, id },
                None => Action::Describe { id },
            },
            (12, Some(id)) => Action::Recover { id },
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
        let number = self.calls;
        let switched = ["enabled", "disabled"][self.chance.below(2)];
        let since = self.simulation.now().minus(minutes(3000)).to_string();
        let of = &self.customers[customer];
        let webhook = |id: &str| format!("/v1/webhooks/{id}");
        let key = |id: &str, what: &str| format!("/v1/api_keys/{id}/{what}");
        let call = match action {
            Action::Post { amount } => Call::post("/v1/events", &event(*amount)),
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
            Action::Recover { id } => {
                Call::post(&format!("{}/recover", webhook(id)), &json!({ "since": since }))
            }
            Action::CreateKey { ends_at } => {
                let ends_at = ends_at.map(|at| at.to_string());
                let body =
                    json!({ "type": "secret", "environment": "test", "expires_at": ends_at });
                Call::post("/v1/api_keys", &body)
            }
            Action::OpenSession => Call::post("/v1/portal_sessions", &json!({ "expires_in": 300 })),
            Action::RollKey { id } => Call::post(&key(id, "roll"), &json!({})),
            Action::ExpireKey { id } => Call::post(&key(id, "expire"), &json!({})),
            Action::Use { id } => {
                let credential = &of.credentials[id];
                return Call::get("/v1/account").bearer(&credential.text);
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
            Action::Rotate { id } if is_done => {
                let hook = of.webhooks.get_mut(id).unwrap();
                let earlier = hook.secrets.iter_mut().filter(|known| known.round < self.rounds);
                for earlier in earlier {
                    earlier.until = earlier.until.min(answered_at.plus(minutes(1)));
                }
                hook.secrets.push(signing(answer, self.rounds, *sent_at));
            }
            Action::Rotate { id } if is_replaced(answer) => {
                let hook = of.webhooks.get_mut(id).unwrap();
                hook.unseen.push((*sent_at, *answered_at));
            }
            Action::CreateKey { ends_at } if is_done => {
                let text = answer.text("/key");
                let key = Credential { text, is_key: true, ends_at: *ends_at, is_rolled: false };
                of.credentials.insert(answer.text("/id"), key);
            }
            Action::OpenSession if is_done => {
                let ends_at = Some(answer.text("/expires_at").parse().unwrap());
                let text = answer.text("/token");
                let session = Credential { text, is_key: false, ends_at, is_rolled: false };
                of.credentials.insert(answer.text("/id"), session);
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
            Action::ExpireKey { id } if is_done => {
                end(of.credentials.get_mut(id).unwrap(), *answered_at);
            }
            Action::Close if is_done => {
                of.closed_at = Some(*answered_at);
                self.lived.closed += 1;
            }
            Action::Resend { .. } => of.resends += u64::from(is_done),
            Action::Recover { .. } => of.recovered += answer.json()["count"].as_u64().unwrap_or(0),
            _ => {}
        }
    }

    /// Holds the answer to what a customer asked for against what it knew before and knows now.
    pub(crate) fn judge(&mut self, done: &Done, before: &[String], was_alone: bool) {
        let Done { customer, action, answer, .. } = done;
        if let Some(by) = &done.by {
            return self.judge_use(*customer, by, done);
        }
        let allowed = self.allows(action);
        let of = &mut self.customers[*customer];
        if !of.is_open() {
            return;
        }
        let told = answer.json();
        match action {
            Action::Post { .. } if allowed => {
                assert_eq!(answer.status, 202, "{told}");
                let now = of.current();
                let certain = before.iter().filter(|id| now.contains(id)).cloned().collect();
                let other = of.events.insert(answer.text("/id"), certain);
                assert!(other.is_none(), "an event is accepted twice: {told}");
                self.lived.events += 1;
            }
            Action::Post { .. } => {
                assert_eq!(answer.status, 422, "{told}");
                self.lived.refused += 1;
            }
            Action::CreateWebhook { url } if was_alone && before.len() < QUOTA => {
                let is_taken = before.iter().any(|id| of.webhooks[id].url == *url);
                assert_eq!(answer.status, if is_taken { 409 } else { 201 }, "{told}");
            }
            Action::Rotate { .. } if is_replaced(answer) => {}
            Action::Describe { id } | Action::Switch { id } | Action::Rotate { id }
                if !of.webhooks[id].is_deleted =>
            {
                assert_eq!(answer.status, 200, "{told}");
            }
            Action::Use { id } => self.judge_use(*customer, id, done),
            _ => {}
        }
    }

    /// Asserts that a key or session is good until its end, and for nothing after it.
    fn judge_use(&mut self, customer: usize, id: &str, done: &Done) {
        let credential = &self.customers[customer].credentials[id];
        let (status, told) = (done.answer.status, done.answer.json());
        let is_ended = credential.ends_at.is_some_and(|at| at < done.sent_at);
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

    /// Returns whether the event of `action` is of a registered type and keeps to its schema.
    fn allows(&self, action: &Action) -> bool {
        let Action::Post { amount } = action else { return true };
        self.types.is_empty() || self.types.get(TYPE).is_some_and(|most| amount <= most)
    }
}

/// Type of every event that is posted.
pub(crate) const TYPE: &str = "report.completed";

fn event(amount: u64) -> Value {
    let object = json!({ "id": "rep_1", "object": "report", "amount": amount });
    json!({ "type": TYPE, "environment": "test", "data": { "object": object } })
}

fn signing(answer: &Answer, round: u32, from: Timestamp) -> Signing {
    Signing { secret: answer.text("/signing_secret"), round, from, until: Timestamp::MAX }
}

/// Returns whether a rotation was done, as its repeat says, and its secret replaced before it was told.
fn is_replaced(answer: &Answer) -> bool {
    answer.status == 404 && answer.text("/error").contains("does not exist any more")
}

fn end(credential: &mut Credential, at: Timestamp) {
    credential.ends_at = Some(credential.ends_at.map_or(at, |ends_at| ends_at.min(at)));
}
