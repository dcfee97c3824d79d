//! Callers that repeat what was not answered, with the same idempotency key.

use latchhook_simulation::{Answer, Call, Rates, Ticket, seconds};
use serde_json::Value;

use crate::life::Life;

/// Number of times that a caller repeats an unanswered request: a batch whose events have keys waits two
/// minutes after each try that broke off.
const PATIENCE: u32 = 900;
/// Number of repeats after which a full disk has space again.
const FULL_FOR: u32 = 4;
/// Number of repeats after which `conflict` is believed: it is told of a lost race, of what can't be done
/// at all, and for 45 seconds of a secret whose maker died, and once more if clearing it away fails.
const CONFLICTS: u32 = 100;
/// Codes of answers after which a caller tries again.
const TRY_AGAIN: [&str; 3] = ["unavailable", "conflict", "idempotency_in_progress"];

impl Life {
    /// Makes `calls` at once, and each again until it has a final answer.
    pub(crate) fn insist(&mut self, calls: &[Call]) -> Vec<Answer> {
        let calls: Vec<Call> = calls.iter().map(|call| self.once(call)).collect();
        let mut answers: Vec<Option<Answer>> = vec![None; calls.len()];
        for repeats in 0..PATIENCE {
            if repeats > 0 {
                answers
                    .iter()
                    .filter(|answer| answer.is_none())
                    .for_each(|_| self.simulation.excuse_repeat());
            }
            self.try_each(&calls, &mut answers, repeats >= CONFLICTS);
            if answers.iter().all(Option::is_some) {
                return self.again(&calls, answers.into_iter().flatten().collect());
            }
            if self.is_full && repeats >= FULL_FOR {
                self.is_full = false;
                self.simulation.faults.set_full(false);
            }
            self.simulation.run_for(seconds(1));
        }
        panic!("never answered: {calls:?}, {answers:?}");
    }

    fn once(&mut self, call: &Call) -> Call {
        self.calls += 1;
        call.clone().once(&format!("call-{}", self.calls))
    }

    fn try_each(&mut self, calls: &[Call], answers: &mut [Option<Answer>], believes: bool) {
        let open = (0..calls.len()).filter(|&number| answers[number].is_none());
        let open: Vec<(usize, Ticket)> =
            open.map(|number| (number, self.simulation.send(calls[number].clone()))).collect();
        self.lived.requests += open.len() as u64;
        let tickets: Vec<Ticket> = open.iter().map(|(_, ticket)| ticket.clone()).collect();
        self.simulation.wait(&tickets);
        for (number, ticket) in open {
            answers[number] = ticket.answer().filter(|answer| is_final(answer, believes));
        }
        let of_events = |answer: &&Answer| answer.status == 202;
        let accepted = answers.iter().flatten().find(of_events);
        assert!(!self.is_full || accepted.is_none(), "accepted on a full disk: {accepted:?}");
    }

    /// Now and then repeats a `POST` of the operator that succeeded: it answers the same, and does nothing.
    fn again(&mut self, calls: &[Call], answers: Vec<Answer>) -> Vec<Answer> {
        for (call, answer) in calls.iter().zip(&answers) {
            if !call.is_post_by_the_operator() || answer.status >= 300 || !self.chance.happens(150)
            {
                continue;
            }
            let again = self.calmly(|life| life.repeat(call));
            let told = |answer: &Answer| (answer.status, answer.text("/id"), answer.json());
            let ((status, id, _), before) = (told(&again), told(answer));
            assert_eq!((status, id), (before.0, before.1), "another answer to {call:?}");
        }
        answers
    }

    /// Repeats a call until it has a final answer: of a batch, once its events are in their places.
    fn repeat(&mut self, call: &Call) -> Answer {
        let answer = (0..PATIENCE).find_map(|repeats| {
            if repeats > 0 {
                self.simulation.run_for(seconds(1));
            }
            self.simulation.excuse_repeat();
            let answer = self.simulation.call(call.clone());
            is_final(&answer, true).then_some(answer)
        });
        answer.unwrap_or_else(|| panic!("never answered again: {call:?}"))
    }

    /// Does something without faults and with space on the disk.
    pub(crate) fn calmly<T>(&mut self, something: impl FnOnce(&mut Self) -> T) -> T {
        self.simulation.faults.set(Rates::NONE);
        self.simulation.faults.set_full(false);
        let done = something(self);
        self.simulation.faults.set_full(self.is_full);
        self.simulation.faults.set(self.rates);
        done
    }

    /// Reads every row of a list of a customer.
    pub(crate) fn list(&mut self, customer: usize, path: &str) -> Vec<Value> {
        let id = self.customers[customer].id.clone();
        self.simulation.list(&id, path)
    }
}

fn is_final(answer: &Answer, believes: bool) -> bool {
    let code = answer.text("/code");
    let again = TRY_AGAIN.contains(&code.as_str()) && !(believes && code == "conflict");
    assert!(again || answer.status < 500, "{} {}", answer.status, answer.json());
    !again
}
