//! Steps of a run by their time, and the batches that are worked on.

use super::{Progress, Step};
use crate::{Millis, load::Receiver, queue::Message};

/// Milliseconds that steps are kept for: more than a silent receiver or an asking sender takes.
const AHEAD: usize = 1 << 16;

/// Steps that are to come.
pub(super) struct Steps {
    ring: Vec<Vec<Step>>,
    batches: Vec<Option<Batch>>,
    free: Vec<u32>,
}

/// Batch of messages that a function works on.
pub(super) struct Batch {
    pub(super) queue: usize,
    pub(super) process: u32,
    pub(super) received: Millis,
    pub(super) open: usize,
    pub(super) done: Vec<Message>,
    pub(super) failed: Vec<Message>,
}

/// Attempt for a message of a batch.
pub(super) struct Attempt {
    pub(super) batch: u32,
    pub(super) message: Message,
    pub(super) reads: Progress,
    pub(super) writes: Progress,
    /// Time of the request and how it went, once it was made.
    pub(super) sent: Option<(Millis, Receiver)>,
}

impl Steps {
    pub(super) fn new() -> Self {
        let ring = std::iter::repeat_with(Vec::new).take(AHEAD).collect();
        Self { ring, batches: Vec::new(), free: Vec::new() }
    }

    pub(super) fn add(&mut self, at: Millis, step: Step) {
        let place = usize::try_from(at).unwrap_or(0) % AHEAD;
        self.ring[place].push(step);
    }

    /// Takes the steps of a millisecond.
    pub(super) fn at(&mut self, now: Millis) -> Vec<Step> {
        let place = usize::try_from(now).unwrap_or(0) % AHEAD;
        std::mem::take(&mut self.ring[place])
    }

    pub(super) fn begin(&mut self, batch: Batch) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.batches.push(None);
            u32::try_from(self.batches.len() - 1).unwrap_or(u32::MAX)
        });
        self.batches[place as usize] = Some(batch);
        place
    }

    pub(super) fn batch(&mut self, place: u32) -> Option<&mut Batch> {
        self.batches.get_mut(place as usize)?.as_mut()
    }

    pub(super) fn end(&mut self, place: u32) -> Option<Batch> {
        self.free.push(place);
        self.batches.get_mut(place as usize)?.take()
    }
}
