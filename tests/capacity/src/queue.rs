//! Queues with a limit of messages in flight, which hand out those of quiet accounts first.

use std::collections::{BTreeMap, VecDeque};

use crate::{Millis, SECOND, template::QueueSettings};

/// Messages of a standard queue that may be in flight (SQS Developer Guide, "Standard queues").
const IN_FLIGHT: usize = 120_000;
/// Messages in flight from which on an account can be noisy, and the part of all of them that it has then
/// (SQS Developer Guide, "How Amazon SQS fair queues work").
const NOISY: (usize, usize) = (30, 10);
/// Batches at once with which Lambda begins, and how many more each second (Lambda Developer Guide,
/// "Configuring scaling behavior for SQS event source mappings": 300 a minute).
const BEGINS_WITH: usize = 5;
const MORE_EACH_SECOND: usize = 5;

/// Message that asks for an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) account: u32,
    pub(crate) webhook: u8,
    pub(crate) slot: u16,
    /// True if its attempt was made before, and could not be recorded.
    pub(crate) made: bool,
    /// Time of the delivery's first attempt, once there was one; until then that of its acceptance.
    pub(crate) first: Millis,
    pub(crate) due: Millis,
}

/// Queue and the function that takes its messages.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) settings: QueueSettings,
    visible: VecDeque<(Millis, Message)>,
    /// Messages of noisy accounts that were passed over.
    passed_over: BTreeMap<u32, VecDeque<(Millis, Message)>>,
    /// Messages that become visible at a second: those that are delayed, and those in flight that come back.
    delayed: BTreeMap<u64, Vec<Message>>,
    returning: BTreeMap<u64, Vec<Message>>,
    in_flight: usize,
    by_account: Vec<u32>,
    waiting: usize,
    /// Processes that are free.
    free: Vec<u32>,
    /// Batches at once that Lambda has grown to.
    grown: usize,
    most: usize,
    pub(crate) most_in_flight: usize,
    /// Time for which the limit of messages in flight held back others.
    pub(crate) held_back: Millis,
}

impl Queue {
    pub(crate) fn new(
        settings: QueueSettings,
        at_once: usize,
        is_warm: bool,
        accounts: u32,
    ) -> Self {
        let most = settings.at_once.unwrap_or(at_once);
        let grown = if is_warm { most } else { most.min(BEGINS_WITH) };
        Self {
            settings,
            visible: VecDeque::new(),
            passed_over: BTreeMap::new(),
            delayed: BTreeMap::new(),
            returning: BTreeMap::new(),
            in_flight: 0,
            by_account: vec![0; accounts as usize],
            waiting: 0,
            free: (0..u32::try_from(grown).unwrap_or(u32::MAX)).rev().collect(),
            grown,
            most,
            most_in_flight: 0,
            held_back: 0,
        }
    }

    /// Sends a message, delayed by whole seconds.
    pub(crate) fn send(&mut self, message: Message, now: Millis, delay: Millis) {
        if delay == 0 {
            self.show(message, now);
        } else {
            self.delayed.entry((now + delay).div_ceil(SECOND)).or_default().push(message);
        }
    }

    fn show(&mut self, message: Message, now: Millis) {
        self.waiting += 1;
        self.visible.push_back((now, message));
    }

    /// Ends a second: messages become visible, and Lambda grows while some wait.
    pub(crate) fn end_second(&mut self, now: Millis) {
        let second = now / SECOND;
        for message in take(&mut self.delayed, second) {
            self.show(message, now);
        }
        for message in take(&mut self.returning, second) {
            self.land(message.account);
            self.show(message, now);
        }
        if self.waiting > 0 {
            let more = (self.grown + MORE_EACH_SECOND).min(self.most);
            let added = self.grown..more;
            self.free.extend(added.filter_map(|number| u32::try_from(number).ok()));
            self.grown = more;
        }
        if self.waiting > 0 && self.in_flight >= IN_FLIGHT {
            self.held_back += SECOND;
        }
    }

    /// Hands out a batch to a process, if there is one and it is worth one: a full one, or one that has been
    /// waited for as long as the function gathers messages.
    pub(crate) fn receive(&mut self, now: Millis) -> Option<(u32, Vec<Message>)> {
        let is_full = self.waiting >= self.settings.batch;
        let is_due = || {
            let oldest = self.passed_over.values().filter_map(|queue| queue.front());
            let oldest = oldest.chain(self.visible.front()).map(|(since, _)| *since).min();
            oldest.is_some_and(|since| since + self.settings.window <= now)
        };
        if self.waiting == 0 || self.in_flight >= IN_FLIGHT || !(is_full || is_due()) {
            return None;
        }
        let process = self.free.pop()?;
        let mut batch = Vec::with_capacity(self.settings.batch.min(self.waiting));
        while batch.len() < self.settings.batch {
            let Some(message) = self.next() else { break };
            batch.push(message);
        }
        self.most_in_flight = self.most_in_flight.max(self.in_flight);
        Some((process, batch))
    }

    /// Takes the next message: of quiet accounts before noisy ones, and among those the oldest.
    fn next(&mut self) -> Option<Message> {
        let quiet = self.passed_over.keys().copied().find(|account| !self.is_noisy(*account));
        let message = quiet.and_then(|account| self.take_passed_over(account));
        let message = message.or_else(|| {
            while let Some((since, message)) = self.visible.pop_front() {
                if !self.is_noisy(message.account) {
                    return Some(message);
                }
                let account = message.account;
                self.passed_over.entry(account).or_default().push_back((since, message));
            }
            let account = self.passed_over.keys().next().copied()?;
            self.take_passed_over(account)
        })?;
        self.waiting -= 1;
        self.in_flight += 1;
        self.by_account[message.account as usize] += 1;
        Some(message)
    }

    fn take_passed_over(&mut self, account: u32) -> Option<Message> {
        let queue = self.passed_over.get_mut(&account)?;
        let message = queue.pop_front().map(|(_, message)| message);
        if queue.is_empty() {
            self.passed_over.remove(&account);
        }
        message
    }

    fn is_noisy(&self, account: u32) -> bool {
        let own = self.by_account[account as usize] as usize;
        own >= NOISY.0 && own * NOISY.1 > self.in_flight
    }

    /// Ends a batch that was received at `received`: what was worked on is deleted, and what failed comes back
    /// after its visibility time-out, until when it is in flight.
    pub(crate) fn end(
        &mut self,
        process: u32,
        done: impl Iterator<Item = Message>,
        failed: impl Iterator<Item = Message>,
        received: Millis,
    ) {
        self.free.push(process);
        for message in done {
            self.land(message.account);
        }
        let back = (received + self.settings.visibility).div_ceil(SECOND);
        self.returning.entry(back).or_default().extend(failed);
    }

    fn land(&mut self, account: u32) {
        self.in_flight -= 1;
        self.by_account[account as usize] -= 1;
    }
}

fn take(of: &mut BTreeMap<u64, Vec<Message>>, second: u64) -> Vec<Message> {
    let mut taken = Vec::new();
    while let Some(entry) = of.first_entry().filter(|entry| *entry.key() <= second) {
        taken.append(&mut entry.remove());
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: QueueSettings =
        QueueSettings { visibility: 360 * SECOND, batch: 10, window: 0, at_once: None };

    fn message(account: u32) -> Message {
        Message { id: 1, account, webhook: 0, slot: 0, made: false, first: 0, due: 0 }
    }

    fn accounts(batch: &[Message]) -> Vec<u32> {
        batch.iter().map(|message| message.account).collect()
    }

    #[test]
    fn messages_of_quiet_accounts_come_before_those_of_a_noisy_one() {
        let mut queue = Queue::new(SETTINGS, 100, true, 3);
        for _ in 0..100 {
            queue.send(message(0), 0, 0);
        }
        queue.send(message(1), 0, 0);
        for _ in 0..3 {
            assert_eq!(accounts(&queue.receive(0).unwrap().1), [0; 10]);
        }
        assert_eq!(accounts(&queue.receive(0).unwrap().1), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        queue.send(message(2), 0, 0);
        assert_eq!(accounts(&queue.receive(0).unwrap().1)[..2], [2, 0]);
    }

    #[test]
    fn what_failed_is_in_flight_until_it_comes_back() {
        let mut queue = Queue::new(SETTINGS, 1, true, 1);
        queue.send(message(0), 0, 0);
        let (process, batch) = queue.receive(0).unwrap();
        assert!(queue.receive(0).is_none(), "nothing waits");
        queue.end(process, std::iter::empty(), batch.into_iter(), 0);
        queue.end_second(359 * SECOND);
        assert!(queue.receive(359 * SECOND).is_none());
        queue.end_second(360 * SECOND);
        assert_eq!(queue.receive(360 * SECOND).unwrap().1.len(), 1);
    }

    #[test]
    fn no_more_than_the_limit_are_in_flight() {
        let mut queue = Queue::new(SETTINGS, 20_000, true, 1);
        for _ in 0..130_000 {
            queue.send(message(0), 0, 0);
        }
        let batches = std::iter::from_fn(|| queue.receive(0)).count();
        assert_eq!((batches, queue.most_in_flight), (12_000, 120_000));
        queue.end_second(SECOND);
        assert_eq!(queue.held_back, SECOND);
    }

    #[test]
    fn a_batch_is_gathered_for_the_functions_window_or_until_it_is_full() {
        let mut queue = Queue::new(QueueSettings { window: SECOND, ..SETTINGS }, 5, true, 1);
        queue.send(message(0), 0, 0);
        assert!(queue.receive(999).is_none());
        assert_eq!(queue.receive(1000).unwrap().1.len(), 1);
        for _ in 0..10 {
            queue.send(message(0), 1000, 0);
        }
        assert_eq!(queue.receive(1000).unwrap().1.len(), 10);
    }

    #[test]
    fn lambda_takes_five_batches_at_once_and_five_more_each_second() {
        let mut queue = Queue::new(SETTINGS, 1000, false, 1);
        for _ in 0..500 {
            queue.send(message(0), 0, 0);
        }
        assert_eq!(std::iter::from_fn(|| queue.receive(0)).count(), 5);
        queue.end_second(SECOND);
        assert_eq!(std::iter::from_fn(|| queue.receive(SECOND)).count(), 5);
    }
}
