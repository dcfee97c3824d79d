//! Deliveries driven by workers in any circumstances: messages that arrive twice, workers that die,
//! attempts that overlap, resends, recoveries, and a webhook that is disabled and enabled.

use std::{collections::BTreeMap, time::Duration};

use latchhook_domain::{
    Timestamp,
    delivery::{
        Consequence, Delivery, Made, NextAttempt, Schedule, Standing, Status, Task, Trigger,
    },
    id::{LogId, MessageId, Ulid},
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{delivery::scheduled, specification::minute};

/// Step of a scenario.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A worker receives a message, attempts and records, with no other worker in between.
    Attempt(Index, Answer, Ending),
    /// A worker receives a message and begins the attempt.
    Begin(Index),
    /// A worker's attempt ends.
    Finish(Index, Answer, Ending),
    /// The queue hands a message out twice.
    Duplicate(Index),
    /// Somebody asks for one extra attempt.
    Resend,
    /// Somebody asks for another run.
    Recover,
    /// Somebody asks for the next attempt ahead of its time.
    Advance,
    /// The webhook is disabled.
    Disable,
    /// The webhook is enabled.
    Enable,
    /// Nothing runs for this many seconds.
    Wait(u64),
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    status: Option<u16>,
    took: Duration,
    retry_after: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    Acknowledged,
    /// The acknowledgement takes away what the queue has handed out twice as well.
    AcknowledgedForAll,
    DiedBeforeRecording,
    DiedBeforeQueueing,
}

#[derive(Clone, Copy, Debug)]
struct Queued {
    id: MessageId,
    task: Task,
    due: Timestamp,
}

/// One delivery and everything around it.
struct World {
    schedule: Schedule,
    delivery: Delivery,
    generation: u32,
    enabled: bool,
    queue: Vec<Queued>,
    running: Vec<(Queued, Timestamp)>,
    now: Timestamp,
    ids: u128,
    /// Number of scheduled attempts that counted, by run.
    counted: BTreeMap<u32, usize>,
}

impl World {
    fn new(schedule: Schedule) -> Self {
        let mut world = Self {
            schedule,
            delivery: Delivery::accepted(0),
            generation: 0,
            enabled: true,
            queue: vec![],
            running: vec![],
            now: minute(0),
            ids: 0,
            counted: BTreeMap::new(),
        };
        world.enqueue(scheduled(0));
        world
    }

    fn webhook(&self) -> Standing {
        if self.enabled { Standing::Open { generation: self.generation } } else { Standing::Closed }
    }

    fn standing(&self) -> Status {
        self.delivery.standing(self.webhook())
    }

    fn fresh(&mut self) -> Ulid {
        self.ids += 1;
        Ulid::from(self.ids)
    }

    fn enqueue(&mut self, task: Task) {
        let id = MessageId(self.fresh());
        self.queue.push(Queued { id, task, due: self.now });
    }

    fn follow(&mut self, NextAttempt { slot, due, message }: NextAttempt, task: Task) {
        self.queue.push(Queued { id: message, task: Task { slot, ..task }, due });
    }

    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Attempt(which, answer, ending) => {
                if let Some(begun) = self.begin(which) {
                    self.finish(begun, answer, ending)?;
                }
            }
            Step::Begin(which) => {
                let begun = self.begin(which);
                self.running.extend(begun);
            }
            Step::Finish(..) if self.running.is_empty() => {}
            Step::Finish(which, answer, ending) => {
                let begun = self.running.swap_remove(which.index(self.running.len()));
                self.finish(begun, answer, ending)?;
            }
            Step::Duplicate(_) if self.queue.is_empty() => {}
            Step::Duplicate(which) => self.queue.push(*which.get(&self.queue)),
            Step::Resend => {
                self.enqueue(Task { trigger: Trigger::Resend, ..scheduled(0) });
            }
            Step::Recover => self.recover(),
            Step::Advance => self.advance(),
            Step::Disable => self.disable(),
            Step::Enable => self.enabled = true,
            Step::Wait(seconds) => self.now = self.now.plus(Duration::from_secs(seconds)),
        }
        Ok(())
    }

    fn recover(&mut self) {
        let undelivered = matches!(self.standing(), Status::Exhausted | Status::Cancelled);
        if self.enabled && undelivered {
            self.delivery = self.delivery.clone().recovered(self.generation);
            let run = self.delivery.run;
            self.enqueue(Task { run, trigger: Trigger::Recover, ..scheduled(0) });
        }
    }

    fn advance(&mut self) {
        let message = MessageId(self.fresh());
        let advanced = self.delivery.clone().advanced(self.webhook(), self.now, message);
        let Ok(Some(advanced)) = advanced else { return };
        // Its attempts are those of the same schedule.
        let so_far = self.counted.get(&self.delivery.run).copied().unwrap_or_default();
        self.counted.insert(advanced.run, so_far);
        let task = Task { run: advanced.run, ..scheduled(0) };
        self.follow(advanced.next.unwrap(), task);
        self.delivery = advanced;
    }

    fn disable(&mut self) {
        if self.enabled {
            self.enabled = false;
            self.generation += 1;
        }
    }

    fn begin(&mut self, which: Index) -> Option<(Queued, Timestamp)> {
        if self.queue.is_empty() {
            return None;
        }
        let message = self.queue.swap_remove(which.index(self.queue.len()));
        self.receive(message)
    }

    /// Does a worker's part before an attempt, with one message.
    fn receive(&mut self, message: Queued) -> Option<(Queued, Timestamp)> {
        self.now = self.now.max(message.due);
        if self.delivery.wants(&message.task, self.webhook()) {
            return Some((message, self.now));
        }
        self.follow_unsent(message);
        None
    }

    /// Queues what the worker of another attempt by `message` may have failed to queue.
    fn follow_unsent(&mut self, message: Queued) {
        if let Some(next) = self.delivery.unsent_after(message.id) {
            let again = MessageId(self.fresh());
            self.follow(NextAttempt { message: again, ..next }, message.task);
        }
    }

    /// Does a worker's part after an attempt, and checks its result.
    fn finish(
        &mut self,
        (message, began): (Queued, Timestamp),
        answer: Answer,
        ending: Ending,
    ) -> Result<(), TestCaseError> {
        self.now = self.now.max(began.plus(answer.took));
        if ending == Ending::DiedBeforeRecording {
            self.queue.push(message);
            return Ok(());
        }
        let before = self.delivery.clone();
        let made = self.made(message, began, answer);
        let attempted = before.clone().attempted(&made, &self.schedule, self.webhook());
        self.count(&before, &made)?;
        self.delivery = attempted.delivery;
        if attempted.consequence == Consequence::WebhookGone {
            self.disable();
        }
        match attempted.next {
            _ if ending == Ending::DiedBeforeQueueing => self.queue.push(message),
            Some(next) => self.follow(next, message.task),
            None => self.follow_unsent(message),
        }
        if ending == Ending::AcknowledgedForAll {
            self.queue.retain(|other| other.id != message.id);
        }
        self.check(&before, &made, attempted.next)
    }

    fn made(&mut self, message: Queued, began: Timestamp, answer: Answer) -> Made {
        Made {
            message: message.id,
            task: message.task,
            began,
            ended: began.plus(answer.took),
            response_status: answer.status,
            is_final: false,
            retry_after: answer.retry_after,
            log: LogId(self.fresh()),
            next_message: MessageId(self.fresh()),
        }
    }

    /// Counts an attempt. One still wanted when it is recorded counts against the schedule; one
    /// that another overtook meanwhile does not.
    fn count(&mut self, before: &Delivery, made: &Made) -> Result<(), TestCaseError> {
        let counts = made.task.trigger != Trigger::Resend;
        if counts && before.wants(&made.task, self.webhook()) {
            let count = self.counted.entry(made.task.run).or_default();
            *count += 1;
            prop_assert!(*count <= self.schedule.attempts(), "more attempts than the schedule has");
        }
        Ok(())
    }

    fn check(
        &self,
        before: &Delivery,
        made: &Made,
        next: Option<NextAttempt>,
    ) -> Result<(), TestCaseError> {
        let after = &self.delivery;
        if before.status == Status::Delivered {
            prop_assert_eq!(after.status, Status::Delivered, "delivered is for good");
        }
        if !self.standing().is_open() {
            let task = |slot| Task { run: after.run, ..scheduled(slot) };
            let wanted = [0, made.task.slot, made.task.slot + 1, u16::MAX]
                .into_iter()
                .any(|slot| after.wants(&task(slot), self.webhook()));
            prop_assert!(!wanted, "settled it wants nothing more");
        }
        if let Some(next) = next {
            prop_assert_eq!((after.status, after.next), (Status::Retrying, Some(next)));
            prop_assert_eq!(after.unsent_after(made.message), Some(next));
            prop_assert_eq!(after.unsent_after(next.message), None);
            self.check_due(made, next)?;
        }
        Ok(())
    }

    fn check_due(&self, made: &Made, next: NextAttempt) -> Result<(), TestCaseError> {
        let first = self.delivery.first_attempt_at.unwrap();
        let due = |slot| self.schedule.due(first, slot);
        prop_assert!(next.slot > made.task.slot && next.due > made.began);
        let may_wait = matches!(made.response_status, Some(429 | 503));
        match made.retry_after.filter(|_| may_wait).map(|after| made.ended.plus(after)) {
            None => prop_assert_eq!(due(next.slot), Some(next.due)),
            Some(asked) => {
                let last = due(u16::try_from(self.schedule.attempts() - 1).unwrap()).unwrap();
                prop_assert!(next.due >= asked.min(last) && next.due <= last);
                prop_assert!(due(next.slot) <= Some(next.due), "a slot that has come");
            }
        }
        Ok(())
    }

    /// Lets every worker finish and handles every message, in the order of their due times.
    fn drain(&mut self) -> Result<(), TestCaseError> {
        let failed = Answer { status: Some(500), took: Duration::ZERO, retry_after: None };
        for begun in std::mem::take(&mut self.running) {
            self.finish(begun, failed, Ending::Acknowledged)?;
        }
        loop {
            self.queue.sort_by_key(|message| std::cmp::Reverse(message.due));
            let Some(message) = self.queue.pop() else { break };
            if let Some(begun) = self.receive(message) {
                self.finish(begun, failed, Ending::Acknowledged)?;
            }
        }
        Ok(())
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    let status = prop_oneof![
        6 => Just(Some(500)),
        2 => Just(None),
        2 => Just(Some(503)),
        1 => Just(Some(200)),
        1 => Just(Some(410)),
    ];
    let retry_after = prop::option::weighted(0.3, (0..300u64).prop_map(Duration::from_secs));
    (status, (0..15_000u64).prop_map(Duration::from_millis), retry_after)
        .prop_map(|(status, took, retry_after)| Answer { status, took, retry_after })
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        6 => Just(Ending::Acknowledged),
        2 => Just(Ending::AcknowledgedForAll),
        1 => Just(Ending::DiedBeforeRecording),
        1 => Just(Ending::DiedBeforeQueueing),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (any::<Index>(), answer(), ending()).prop_map(|(w, a, e)| Step::Attempt(w, a, e)),
        3 => any::<Index>().prop_map(Step::Begin),
        3 => (any::<Index>(), answer(), ending()).prop_map(|(w, a, e)| Step::Finish(w, a, e)),
        2 => any::<Index>().prop_map(Step::Duplicate),
        1 => Just(Step::Resend),
        1 => Just(Step::Recover),
        2 => Just(Step::Advance),
        1 => Just(Step::Disable),
        1 => Just(Step::Enable),
        2 => (0..600u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn the_schedule_is_kept_and_no_attempt_is_lost_in_any_history(steps in vec(step(), 0..60)) {
        let mut world = World::new("3x1m,2x5m".parse().unwrap());
        for step in steps {
            world.take(step)?;
        }
        world.drain()?;
        prop_assert!(!world.standing().is_open(), "nothing is left that would make an attempt");
    }
}
