//! Batches of attempts: calls before the request, the request, calls after it, and the answer.

use std::collections::BTreeSet;

use domain::Timestamp;

use super::{
    Attempt, Batch, CALL, Counter, Progress, RETRY, Run, Step,
    pauses::{self},
};
use crate::{Millis, load::Receiver, queue::Message};

/// Time until a function has a message that it could receive.
const HANDED_OVER: Millis = 15;
/// Time that an invocation takes besides its attempts.
const OWN: Millis = 10;
/// Time in which a receiver answers.
const ANSWERS: Millis = 200;

impl Run {
    pub(super) fn begin(&mut self, queue: usize, process: u32, messages: Vec<Message>) {
        let (open, received) = (messages.len(), self.now);
        let (done, failed) = (Vec::with_capacity(open), Vec::new());
        let batch = self.steps.begin(Batch { queue, process, received, open, done, failed });
        for message in messages {
            let (reads, writes) = (Progress::default(), Progress::default());
            let attempt = Attempt { batch, message, reads, writes, sent: None };
            self.steps.add(self.now + HANDED_OVER, Step::Attempt(Box::new(attempt)));
        }
    }

    pub(super) fn attempt(&mut self, mut attempt: Box<Attempt>) {
        match attempt.sent {
            None => {
                if !self.read(&mut attempt) {
                    return self.again_or(attempt, true);
                }
                let takes = self.request(&mut attempt);
                self.steps.add(self.now + CALL + takes, Step::Attempt(attempt));
            }
            Some((began, receiver)) => {
                if !self.write(&mut attempt, receiver) {
                    return self.again_or(attempt, false);
                }
                let message = attempt.message;
                self.recorded(message, began, receiver);
                if let Some(batch) = self.steps.batch(attempt.batch) {
                    batch.done.push(message);
                }
                self.close(attempt.batch);
            }
        }
    }

    /// Reads what an attempt needs.
    fn read(&mut self, attempt: &mut Attempt) -> bool {
        let Message { id, account, webhook, .. } = attempt.message;
        let Some(batch) = self.steps.batch(attempt.batch) else { return true };
        let process = u64::from(batch.process) << 2 | batch.queue as u64;
        let is_first_try = attempt.reads.tries == 0;
        let is_known = is_first_try && self.seen.look(process, account, webhook, self.now);
        let remembered = self.charges.remembered.iter().filter(|_| !is_known);
        let reads = self.charges.success.iter().filter(|charge| charge.reads > 0.0);
        let mut counter = Counter { figures: &mut self.figures, throttled: &mut self.throttled };
        let (charges, whose) = (reads.chain(remembered), (account, webhook, id));
        counter.take(&mut self.dynamo, charges, &mut attempt.reads, whose, self.now);
        attempt.reads.is_done
    }

    /// Sends the request; returns how long it takes.
    fn request(&mut self, attempt: &mut Attempt) -> Millis {
        let message = &mut attempt.message;
        let began = self.now + CALL;
        let receiver = self.load.receiver(message.account, message.webhook, began);
        attempt.sent = Some((began, receiver));
        self.figures.attempts += 1;
        let delay = began - message.due;
        if message.made {
            self.figures.again += 1;
        } else if message.slot > 0 {
            self.figures.retries.enter(delay, began);
        } else if message.account == 0 && self.load.largest > 0.0 {
            self.figures.largest.enter(delay, began);
        } else {
            self.figures.others.enter(delay, began);
        }
        message.made = true;
        if receiver == Receiver::Silent { self.template.time_out } else { ANSWERS }
    }

    /// Writes the outcome of an attempt.
    fn write(&mut self, attempt: &mut Attempt, receiver: Receiver) -> bool {
        let Message { id, account, webhook, slot, .. } = attempt.message;
        let charges = match (receiver, slot) {
            (Receiver::Well, 0) => &self.charges.success,
            (Receiver::Well, _) => &self.charges.success_again,
            (Receiver::Silent, 0) => &self.charges.silence,
            (Receiver::Silent, _) => &self.charges.silence_again,
            (_, 0) => &self.charges.failure,
            (..) => &self.charges.failure_again,
        };
        let writes = charges.iter().filter(|charge| charge.writes > 0.0);
        let mut counter = Counter { figures: &mut self.figures, throttled: &mut self.throttled };
        let whose = (account, webhook, id ^ u64::from(slot));
        counter.take(&mut self.dynamo, writes, &mut attempt.writes, whose, self.now);
        attempt.writes.is_done
    }

    /// Sends the next message of a delivery that failed.
    fn recorded(&mut self, message: Message, began: Millis, receiver: Receiver) {
        if receiver == Receiver::Well {
            return;
        }
        let first = if message.slot == 0 { began } else { message.first };
        let at = |millis| Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        let schedule = &self.template.schedule;
        let next = schedule.next(at(first), message.slot, at(began), Timestamp::EPOCH);
        if let Some(next) = next {
            let due = u64::try_from(next.due.as_millis()).unwrap_or(0);
            let (slot, made) = (next.slot, false);
            self.send(Message { slot, made, first, due, ..message });
        }
    }

    /// Tries throttled calls again, or leaves the message to come back.
    fn again_or(&mut self, mut attempt: Box<Attempt>, is_read: bool) {
        let progress = if is_read { &mut attempt.reads } else { &mut attempt.writes };
        let pause = pauses::pause(progress.tries, is_read, &mut self.chance);
        progress.tries += 1;
        if let Some(pause) = pause {
            return self.steps.add(self.now + CALL + pause, Step::Attempt(attempt));
        }
        self.figures.unread += u64::from(is_read);
        if let Some(batch) = self.steps.batch(attempt.batch) {
            batch.failed.push(attempt.message);
        }
        self.close(attempt.batch);
    }

    fn close(&mut self, place: u32) {
        let Some(batch) = self.steps.batch(place) else { return };
        batch.open -= 1;
        if batch.open == 0 {
            self.steps.add(self.now + OWN, Step::Answer(place));
        }
    }

    /// Writes what a batch counts, and answers for it. Counts that are throttled are with the next batch.
    pub(super) fn answer(&mut self, place: u32) {
        let Some(Batch { queue, process, received, done, failed, .. }) = self.steps.end(place)
        else {
            return;
        };
        let webhooks: BTreeSet<_> = done.iter().map(|one| (one.account, one.webhook)).collect();
        let accounts: BTreeSet<_> = done.iter().map(|one| (one.account, 0)).collect();
        let id = done.first().map_or(0, |message| message.id ^ u64::from(message.slot));
        let mut counter = Counter { figures: &mut self.figures, throttled: &mut self.throttled };
        let counts =
            [(&self.charges.webhook_count, webhooks), (&self.charges.account_count, accounts)];
        for (charges, whose) in counts {
            for (account, webhook) in whose {
                let (mut progress, whose) = (Progress::default(), (account, webhook, id));
                counter.take(&mut self.dynamo, charges.iter(), &mut progress, whose, self.now);
            }
        }
        debug_assert!(queue <= RETRY, "hops are relayed");
        self.queues[queue].end(process, done.into_iter(), failed.into_iter(), received);
    }
}
