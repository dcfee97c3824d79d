//! Run: a load on a stack, millisecond by millisecond.

mod attempts;
mod pauses;
mod steps;

use std::collections::HashMap;

use self::steps::{Attempt, Batch, Steps};
use crate::{
    Figures, Load, MINUTE, Millis, SECOND, Stack,
    chance::{Chance, mix},
    charges::{Charge, Charges},
    dynamo::{Dynamo, Throttled},
    load::WEBHOOKS,
    queue::{Message, Queue},
    template::Template,
};

/// Time that a call of DynamoDB takes.
const CALL: Millis = 5;
/// Time for which an answered sender waits before it asks again, first; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Millis = SECOND;
const LONGEST_WAIT: Millis = 30 * SECOND;
/// Number of times that a sender asks.
const ASKS: u8 = 8;

/// Queue of first attempts, of retries, and of messages that wait for a hop.
const FIRST: usize = 0;
const RETRY: usize = 1;
const HOP: usize = 2;

/// Run of a load on a stack.
pub struct Run {
    load: Load,
    template: Template,
    charges: Charges,
    dynamo: Dynamo,
    queues: [Queue; 3],
    steps: Steps,
    chance: Chance,
    figures: Figures,
    throttled: HashMap<(Option<u64>, u8), (String, u64)>,
    seen: pauses::Seen,
    now: Millis,
    events: u64,
}

/// Thing that happens at a time.
enum Step {
    /// A sender asks, or the product tries a call again.
    Accept(Accepting),
    /// An attempt's calls, before or after its request.
    Attempt(Box<Attempt>),
    /// The function answers for a batch.
    Answer(u32),
    /// A batch has been passed on.
    Relayed(u32, Vec<Message>),
}

/// Event that is being accepted.
#[derive(Clone, Copy)]
struct Accepting {
    id: u64,
    account: u32,
    reads: Progress,
    writes: Progress,
    asks: u8,
}

/// Progress of the items of an operation.
#[derive(Clone, Copy, Default)]
struct Progress {
    /// Items that are done, by bit.
    done: u32,
    tries: u8,
    is_done: bool,
}

impl Run {
    /// Creates the run of a load on a stack.
    #[must_use]
    pub fn new(load: Load, stack: Stack) -> Self {
        let (template, charges) = (Template::read(), Charges::of_the_ledger());
        let dynamo = Dynamo::new(charges.tables.len(), stack.table_quota, stack.grown_to);
        let queue = |settings, at_once| Queue::new(settings, at_once, stack.is_warm, load.accounts);
        let queues = [
            queue(template.first, stack.first),
            queue(template.retry, stack.retry),
            queue(template.hop, 2),
        ];
        Self {
            load,
            template,
            charges,
            dynamo,
            queues,
            steps: Steps::new(),
            chance: Chance::seeded(1),
            figures: Figures::default(),
            throttled: HashMap::new(),
            seen: pauses::Seen::new(),
            now: 0,
            events: 0,
        }
    }

    /// Carries it out.
    #[must_use]
    pub fn figures(mut self) -> Figures {
        let end = self.load.lasts + self.load.goes_on;
        while self.now < end {
            if self.now < self.load.lasts {
                self.events_come();
            }
            for step in self.steps.at(self.now) {
                self.go_on(step);
            }
            if self.now.is_multiple_of(SECOND) {
                for queue in &mut self.queues {
                    queue.end_second(self.now);
                }
            }
            if self.now.is_multiple_of(MINUTE) && self.now > 0 {
                self.dynamo.end_minute();
            }
            self.receive();
            self.now += 1;
        }
        for (what, times) in self.throttled.into_values() {
            *self.figures.throttled.entry(what).or_default() += times;
        }
        for queue in &self.queues {
            self.figures.in_flight = self.figures.in_flight.max(queue.most_in_flight);
            self.figures.held_back += queue.held_back;
        }
        self.figures
    }

    fn events_come(&mut self) {
        for _ in 0..self.chance.comers(self.load.largest / 1000.0) {
            self.comes(0);
        }
        for _ in 0..self.chance.comers(self.load.others / 1000.0) {
            let others = u64::from(self.load.accounts.saturating_sub(1).max(1));
            let account = 1 + self.chance.below(others);
            self.comes(u32::try_from(account).unwrap_or(1).min(self.load.accounts - 1));
        }
    }

    fn comes(&mut self, account: u32) {
        self.events += 1;
        let (reads, writes) = (Progress::default(), Progress::default());
        self.accept(Accepting { id: mix(self.events), account, reads, writes, asks: 1 });
    }

    fn go_on(&mut self, step: Step) {
        match step {
            Step::Accept(accepting) => self.accept(accepting),
            Step::Attempt(attempt) => self.attempt(attempt),
            Step::Answer(batch) => self.answer(batch),
            Step::Relayed(process, messages) => {
                for message in &messages {
                    self.send(*message);
                }
                let done = messages.into_iter();
                self.queues[HOP].end(process, done, std::iter::empty(), self.now);
            }
        }
    }

    /// Accepts an event, as far as its calls are not throttled: 202, 503 after the last try.
    fn accept(&mut self, mut event: Accepting) {
        let Accepting { id, account, .. } = event;
        for is_read in [true, false] {
            let progress = if is_read { &mut event.reads } else { &mut event.writes };
            if progress.is_done {
                continue;
            }
            let accept = self.charges.accept.iter();
            let charges = accept.filter(|charge| (charge.reads > 0.0) == is_read);
            let mut counter =
                Counter { figures: &mut self.figures, throttled: &mut self.throttled };
            counter.take(&mut self.dynamo, charges, progress, (account, 0, id), self.now);
            if !progress.is_done {
                let pause = pauses::pause(progress.tries, is_read, &mut self.chance);
                progress.tries += 1;
                return match pause {
                    Some(pause) => self.steps.add(self.now + CALL + pause, Step::Accept(event)),
                    None => self.refuse(event),
                };
            }
        }
        self.figures.accepted += 1;
        for webhook in 0..WEBHOOKS {
            let id = mix(id ^ (u64::from(webhook) + 1));
            let (slot, made, now) = (0, false, self.now);
            let message = Message { id, account, webhook, slot, made, first: now, due: now };
            self.queues[FIRST].send(message, now, 0);
        }
    }

    fn refuse(&mut self, event: Accepting) {
        self.figures.refused += 1;
        if event.asks == ASKS {
            self.figures.given_up += 1;
            return;
        }
        let wait = (FIRST_WAIT << (event.asks - 1)).min(LONGEST_WAIT);
        let jitter = self.chance.below(wait / 2);
        let (reads, writes) = (Progress::default(), Progress::default());
        let again = Accepting { reads, writes, asks: event.asks + 1, ..event };
        self.steps.add(self.now + wait + jitter, Step::Accept(again));
    }

    /// Sends the message of a retry to the queue in which it waits.
    fn send(&mut self, message: Message) {
        let wait = message.due.saturating_sub(self.now);
        let limit = self.template.hop_limit;
        if wait <= limit {
            self.queues[RETRY].send(message, self.now, wait.next_multiple_of(SECOND));
        } else {
            let spare = pauses::IN_TIME.min(limit / 2);
            let delay = limit.min((wait - spare).next_multiple_of(SECOND));
            self.queues[HOP].send(message, self.now, delay);
        }
    }

    /// Has functions take what waits.
    fn receive(&mut self) {
        for queue in [FIRST, RETRY] {
            while let Some((process, messages)) = self.queues[queue].receive(self.now) {
                self.begin(queue, process, messages);
            }
        }
        while let Some((process, messages)) = self.queues[HOP].receive(self.now) {
            let takes = pauses::relay(messages.len());
            self.steps.add(self.now + takes, Step::Relayed(process, messages));
        }
    }
}

/// Counter of items and of what throttled them.
struct Counter<'a> {
    figures: &'a mut Figures,
    throttled: &'a mut HashMap<(Option<u64>, u8), (String, u64)>,
}

impl Counter<'_> {
    /// Takes the units of those of `charges` that are not done yet.
    fn take<'c>(
        &mut self,
        dynamo: &mut Dynamo,
        charges: impl Iterator<Item = &'c Charge>,
        progress: &mut Progress,
        (account, webhook, id): (u32, u8, u64),
        now: Millis,
    ) {
        progress.is_done = true;
        for (place, charge) in charges.enumerate() {
            if progress.done & (1 << place) != 0 {
                continue;
            }
            self.figures.items += 1;
            match dynamo.take(charge, charge.key(account, webhook, id), now) {
                Ok(()) => progress.done |= 1 << place,
                Err(why) => {
                    progress.is_done = false;
                    self.count(charge, why);
                }
            }
        }
    }

    fn count(&mut self, charge: &Charge, why: Throttled) {
        let (key, what): (_, fn(&Charge) -> String) = match why {
            Throttled::Quota => ((None, 0), |_| "the table's quota".to_owned()),
            Throttled::Growth => ((None, 1), |_| "the table's growth".to_owned()),
            Throttled::Partition => ((Some(charge.shape), 2), |charge| charge.label.clone()),
        };
        self.throttled.entry(key).or_insert_with(|| (what(charge), 0)).1 += 1;
    }
}
