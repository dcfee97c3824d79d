//! Model test of the dispatcher: whatever happens, in whatever order, a message is leased at most
//! once at a time, and in the end each was handed out and finished.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use common::{SECOND, message, number, open, small, take_all};
use contracts::ManualClock;
use futures_util::FutureExt as _;
use latchhook_embedded::Embedded;
use ports::{
    Clock as _, Commit, Queue as _, Store as _,
    queue::{Lane, Leased},
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    /// Sends messages to an endpoint, due after a number of seconds.
    Send { webhook: u8, many: u8, after: u8 },
    /// Takes up to `many` messages.
    Take { many: u8 },
    /// Acknowledges a leased message, and sends its retry in the same commit.
    Retry { which: u8, after: u8 },
    /// Acknowledges a leased message.
    Acknowledge { which: u8 },
    /// Releases a leased message.
    Release { which: u8 },
    /// Lets time pass.
    Pass { seconds: u8 },
    /// Opens the directory anew.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4_u8, 1..90_u8, 0..30_u8)
            .prop_map(|(webhook, many, after)| Step::Send { webhook, many, after: after / 2 * 2 }),
        4 => (1..20_u8).prop_map(|many| Step::Take { many }),
        3 => (any::<u8>(), 0..70_u8).prop_map(|(which, after)| Step::Retry { which, after }),
        4 => any::<u8>().prop_map(|which| Step::Acknowledge { which }),
        1 => any::<u8>().prop_map(|which| Step::Release { which }),
        2 => (1..40_u8).prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::Restart),
    ]
}

/// Expected state.
#[derive(Default)]
struct Model {
    sent: u128,
    waiting: BTreeSet<u128>,
    out: BTreeMap<u128, Leased>,
}

impl Model {
    fn send(&mut self, many: u8) -> std::ops::Range<u128> {
        let numbers = self.sent..self.sent + u128::from(many);
        self.sent = numbers.end;
        self.waiting.extend(numbers.clone());
        numbers
    }

    fn take(&mut self, leased: Leased) {
        let number = number(&leased);
        assert!(self.waiting.contains(&number), "{number} was acknowledged");
        assert!(self.out.insert(number, leased).is_none(), "{number} is out twice");
    }

    fn end(&mut self, which: u8) -> Option<Leased> {
        let number = *self.out.keys().nth(usize::from(which) % self.out.len().max(1))?;
        self.out.remove(&number)
    }

    fn acknowledge(&mut self, which: u8) -> Option<Leased> {
        let leased = self.end(which)?;
        self.waiting.remove(&number(&leased));
        Some(leased)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_message_is_handed_out_and_none_twice(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(run(steps));
    }
}

async fn run(steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let mut model = Model::default();
    let mut backend = open(folder.path(), &small(), &clock);
    for step in steps {
        if matches!(step, Step::Restart) {
            drop(backend);
            backend = open(folder.path(), &small(), &clock);
            model.out.clear();
        }
        take_step(&backend, &clock, &mut model, step).await;
    }
    drain(&backend, &clock, &mut model).await;
    assert!(model.waiting.is_empty(), "never handed out: {:?}", model.waiting);
}

async fn take_step(backend: &Embedded, clock: &ManualClock, model: &mut Model, step: Step) {
    match step {
        Step::Send { webhook, many, after } => {
            let due = clock.now().plus(SECOND * after.into());
            let messages: Vec<_> = model
                .send(many)
                .map(|number| message(number, webhook.into(), Lane::First, due))
                .collect();
            backend.send(&messages).await.unwrap();
        }
        Step::Take { many } => {
            for _ in 0..many {
                let Some(leased) = backend.next(Lane::First).now_or_never() else { break };
                model.take(leased);
            }
        }
        Step::Retry { which, after } => {
            let Some(leased) = model.acknowledge(which) else { return };
            let due = clock.now().plus(SECOND * after.into());
            let next = model.send(1).start;
            let next = message(next, leased.message.webhook.0.into(), Lane::First, due);
            let (messages, acknowledge) = (vec![next], vec![leased.receipt]);
            backend.commit(Commit { messages, acknowledge, ..Commit::default() }).await.unwrap();
        }
        Step::Acknowledge { which } => {
            if let Some(leased) = model.acknowledge(which) {
                backend.acknowledge(&leased.receipt).await.unwrap();
            }
        }
        Step::Release { which } => {
            if let Some(leased) = model.end(which) {
                backend.release(&leased.receipt).await.unwrap();
            }
        }
        Step::Pass { seconds } => {
            // Leases may have ended meanwhile; the dispatcher knows which.
            for leased in std::mem::take(&mut model.out).into_values() {
                backend.release(&leased.receipt).await.unwrap();
            }
            clock.advance(SECOND * seconds.into());
        }
        Step::Restart => {}
    }
}

/// Works on everything until no message is left.
async fn drain(backend: &Embedded, clock: &ManualClock, model: &mut Model) {
    let mut idle = 0;
    while idle < 4 {
        for leased in take_all(backend, Lane::First) {
            idle = 0;
            model.take(leased);
        }
        let finished = std::iter::from_fn(|| model.acknowledge(0));
        let acknowledge = finished.map(|leased| leased.receipt).collect();
        backend.commit(Commit { acknowledge, ..Commit::default() }).await.unwrap();
        clock.advance(30 * SECOND);
        idle += 1;
    }
}
